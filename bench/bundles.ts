// npm run bench:bundles: size of each function's bundle, made as the stacks make it, and the time that its module takes
// to load in a fresh Node process. Fails when a bundle is over its budget. --json prints the figures as JSON.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { endWithOutput, orHelp } from '@emotion-gallery/local-kit/command-line';
import { bundleFunctions } from '../lib/build-assets';
import { type FunctionName, functionNames } from '../lib/gallery-assets';

interface Figures {
  readonly name: FunctionName;
  readonly bytes: number;
  readonly gzippedBytes: number;
  /** Median of the runs, milliseconds. */
  readonly initMs: number;
  readonly budgetBytes?: number;
}

/** Minified bytes; `like` is the one that visitors wait for. */
const BUDGETS: Partial<Record<FunctionName, number>> = { like: 500 * 1024 };

const RUNS = 7;

const LOAD = `
const startedAt = performance.now();
require(process.argv[1]);
console.log(performance.now() - startedAt);
`;

/** Loads the bundle in a fresh process. A variable that it misses gets a value that does as text and as number. */
function loadOnce(file: string, environment: Record<string, string>): number {
  for (;;) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', '-e', LOAD, file], {
      env: { PATH: process.env.PATH, AWS_REGION: 'eu-west-1', ...environment },
      encoding: 'utf8',
    });
    if (status === 0) return Number(stdout.trim().split('\n').at(-1));
    const missing = /environment variable (\w+) is not set/.exec(stderr)?.[1];
    if (!missing || missing in environment) throw new Error(`${file} does not load:\n${stderr}`);
    environment[missing] = '1';
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function measure(name: FunctionName, folder: string): Figures {
  const file = join(folder, name, 'index.js');
  const code = readFileSync(file);
  const environment: Record<string, string> = {};
  loadOnce(file, environment);
  const runs = Array.from({ length: RUNS }, () => loadOnce(file, environment));
  return {
    name,
    bytes: code.length,
    gzippedBytes: gzipSync(code, { level: 9 }).length,
    initMs: Math.round(median(runs) * 10) / 10,
    ...(BUDGETS[name] && { budgetBytes: BUDGETS[name] }),
  };
}

function print(figures: readonly Figures[]): void {
  const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`.padStart(11);
  console.log(
    `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}; median of ${RUNS} loads\n`,
  );
  console.log(
    `${'function'.padEnd(16)}${'minified'.padStart(11)}${'gzipped'.padStart(11)}${'init'.padStart(11)}`,
  );
  for (const { name, bytes, gzippedBytes, initMs, budgetBytes } of figures) {
    const budget = budgetBytes ? `   budget${kilobytes(budgetBytes)}` : '';
    const init = `${initMs.toFixed(1)} ms`.padStart(11);
    console.log(`${name.padEnd(16)}${kilobytes(bytes)}${kilobytes(gzippedBytes)}${init}${budget}`);
  }
}

const HELP = `npm run bench:bundles [-- --json]

Size of each function's bundle, made as the stacks make it, and the time that its module takes to load in a fresh Node process.
Fails when a bundle is over its budget.

  --json   the figures as JSON`;

endWithOutput();
const { values } = orHelp(HELP, () => parseArgs({ options: { json: { type: 'boolean' } } }));
const folder = mkdtempSync(join(tmpdir(), 'bench-bundles-'));
try {
  bundleFunctions(functionNames, folder);
  const figures = functionNames.map((name) => measure(name, folder));
  if (values.json) console.log(JSON.stringify(figures, null, 2));
  else print(figures);
  const over = figures.filter(({ bytes, budgetBytes = Number.POSITIVE_INFINITY }) => bytes > budgetBytes);
  for (const { name, bytes, budgetBytes } of over) {
    console.error(`${name} is over its budget: ${bytes} bytes, allowed are ${budgetBytes}`);
  }
  process.exitCode = over.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
