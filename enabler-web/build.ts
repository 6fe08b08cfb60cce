// Builds the pages: bundles scripts and styles with hashed names under assets/, and writes the HTML that loads them.
// Nothing is inline, because the site's content security policy is `default-src 'self'`.

import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { EMOTIONS } from './emotions';
import { drawPicture } from './sample-gallery/generate';

/** The pages; each has `<page>/main.ts` and `styles/<page>.css`. What stands in their heads: */
const HEADS = {
  enabler: {
    title: 'Emotion Gallery: give your likes',
    description:
      'Choose a feeling and like the pictures that speak to you. Forty likes from each of us teach the gallery.',
  },
  board: {
    title: 'Emotion Gallery: board',
    description: 'Join by phone, and watch how near the gallery is to its first model.',
  },
  gallery: {
    title: 'Emotion Gallery',
    description: 'Pictures by mood, recommended from what people like.',
  },
  console: {
    title: 'Emotion Gallery: console',
    description: 'For operators: trainings, their results, what serves and what it costs.',
  },
  'not-found': { title: 'Emotion Gallery: nothing here', description: 'There is nothing at this address.' },
} as const;

const TARGETS = ['chrome120', 'firefox121', 'safari17'];

type PageName = keyof typeof HEADS;

export const PAGES = Object.keys(HEADS) as readonly PageName[];

/** A page's file name: the gallery is the site's root, and the distribution knows the page of what there is not. */
function htmlName(page: PageName): string {
  const names: Partial<Record<PageName, string>> = { gallery: 'index.html', 'not-found': '404.html' };
  return names[page] ?? `${page}.html`;
}

/** Writes content under assets/ with its hash in the name; returns the URL. */
function writeHashed(assets: string, name: string, content: string | Buffer): string {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8);
  const file = `${basename(name, extname(name))}-${hash}${extname(name)}`;
  writeFileSync(join(assets, file), content);
  return `/assets/${file}`;
}

/** The picture on each emotion's card, as URLs by emotion. */
function writeEmblems(assets: string): Record<string, string> {
  return Object.fromEntries(
    EMOTIONS.map((emotion) => [
      emotion,
      writeHashed(assets, `emblem-${emotion}.svg`, drawPicture(emotion, 0)),
    ]),
  );
}

/** Bundles all entry points; returns their URLs by entry point, such as `enabler/main.ts`. */
function bundle(outDir: string, emblems: Record<string, string>): Map<string, string> {
  const { metafile } = buildSync({
    absWorkingDir: __dirname,
    entryPoints: PAGES.flatMap((page) => [
      { in: `${page}/main.ts`, out: `assets/${page}` },
      { in: `styles/${page}.css`, out: `assets/${page}` },
    ]),
    outdir: outDir,
    entryNames: '[dir]/[name]-[hash]',
    bundle: true,
    minify: true,
    sourcemap: true,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: TARGETS,
    loader: { '.woff2': 'file' },
    assetNames: 'assets/[name]-[hash]',
    define: { EMBLEMS: JSON.stringify(emblems) },
    logLevel: 'warning',
  });
  const urls = new Map<string, string>();
  for (const [output, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint !== undefined) urls.set(entryPoint, `/assets/${basename(output)}`);
  }
  return urls;
}

/** What a phone needs to put the page among its apps. https://www.w3.org/TR/appmanifest/ */
function manifest(urls: ReadonlyMap<string, string>): string {
  const icon = (name: string, sizes: string, purpose: string) => ({
    ...{ src: urls.get(name), sizes, purpose },
    type: name.endsWith('.svg') ? 'image/svg+xml' : 'image/png',
  });
  return JSON.stringify({
    ...{ id: '/enabler.html', start_url: '/enabler.html', scope: '/', display: 'standalone' },
    ...{ name: 'Emotion Gallery', short_name: 'Emotions', description: HEADS.enabler.description },
    ...{ background_color: '#f8f4ee', theme_color: '#f8f4ee' },
    icons: [
      icon('icon.svg', 'any', 'any'),
      icon('icon-192.png', '192x192', 'any'),
      icon('icon-512.png', '512x512', 'any'),
      icon('icon-maskable-512.png', '512x512', 'maskable'),
    ],
  });
}

/** Pages that open without a connection, as they are asked for. */
const OFFLINE_PAGES = { '/': 'gallery', '/enabler.html': 'enabler' } as const;

/** The service worker, which keeps what these pages are made of. */
function writeServiceWorker(target: string, urls: ReadonlyMap<string, string>): void {
  const own = Object.values(OFFLINE_PAGES).flatMap((page) => [
    urls.get(`${page}/main.ts`),
    urls.get(`styles/${page}.css`),
  ]);
  const assets = join(target, 'assets');
  const shared = readdirSync(assets).filter((name) =>
    /^(emblem|icon-[0-9a-f]{8}|fraunces).*\.(svg|woff2)$/.test(name),
  );
  const files = [...own, ...shared.map((name) => `/assets/${name}`)];
  const pages = Object.keys(OFFLINE_PAGES);
  const hash = createHash('sha256');
  for (const page of Object.values(OFFLINE_PAGES)) hash.update(readFileSync(join(target, htmlName(page))));
  hash.update(JSON.stringify(files));
  const shell = { name: `shell-${hash.digest('hex').slice(0, 8)}`, urls: [...pages, ...files] };
  buildSync({
    absWorkingDir: __dirname,
    entryPoints: ['service-worker/main.ts'],
    outfile: join(target, 'sw.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: TARGETS,
    define: { SHELL: JSON.stringify(shell) },
    logLevel: 'warning',
  });
}

/** Replaces every `{{name}}` in a page; a name without a value is an error. */
function fillIn(template: string, values: ReadonlyMap<string, string | undefined>): string {
  return template.replace(/\{\{(.+?)\}\}/g, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`no value named ${name}, expected one of ${[...values.keys()]}`);
    return value;
  });
}

/**
 * Builds all pages into `outDir`: `*.html` (cache them shortly) and `assets/` (named by content: cache them for ever).
 * A former build's assets in `outDir` are removed.
 */
export function buildPages(outDir: string): void {
  const target = resolve(outDir);
  const assets = join(target, 'assets');
  rmSync(assets, { recursive: true, force: true });
  mkdirSync(assets, { recursive: true });
  const urls = bundle(target, writeEmblems(assets));
  const images = join(__dirname, 'images');
  for (const name of readdirSync(images)) {
    urls.set(name, writeHashed(assets, name, readFileSync(join(images, name))));
  }
  copyFileSync(join(__dirname, 'html/robots.txt'), join(target, 'robots.txt'));
  writeFileSync(join(target, 'manifest.webmanifest'), manifest(urls));
  const template = readFileSync(join(__dirname, 'html/page.html'), 'utf8');
  for (const page of PAGES) {
    const values = new Map<string, string | undefined>([...urls, ...Object.entries(HEADS[page])]);
    values.set('styles', urls.get(`styles/${page}.css`)).set('script', urls.get(`${page}/main.ts`));
    writeFileSync(join(target, htmlName(page)), fillIn(template, values));
  }
  writeServiceWorker(target, urls);
}

if (require.main === module) {
  const outDir = process.argv[2];
  if (outDir === undefined) throw new Error('usage: node --import tsx enabler-web/build.ts <outDir>');
  buildPages(outDir);
}
