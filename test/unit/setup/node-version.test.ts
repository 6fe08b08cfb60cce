// The set-up's look at the Node that it runs on, before anything is installed.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');

/** A checkout in which everything is installed. */
const folder = mkdtempSync(join(tmpdir(), 'node-version-'));
for (const name of ['scripts', 'node_modules']) mkdirSync(join(folder, name));
for (const name of ['package.json', 'package-lock.json', 'scripts/setup.mjs']) {
  copyFileSync(join(ROOT, name), join(folder, name));
}
writeFileSync(join(folder, 'node_modules/.package-lock.json'), '{}');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the set-up as if Node had another version. */
function setUpOn(version: string) {
  const versions = join(folder, `${version}.cjs`);
  writeFileSync(
    versions,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`,
  );
  const setup = join(folder, 'scripts/setup.mjs');
  return spawnSync(process.execPath, ['--require', versions, setup], { encoding: 'utf8' });
}

test.each(['18.20.8', '20.9.0', '20.14.0', '21.7.3', '22.1.0'])('%s is refused in a sentence', (version) => {
  const { status, stderr } = setUpOn(version);
  expect(status).toBe(1);
  expect(stderr).toBe(
    `setup: Node ^20.15.0 || >=22.2.0 is needed, this is ${version}; see https://nodejs.org\n`,
  );
});

test.each(['20.15.0', '20.20.2', '22.2.0', '23.0.0', '24.0.0'])('%s is good', (version) => {
  expect(setUpOn(version)).toMatchObject({ status: 0, stdout: '', stderr: '' });
});
