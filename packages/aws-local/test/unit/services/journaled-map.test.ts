// The map on disk: what was committed is there again, what was cut off is not.
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JournaledMap } from '../../../src/services/shared/journaled-map';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  file = join(folder, 'map.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('changes are on disk as soon as they are made, without closing', () => {
  const map = new JournaledMap<number>(file);
  map.put('a', 1);
  map.put('b', 2);
  map.delete('a');
  expect([...new JournaledMap<number>(file).keys()]).toEqual(['b']);
});

test('a commit that was cut off in the middle is as if it never began', () => {
  const map = new JournaledMap<number>(file);
  map.put('a', 1);
  map.close();
  appendFileSync(file, '[["a",2],["b"');
  const again = new JournaledMap<number>(file);
  expect([again.get('a'), again.has('b')]).toEqual([1, false]);
});

test('a damaged line before the end is an error that names the line', () => {
  new JournaledMap<number>(file).put('a', 1);
  appendFileSync(file, 'nonsense\n[["b",2]]\n');
  expect(() => new JournaledMap<number>(file)).toThrow(/damaged in line 2/);
});

test('outdated lines go when there are too many', () => {
  const map = new JournaledMap<number>(file);
  for (let value = 0; value < 5_000; value += 1) map.put('a', value);
  expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThan(4_000);
  expect(new JournaledMap<number>(file).get('a')).toBe(4_999);
});
