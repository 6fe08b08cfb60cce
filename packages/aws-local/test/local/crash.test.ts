// A few rounds of kill -9; `npm run bench:crash` runs many.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crashRounds } from './crash/rounds';

test('the services lose nothing that they acknowledged when they are killed at any moment', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'aws-crash-'));
  try {
    const report = await crashRounds(dir, 4, 20260201);
    expect(report.problems).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(50);
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}, 180_000);
