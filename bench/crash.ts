// npm run bench:crash [rounds] [seed]: kills the local services at random moments and compares what a restart finds.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithOutput } from '../cli/closed-output';
import { crashRounds } from '../test/local/services/crash/rounds';

async function main(): Promise<void> {
  const [rounds = '100', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
  const dir = mkdtempSync(join(tmpdir(), 'aws-crash-'));
  const startedAt = performance.now();
  const report = await crashRounds(dir, Number(rounds), Number(seed));
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
