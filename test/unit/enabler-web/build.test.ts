// The built pages: small, hashed, repeatable, and nothing inline.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildPages } from '../../../enabler-web/build';

const folder = mkdtempSync(join(tmpdir(), 'pages-'));
const pages = ['enabler.html', 'board.html', 'console.html', 'index.html', '404.html'];

beforeAll(() => buildPages(folder));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const html = (page: string): string => readFileSync(join(folder, page), 'utf8');

test('every script and style is a hashed file of this site', () => {
  const files = new Set(readdirSync(join(folder, 'assets')).map((name) => `/assets/${name}`));
  for (const page of pages) {
    const links = [...html(page).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link);
    expect(links).toHaveLength(5);
    expect(links.splice(0, 1)).toEqual(['/manifest.webmanifest']);
    for (const link of links) {
      expect(files).toContain(link);
      expect(link).toMatch(/-[0-9A-Za-z]{8}\.(js|css|svg|png)$/);
    }
    expect(html(page)).not.toMatch(/<style|style=|<script>|onclick=/);
  }
});

test('no page loads more than 40 KB of JavaScript, gzipped', () => {
  for (const name of readdirSync(join(folder, 'assets')).filter((file) => file.endsWith('.js'))) {
    expect(gzipSync(readFileSync(join(folder, 'assets', name))).length).toBeLessThan(40 * 1024);
  }
});

test('a phone can install it: icons that are there, one for every shape', () => {
  const { icons, start_url, display } = JSON.parse(html('manifest.webmanifest'));
  expect({ start_url, display }).toEqual({ start_url: '/enabler.html', display: 'standalone' });
  for (const { src } of icons) expect(readFileSync(join(folder, src)).length).toBeGreaterThan(100);
  expect(
    icons.map(({ sizes, purpose }: { sizes: string; purpose: string }) => `${sizes} ${purpose}`),
  ).toEqual(['any any', '192x192 any', '512x512 any', '512x512 maskable']);
});

test('the service worker keeps what two pages are made of, neither answers nor pictures', () => {
  const worker = html('sw.js');
  const kept = [...worker.matchAll(/"(\/[^"]*)"/g)].map(([, url = '']) => url);
  const files = new Set(readdirSync(join(folder, 'assets')).map((name) => `/assets/${name}`));
  expect(kept.filter((url) => !url.startsWith('/assets/'))).toEqual(['/', '/enabler.html']);
  for (const page of ['index.html', 'enabler.html']) {
    const needs = [...html(page).matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css|svg))"/g)].map(
      ([, link]) => link,
    );
    expect(kept).toEqual(expect.arrayContaining(needs));
  }
  for (const url of kept.filter((each) => each.length > '/assets/'.length && each.startsWith('/assets/'))) {
    expect(files).toContain(url);
  }
});

test('building again gives the same names and leaves nothing old behind', () => {
  const before = readdirSync(join(folder, 'assets'));
  buildPages(folder);
  expect(readdirSync(join(folder, 'assets'))).toEqual(before);
});
