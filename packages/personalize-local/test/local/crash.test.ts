// A few rounds of kill -9; `npm run bench:personalize` runs 200.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crashRounds } from './crash-rounds';

it('loses nothing that was acknowledged when it is killed at any moment', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'personalize-crash-'));
  try {
    const report = await crashRounds(dir, 5, 20260101);
    expect(report.problems).toEqual([]);
    expect(report.acknowledged).toBeGreaterThanOrEqual(50);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
