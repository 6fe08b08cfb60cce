// npm run bench:crash [rounds] [seed]: kills the local services at random moments and compares what a restart finds.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithOutput, orHelp, wholeNumber } from '@emotion-gallery/local-kit/command-line';

const HELP = `npm run bench:crash [-- ROUNDS [SEED]]

Kills the local services at random moments and compares what a restart finds with what was acknowledged.

  ROUNDS   how often it is killed (default 200)
  SEED     of all that is left to chance (default: another one each time; it is printed)`;

function argumentsOf() {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [rounds = '200', seed = String(Date.now() % 2 ** 31)] = positionals;
  return { rounds: wholeNumber('ROUNDS', rounds), seed: wholeNumber('SEED', seed) };
}

async function main(): Promise<void> {
  const { rounds, seed } = orHelp(HELP, argumentsOf);
  // Loaded only now: help is answered at once.
  const { crashRounds } = await import('../packages/aws-local/test/local/crash/rounds');
  const dir = mkdtempSync(join(tmpdir(), 'aws-crash-'));
  const startedAt = performance.now();
  const report = await crashRounds(dir, rounds, seed);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.log(`seed ${seed}: ${rounds} kills, ${report.acknowledged} acknowledged operations, ${seconds} s`);
  for (const problem of report.problems) console.log(problem);
  rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  if (report.problems.length > 0) process.exit(1);
}

endWithOutput();
main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
