// npm run bench:interrupt: starts of the app that are interrupted at every step of the deployment, or anywhere in a training, and one that
// must go through after.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithOutput, orHelp, wholeNumber } from '@emotion-gallery/local-kit/command-line';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import type { Ready } from '../local/start/ready';
import { hasFailed, type Interruption, interruptStarts } from '../test/local/app/interruptions';
import { startApp } from '../test/local/app/running-app';
import { fill, outcomeOfTrainings, startTraining } from '../test/local/app/trainings';

/** Some trainings of the sample gallery take less, most take longer. */
const LONGEST_AIM_MS = 8_000;

const HELP = `npm run bench:interrupt [-- WHAT [ROUNDS [SEED]]]

Starts that are killed, interrupted and terminated one after the other on one state folder, and one that must go through after.

  WHAT     deployment (default): each a step later than the one before
           training: each after it was asked for another training, anywhere in it; in the end every one must have succeeded, once
  ROUNDS   how often (default 20)
  SEED     of all that is left to chance (default 1)`;

function argumentsOf() {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [what = 'deployment', rounds = '20', seed = '1'] = positionals;
  if (what !== 'deployment' && what !== 'training') throw new Error(`There is no WHAT '${what}'.`);
  return { what, rounds: wholeNumber('ROUNDS', rounds), seed: wholeNumber('SEED', seed) };
}

function tell(interruption: Interruption): void {
  const { signal, step, exit, said } = interruption;
  const isBroken = hasFailed(interruption);
  console.log(`${isBroken ? 'BROKEN' : 'holds '}  ${signal} after '${step}' (exit ${exit})`);
  if (!isBroken) return;
  console.log(said);
  process.exitCode = 1;
}

const readyIn = (stateDir: string) => JSON.parse(readFileSync(join(stateDir, 'ready.json'), 'utf8')) as Ready;

/** Prints what became of the trainings. */
async function judgeTrainings(app: Ready): Promise<void> {
  const { executions, records, versions } = await outcomeOfTrainings(app);
  const isWhole =
    [...executions, ...records].every((outcome) => /^succeeded$/i.test(outcome ?? '')) &&
    versions.flat().every((status) => status === 'ACTIVE');
  console.log(
    `${isWhole ? 'holds ' : 'BROKEN'}  ${executions.length} executions, ${records.length} trainings written down, versions of each solution: ${versions.map(({ length }) => length).join(', ')}`,
  );
  if (isWhole) return;
  console.log(JSON.stringify({ executions, records, versions }));
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { what, rounds, seed } = orHelp(HELP, argumentsOf);
  const stateDir = mkdtempSync(join(tmpdir(), 'bench-interrupt-'));
  const common = { stateDir, rounds, random: seededRandom(seed), onRound: tell };
  try {
    if (what === 'training') {
      const first = await startApp({ stateDir });
      await fill(first);
      await first.kill();
      const onReady = () => startTraining(readyIn(stateDir));
      await interruptStarts({ ...common, withinMs: LONGEST_AIM_MS, onReady });
    } else await interruptStarts(common);
    const app = await startApp({ stateDir });
    console.log(`holds   the start after them was ready in ${app.startSeconds.toFixed(1)} s`);
    if (what === 'training') await judgeTrainings(app);
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
