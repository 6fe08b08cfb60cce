// A wall of photos on a phone: little is loaded, nothing jumps, each place has the file that fits it.

import type { Browser, Page } from 'playwright-core';
import { makeRenditions } from '../../../lambda/catalog/pictures/renditions';
import { imageOf, type ShownPicture } from '../../../lambda/shared/gallery/image';
import { jpeg } from '../../support/pictures';
import { DESKTOP, openPage, PHONE, screenshot } from './browser';
import type { FakeApi } from './fake-api';
import type { TestSite } from './site';
import { onStage } from './stage';

let browser: Browser;
let api: FakeApi;
let site: TestSite;
let photo: ShownPicture;

onStage((stage) => {
  ({ browser, api, site } = stage);
  api.intercept = ({ path }) =>
    path === '/api/images' ? { status: 200, body: { images: wall() } } : undefined;
});

const FOLDER = 'pictures/photo/one';

/** Forty photos, each under an address of its own. */
const wall = () =>
  Array.from({ length: 40 }, (_, index) =>
    imageOf(
      {
        ...{ itemId: `emotions/calm/${index}.jpg`, emotion: 'calm', createdAt: '2026-05-01' },
        picture: { ...photo, folder: `${FOLDER}-${index}` },
      },
      false,
    ),
  );

/** As the catalogue makes it of a photo: the same files for each of the forty. */
async function publish(): Promise<void> {
  const { files, contentType: _, ...shown } = await makeRenditions(await jpeg(2000, 1500));
  photo = { folder: FOLDER, ...shown };
  for (let index = 0; index < 40; index += 1) {
    for (const { name, body } of files) site.files.set(`/${FOLDER}-${index}/${name}`, body);
  }
}

beforeEach(publish);

async function openWall(options: object) {
  const watched = await openPage(browser, options);
  await watched.page.goto(`${site.url}/enabler.html`);
  await watched.page.getByRole('button', { name: /Calm|평온/ }).click();
  await watched.page.locator('.tile').nth(39).waitFor();
  await watched.page.waitForLoadState('networkidle');
  return watched;
}

const loaded = (page: Page) =>
  page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(({ name }) => name.includes('/pictures/'))
      .map(({ name, encodedBodySize }) => ({ name, bytes: encodedBodySize })),
  );

test('on a phone the first view takes no more than 500 KB, and only small files', async () => {
  const { page, complaints } = await openWall({ viewport: PHONE, deviceScaleFactor: 1.75, isMobile: true });
  const pictures = await loaded(page);
  expect(pictures.length).toBeGreaterThan(3);
  expect(pictures.length).toBeLessThan(40);
  expect(pictures.every(({ name }) => name.endsWith('/320.webp'))).toBe(true);
  expect(pictures.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(500_000);
  expect(complaints).toEqual([]);
  await screenshot(page, 'photos-phone');
});

test('nothing moves when the photos come', async () => {
  const { page } = await openWall({ viewport: DESKTOP });
  const moved = await page.evaluate(
    () =>
      new Promise<number>((done) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            const { value, hadRecentInput } = entry as PerformanceEntry & {
              value: number;
              hadRecentInput: boolean;
            };
            if (!hadRecentInput) sum += value;
          }
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => done(sum), 200);
      }),
  );
  expect(moved).toBeLessThan(0.02);
  await screenshot(page, 'photos-desktop');
});

test('what a photo is, is to be seen before it is there: its placeholder', async () => {
  const { page } = await openPage(browser, { viewport: PHONE, locale: 'ko-KR' });
  await page.route('**/pictures/**', () => undefined);
  await page.goto(`${site.url}/enabler.html`);
  await page.locator('.card').nth(2).click();
  const picture = page.locator('.tile-picture').first();
  await picture.waitFor();
  const background = await picture.evaluate((element) => getComputedStyle(element).backgroundImage);
  expect(background).toMatch(/^url\("data:image\/webp;base64,/);
  await screenshot(page, 'photos-placeholders-korean');
});
