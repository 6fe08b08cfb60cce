// npm run bench:full-disk FOLDER [rounds] [seed]: fills the disk while the local services work, and compares what a restart finds.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithOutput, orHelp, wholeNumber } from '@emotion-gallery/local-kit/command-line';

const HELP = `npm run bench:full-disk -- FOLDER [ROUNDS [SEED]]

Fills the disk while the local services work, and compares what a restart finds with what was acknowledged.

  FOLDER   on a small file system of its own, which is filled: mount -t tmpfs -o size=64m tmpfs FOLDER
  ROUNDS   how often it is filled (default 20)
  SEED     of all that is left to chance (default 1)`;

function argumentsOf() {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [folder, rounds = '20', seed = '1'] = positionals;
  if (folder === undefined) throw new Error('FOLDER is missing: the file system that is filled');
  return { folder, rounds: wholeNumber('ROUNDS', rounds), seed: wholeNumber('SEED', seed) };
}

async function main(): Promise<void> {
  const { folder, rounds, seed } = orHelp(HELP, argumentsOf);
  // Loaded only now: help is answered at once.
  const { ballastIn, fullDiskRounds } = await import('../packages/aws-local/test/local/crash/full-disk');
  const dir = mkdtempSync(join(folder, 'aws-full-disk-'));
  try {
    const report = await fullDiskRounds(dir, ballastIn(dir), rounds, seed);
    console.log(
      `${rounds} times full: ${report.acknowledged} acknowledged operations, ${report.refused} refused, ${report.problems.length} lost or invented`,
    );
    for (const problem of report.problems) console.log(problem);
    if (report.problems.length > 0) process.exitCode = 1;
  } finally {
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

endWithOutput();
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
