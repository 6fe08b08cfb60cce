// npm run build: compiles the packages, each into its `dist/`, in the order in which they need each other. Nothing in this
// repository runs from there (the app and the tests run from the sources, by the export condition `source`); it is what
// `npm pack` puts into a package.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The thread that trains starts from one file: it must not depend on where the package lies. */
const WORKER = 'recipes/training/training-worker';

function compile(folder) {
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [compiler, '-p', folder], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** What is no TypeScript is taken as it is: programs that run without us, data. */
function copyTheRest(folder) {
  const isTaken = (file) => !extname(file) || ['.js', '.json'].includes(extname(file));
  cpSync(join(folder, 'src'), join(folder, 'dist'), { recursive: true, filter: isTaken });
}

function bundleWorker(folder) {
  buildSync({
    entryPoints: [join(folder, 'src', `${WORKER}.ts`)],
    outfile: join(folder, 'dist', `${WORKER}.js`),
    allowOverwrite: true,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    conditions: ['source'],
    logLevel: 'error',
  });
}

for (const workspace of workspaces) {
  const folder = join(root, workspace);
  console.log(`building ${workspace}`);
  compile(folder);
  copyTheRest(folder);
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  if (workspace.endsWith('personalize-local')) bundleWorker(folder);
}
