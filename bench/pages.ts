// Lighthouse on the built pages, and the size of their JavaScript. Exits with 1 when a page misses its goal.

import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { endWithOutput, noOptions } from '@emotion-gallery/local-kit/command-line';
import { chromiumPath } from '../test/e2e/pages/browser';
import { buildSite, startSite } from '../test/e2e/pages/site';

const GOALS = { performance: 95, accessibility: 100, 'best-practices': 95 } as const;
const SCRIPT_LIMIT = 40 * 1024;

const PAGES = {
  enabler: '/enabler.html',
  board: '/board.html',
  gallery: '/',
  console: '/console.html',
} as const;

type Category = keyof typeof GOALS;

interface Result {
  readonly scores: Readonly<Record<Category, number>>;
  /** Largest contentful paint, in milliseconds, on Lighthouse's simulated phone. */
  readonly largestPaint: number;
  /** What cost points. */
  readonly complaints: readonly string[];
}

/** The part of Lighthouse's report that is read here. */
interface Report {
  readonly categories: Readonly<
    Record<
      Category,
      { readonly score: number | null; readonly auditRefs: readonly { readonly id: string }[] }
    >
  >;
  readonly audits: Readonly<
    Record<
      string,
      | { id: string; title: string; score: number | null; displayValue?: string; numericValue?: number }
      | undefined
    >
  >;
}

/** Runs Lighthouse as its own process: it evaluates its functions' source text in the browser, untransformed. */
async function report(url: string): Promise<Report> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      require.resolve('lighthouse/cli/index.js'),
      url,
      '--quiet',
      '--output=json',
      `--only-categories=${Object.keys(GOALS)}`,
      '--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run',
    ],
    { env: { ...process.env, CHROME_PATH: chromiumPath() }, maxBuffer: 64 * 1024 * 1024 },
  );
  return JSON.parse(stdout) as Report;
}

async function measure(url: string): Promise<Result> {
  const categories = Object.keys(GOALS) as Category[];
  const lhr = await report(url);
  const score = (category: Category): number => Math.round((lhr.categories[category].score ?? 0) * 100);
  const complaints = categories
    .filter((category) => score(category) < GOALS[category])
    .flatMap((category) => lhr.categories[category].auditRefs)
    .map(({ id }) => lhr.audits[id])
    .filter((audit) => audit !== undefined && audit.score !== null && audit.score < 0.9)
    .map((audit) => `${audit?.id}: ${audit?.displayValue ?? audit?.title}`);
  return {
    scores: {
      performance: score('performance'),
      accessibility: score('accessibility'),
      'best-practices': score('best-practices'),
    },
    largestPaint: Math.round(lhr.audits['largest-contentful-paint']?.numericValue ?? 0),
    complaints,
  };
}

/** Gzipped bytes of a page's script. */
function scriptSize(folder: string, page: string): number {
  const assets = join(folder, 'assets');
  const script = readdirSync(assets).find((name) => name.startsWith(`${page}-`) && name.endsWith('.js'));
  if (script === undefined) throw new Error(`no script of ${page} in ${assets}`);
  return gzipSync(readFileSync(join(assets, script))).length;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-pages-'));
  buildSite(folder);
  const site = await startSite(folder);
  let missed = false;
  try {
    console.log('page      performance  accessibility  best practices  largest paint  script, gzipped');
    for (const [page, path] of Object.entries(PAGES)) {
      const { scores, largestPaint, complaints } = await measure(site.url + path);
      const size = scriptSize(folder, page);
      const cells = [
        page.padEnd(8),
        String(scores.performance).padStart(12),
        String(scores.accessibility).padStart(13),
        String(scores['best-practices']).padStart(14),
        `${largestPaint} ms`.padStart(13),
        `${(size / 1024).toFixed(1)} KB`.padStart(15),
      ];
      console.log(cells.join('  '));
      for (const complaint of complaints) console.log(`  ${complaint}`);
      const short = Object.entries(GOALS).some(([category, goal]) => scores[category as Category] < goal);
      missed ||= short || size > SCRIPT_LIMIT;
    }
  } finally {
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
  if (missed) process.exitCode = 1;
}

endWithOutput();
noOptions(
  'npm run bench:pages\n\nLighthouse on the built pages, and the size of their JavaScript. Exits with 1 when a page misses its goal.',
);
void main();
