// Installs what is missing, and says so: the packages of package-lock.json and, with --browser, a Chromium for the tests.
// Plain JavaScript on Node's own modules, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function fail(message) {
  console.error(`setup: ${message}`);
  process.exit(1);
}

function run(command, args, what) {
  console.log(`setup: ${what} (${command} ${args.join(' ')})`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) fail(`${what} failed; run "${command} ${args.join(' ')}" by hand to see why`);
}

/** Whether a version is in a range such as `^20.15.0 || >=22.2.0`: what npm knows, but npm itself only warns. */
function suits(range, version) {
  const [major, minor] = version.split('.').map(Number);
  return range.split('||').some((part) => {
    const [, kind, line, oldest] =
      /^\s*(\^|>=)(\d+)\.(\d+)/.exec(part) ?? fail(`a range of versions expected, got "${range}"`);
    const isInLine = major === Number(line) && minor >= Number(oldest);
    return isInLine || (kind === '>=' && major > Number(line));
  });
}

function packagesAreCurrent() {
  const installed = join(root, 'node_modules/.package-lock.json');
  return (
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
  );
}

function installedBrowser() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const find = process.platform === 'win32' ? 'where' : 'which';
  const found = BROWSERS.find((name) => spawnSync(find, [name]).status === 0);
  if (found) return found;
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return existsSync(mac) ? mac : undefined;
}

function installBrowser() {
  const isRoot = process.getuid?.() === 0;
  if (isRoot && spawnSync('which', ['apt-get']).status === 0) {
    run('apt-get', ['update', '-qq'], 'reading the package lists');
    run('apt-get', ['install', '-y', '-qq', 'chromium'], 'installing Chromium for the browser tests');
    return;
  }
  run('npx', ['playwright-core', 'install', 'chromium'], 'downloading Chromium for the browser tests');
}

const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
if (!suits(engines.node, process.versions.node)) {
  fail(`Node ${engines.node} is needed, this is ${process.versions.node}; see https://nodejs.org`);
}
if (!packagesAreCurrent()) {
  // Not "npm ci": it refuses a lock file that lacks the binaries of other platforms, which not every registry mirror offers.
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund'], 'installing the packages');
}
if (process.argv.includes('--browser') && !installedBrowser()) installBrowser();
