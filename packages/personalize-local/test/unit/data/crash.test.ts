// Killed at any moment and opened again, a dataset group has everything that was acknowledged and nothing half.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openDatasetGroup } from '../../../src/data';

const ROUNDS = 3;
const WORKER = join(__dirname, 'crash-worker.ts');

/** Runs the worker for `ms` after its start, kills it, and returns the lines that it had written. */
async function workAndKill(dir: string, round: number, ms: number): Promise<string[]> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', WORKER, dir, String(round)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  reader.once('line', () => setTimeout(() => child.kill('SIGKILL'), ms));
  reader.on('line', (line) => lines.push(line));
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  return lines;
}

test('after kill -9 every acknowledged event, item and import is there, and events of a call only together', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'personalize-crash-'));
  const acknowledged = new Set<string>();
  let imported = 0;
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const lines = await workAndKill(dir, round, 150 + 170 * round);
      for (const line of lines) acknowledged.add(line);
      imported = Number(lines.findLast((line) => line.startsWith('import '))?.split(' ')[1] ?? imported);
      const data = await openDatasetGroup(dir);
      const counts = new Map<string, number>();
      for (const { itemId } of data.userHistory('u', { limit: 1e9 }).events) {
        counts.set(itemId, (counts.get(itemId) ?? 0) + 1);
      }
      expect([...acknowledged].filter((line) => !holds(line, counts, data))).toEqual([]);
      expect([...counts.values()].every((count) => count === 2)).toBe(true);
      const bulk = data.sizes().INTERACTIONS?.bulk ?? 0;
      // The import after the last acknowledged one may be there as well, wholly.
      const possible = imported === 0 ? [0, 1000] : [imported, 1000 + ((imported + 1) % 5)];
      expect(possible).toContain(bulk);
      await data.close();
    }
    expect(acknowledged.size).toBeGreaterThan(ROUNDS * 5);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

function holds(
  line: string,
  counts: ReadonlyMap<string, number>,
  data: Awaited<ReturnType<typeof openDatasetGroup>>,
): boolean {
  const [kind, name = ''] = line.split(' ');
  if (kind === 'event') return counts.get(name) === 2;
  return kind !== 'item' || data.metadata('ITEMS', name) !== undefined;
}
