// Lighthouse's phone on the built pages, the gallery's with forty photos as well, what each transfers, and the size of its JavaScript.
// Exits with 1 when a page misses its goal.

import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { endWithOutput, noOptions } from '@emotion-gallery/local-kit/command-line';
import type { Renditions } from '../lambda/catalog/pictures/renditions';
import { imageOf } from '../lambda/shared/gallery/image';
import { chromiumPath } from '../test/e2e/pages/browser';
import { buildSite, startSite, type TestSite } from '../test/e2e/pages/site';
import { photoMaker } from './photos';

const GOALS = { performance: 97, accessibility: 100, 'best-practices': 100 } as const;
const SCRIPT_LIMIT = 40 * 1024;
/** Of the first view, everything together. */
const TRANSFER_LIMIT = 500_000;
const PHOTOS = 40;
/** So many different ones, each at several addresses: to make one takes seconds. */
const DIFFERENT_PHOTOS = 8;

interface Page {
  readonly path: string;
  /** The name of its script. @default - the page's name */
  readonly script?: string;
  prepare?(site: TestSite): Promise<void>;
}

const PAGES: Readonly<Record<string, Page>> = {
  enabler: { path: '/enabler.html' },
  board: { path: '/board.html' },
  gallery: { path: '/' },
  console: { path: '/console.html' },
  photos: { path: '/', script: 'gallery', prepare: hangPhotos },
};

type Category = keyof typeof GOALS;

interface Result {
  readonly scores: Readonly<Record<Category, number>>;
  /** Largest contentful paint, in milliseconds, on Lighthouse's simulated phone. */
  readonly largestPaint: number;
  /** Bytes of all that was loaded. */
  readonly transferred: number;
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
    transferred: lhr.audits['total-byte-weight']?.numericValue ?? Number.NaN,
    complaints,
  };
}

/** Forty photos of 12 megapixels, as the catalogue shows them, in the place of the drawings. */
async function hangPhotos(site: TestSite): Promise<void> {
  const { cameraPhoto, makeRenditions } = photoMaker();
  const made: Renditions[] = [];
  for (let seed = 0; seed < DIFFERENT_PHOTOS; seed += 1) {
    made.push(await makeRenditions(await cameraPhoto(seed)));
  }
  const images = Array.from({ length: PHOTOS }, (_empty, index) => {
    const { files, contentType: _, ...shown } = made[index % made.length] as Renditions;
    const picture = { folder: `pictures/photo/${index}`, ...shown };
    for (const { name, body } of files) site.files.set(`/${picture.folder}/${name}`, body);
    const itemId = `emotions/calm/${index}.jpg`;
    return imageOf({ itemId, emotion: 'calm', createdAt: '2026-05-01', picture }, false);
  });
  site.api.intercept = ({ path }) =>
    path === '/api/recommendations' ? { status: 200, body: { source: 'newest', images } } : undefined;
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
    console.log(
      'page      performance  accessibility  best practices  largest paint  transferred  script, gzipped',
    );
    for (const [page, { path, script = page, prepare }] of Object.entries(PAGES)) {
      await prepare?.(site);
      const { scores, largestPaint, transferred, complaints } = await measure(site.url + path);
      const size = scriptSize(folder, script);
      const cells = [
        page.padEnd(8),
        String(scores.performance).padStart(12),
        String(scores.accessibility).padStart(13),
        String(scores['best-practices']).padStart(14),
        `${largestPaint} ms`.padStart(13),
        `${(transferred / 1000).toFixed(0)} KB`.padStart(11),
        `${(size / 1024).toFixed(1)} KB`.padStart(15),
      ];
      console.log(cells.join('  '));
      for (const complaint of complaints) console.log(`  ${complaint}`);
      const short = Object.entries(GOALS).some(([category, goal]) => scores[category as Category] < goal);
      missed ||= short || size > SCRIPT_LIMIT || transferred > TRANSFER_LIMIT;
    }
  } finally {
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
  if (missed) process.exitCode = 1;
}

endWithOutput();
noOptions(
  'npm run bench:pages\n\nLighthouse on the built pages, the gallery also with forty photos of 12 megapixels; what each transfers, and the size of its JavaScript. Exits with 1 when a page misses its goal.',
);
void main();
