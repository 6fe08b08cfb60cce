// Every command of package.json that people call with options says what it does, and tells a mistake without a stack.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { scripts } from '../../../package.json';

const ROOT = resolve(__dirname, '../../..');

/** The scripts that are one TypeScript file, run by tsx. Each takes `--help`. */
const commands = Object.entries(scripts).flatMap(([name, script]): [string, string[]][] => {
  const [, line] = /^node --conditions=source --import tsx (\S.*)$/.exec(script) ?? [];
  return line === undefined || line.includes('&&') ? [] : [[name, line.split(' ')]];
});

const run = (line: readonly string[], option: string) =>
  spawnSync(process.execPath, ['--conditions=source', '--import', 'tsx', ...line, option], {
    cwd: ROOT,
    encoding: 'utf8',
  });

test('the benchmarks and the commands for people are among them', () => {
  expect(commands.map(([name]) => name)).toEqual(
    expect.arrayContaining(['gallery', 'logs', 'permissions', 'personalize', 'bench:likes', 'bench:engine']),
  );
});

test.each(commands)('npm run %s -- --help', (_, line) => {
  const { status, stdout, stderr } = run(line, '--help');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.length).toBeGreaterThan(40);
});

test.each(commands)('npm run %s with an unknown option', (_, line) => {
  const { status, stdout, stderr } = run(line, '--nonsense');
  expect(status).toBeGreaterThan(0);
  expect(stdout).toBe('');
  expect(stderr).toContain('--nonsense');
  expect(stderr).not.toContain('node:internal');
});
