// npm run bench:interrupt: starts of the app that are interrupted at every step of the deployment, and one that must go through after.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithOutput, orHelp, wholeNumber } from '@emotion-gallery/local-kit/command-line';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { interruptStarts } from '../test/local/app/interruptions';
import { startApp } from '../test/local/app/running-app';

const ROUNDS = 20;

const HELP = `npm run bench:interrupt [-- SEED]

${ROUNDS} starts that are killed, interrupted and terminated at every step of the deployment, and one that must go through after.

  SEED   of all that is left to chance (default 1)`;

function seedOf(): number {
  const { positionals } = parseArgs({ allowPositionals: true });
  return wholeNumber('SEED', positionals[0] ?? '1');
}

async function main(): Promise<void> {
  const random = seededRandom(orHelp(HELP, seedOf));
  const stateDir = mkdtempSync(join(tmpdir(), 'bench-interrupt-'));
  try {
    await interruptStarts({
      stateDir,
      rounds: ROUNDS,
      random,
      onRound: ({ signal, step, exit, said }) => {
        const hasFailed = /deployment failed|Error/.test(said);
        console.log(`${hasFailed ? 'BROKEN' : 'holds '}  ${signal} after '${step}' (exit ${exit})`);
        if (!hasFailed) return;
        console.log(said);
        process.exitCode = 1;
      },
    });
    const app = await startApp({ stateDir });
    console.log(`holds   the start after them was ready in ${app.startSeconds.toFixed(1)} s`);
    await app.stop();
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
}

endWithOutput();
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
