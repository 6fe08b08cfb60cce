// The endpoint's log: nothing is lost or reordered by writing lines together, and a full disk does not end the gallery.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFile } from '../../../local/start/log-file';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-file-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('lines come one after the other, each with its time', () => {
  const file = join(folder, 'aws.log');
  const log = new LogFile(file);
  log.write('one');
  log.flush();
  log.write('two');
  log.write('three');
  log.flush();
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => line.split(' ')[1])).toEqual(['one', 'two', 'three']);
  for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /);
});

test('says so when it cannot be written', () => {
  const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const log = new LogFile(join(folder, 'no such folder', 'aws.log'));
  log.write('one');
  log.flush();
  expect(said).toHaveBeenCalledWith(expect.stringContaining('the log cannot be written: Error: ENOENT'));
  said.mockRestore();
});
