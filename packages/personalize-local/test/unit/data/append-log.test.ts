// The log of puts: durable, checksummed, and whole again after a crash at any byte.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppendLog } from '../../../src/data/append-log';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'append-log-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const read = async (path: string): Promise<{ records: string[]; repaired: number }> => {
  const records: string[] = [];
  const log = await AppendLog.open(path, (payload) => records.push(payload.toString()));
  await log.close();
  return { records, repaired: log.repairedBytes };
};

test('what was appended is there after reopening, in order', async () => {
  const path = join(dir, 'log');
  const log = await AppendLog.open(path, () => undefined);
  await Promise.all(Array.from({ length: 500 }, (_, i) => log.append(Buffer.from(`record ${i}`))));
  await log.close();
  expect(await read(path)).toEqual({
    records: Array.from({ length: 500 }, (_, i) => `record ${i}`),
    repaired: 0,
  });
});

test('appends that arrive together share a write, which waits for the disk', async () => {
  const log = await AppendLog.open(join(dir, 'log'), () => undefined);
  const { file } = log as unknown as { file: FileHandle };
  const write = jest.spyOn(file, 'appendFile');
  await Promise.all(Array.from({ length: 200 }, () => log.append(Buffer.from('x'))));
  expect(write.mock.calls.length).toBeLessThanOrEqual(3);
  await log.close();
});

test('cut at every byte of the last records, the log keeps exactly the whole ones and takes new ones', async () => {
  const path = join(dir, 'log');
  const log = await AppendLog.open(path, () => undefined);
  const ends: number[] = [];
  for (const text of ['first', 'the second', 'third']) {
    await log.append(Buffer.from(text));
    ends.push(log.bytes);
  }
  await log.close();
  const whole = readFileSync(path);
  for (let size = 0; size <= whole.length; size++) {
    writeFileSync(path, whole.subarray(0, size));
    const count = ends.filter((end) => end <= size).length;
    const found: string[] = [];
    const cut = await AppendLog.open(path, (payload) => found.push(payload.toString()));
    expect(found).toEqual(['first', 'the second', 'third'].slice(0, count));
    await cut.append(Buffer.from('new'));
    await cut.close();
    expect((await read(path)).records).toEqual([...found, 'new']);
  }
});

test('with any byte of the last record flipped, the records before it stay', async () => {
  const path = join(dir, 'log');
  const log = await AppendLog.open(path, () => undefined);
  await log.append(Buffer.from('good'));
  const start = log.bytes;
  await log.append(Buffer.from('torn write'));
  await log.close();
  const whole = readFileSync(path);
  for (let at = start; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] as number) ^ 0x5a;
    writeFileSync(path, damaged);
    const { records, repaired } = await read(path);
    expect(records).toEqual(['good']);
    expect(repaired).toBe(whole.length - start);
  }
});

test('after a failed write nothing is acknowledged any more', async () => {
  const log = await AppendLog.open(join(dir, 'log'), () => undefined);
  const { file } = log as unknown as { file: FileHandle };
  jest.spyOn(file, 'appendFile').mockRejectedValueOnce(new Error('disk is full'));
  await expect(log.append(Buffer.from('a'))).rejects.toThrow('disk is full');
  await expect(log.append(Buffer.from('b'))).rejects.toThrow('disk is full');
  await log.close();
});

test('a log larger than one read is replayed whole', async () => {
  const path = join(dir, 'log');
  const log = await AppendLog.open(path, () => undefined);
  const big = Buffer.alloc(3 << 20, 7);
  await Promise.all([log.append(big), log.append(big), log.append(Buffer.from('end'))]);
  await log.close();
  const { records } = await read(path);
  expect(records.map((record) => record.length)).toEqual([big.length, big.length, 3]);
});
