// The lock on the state folder.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderInUse, lockFolder } from '../../../local/start/lock';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder that a running process works on is refused, with what to do', () => {
  writeFileSync(join(folder, 'pid'), String(process.ppid));
  expect(() => lockFolder(folder)).toThrow(FolderInUse);
  expect(() => lockFolder(folder)).toThrow('choose another folder with --state');
});

test('the lock of a process that was killed does not count', () => {
  writeFileSync(join(folder, 'pid'), '4194303');
  expect(() => lockFolder(folder)).not.toThrow();
});

test('a folder that was given back is free', () => {
  lockFolder(folder)();
  expect(() => lockFolder(folder)).not.toThrow();
});
