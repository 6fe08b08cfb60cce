// The disk is full while all services work; `npm run bench:full-disk` does it longer, on a disk that really is full.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fullDiskRounds, injected } from './crash/full-disk';

test('a full disk refuses what it cannot keep, loses nothing that was acknowledged, and is no reason not to start', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'aws-full-disk-'));
  try {
    const report = await fullDiskRounds(dir, injected, 2, 20260301);
    expect(report.problems).toEqual([]);
    expect(report.refused).toBeGreaterThan(10);
    expect(report.acknowledged).toBeGreaterThan(50);
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}, 240_000);
