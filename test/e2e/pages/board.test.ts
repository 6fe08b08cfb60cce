// The board for a projector.

import type { Browser, Page } from 'playwright-core';
import { openPage, screenshot } from './browser';
import type { FakeApi } from './fake-api';
import type { TestSite } from './site';
import { onStage } from './stage';

let browser: Browser;
let api: FakeApi;
let site: TestSite;

onStage((stage) => {
  ({ browser, api, site } = stage);
});

const picturesAreThere = (page: Page) =>
  page.waitForFunction(() => [...document.images].every(({ complete }) => complete));

test('the board shows how to join, how far everybody is, and the pictures liked last, live', async () => {
  const { page, complaints } = await openPage(browser, { viewport: { width: 1920, height: 1080 } });
  await page.goto(`${site.url}/board.html`);
  await page.getByRole('img', { name: `QR code of ${site.url}/enabler.html` }).waitFor();
  // The test's site is on this computer.
  await page.getByText('On this computer only: phones cannot open it.').waitFor();
  await page.getByText('120 of 1,000').waitFor();
  await page.getByText('The first liked pictures will appear here.').waitFor();

  api.others = { users: 12, qualifiedUsers: 11, interactions: 430 };
  for (const { itemId, emotion } of api.items.filter((_, index) => index % 34 === 3)) {
    api.latest.unshift({ itemId, url: `/${itemId}`, emotion, likedAt: new Date().toISOString() });
  }
  await page.getByText('430 of 1,000').waitFor();
  await page.getByText('11 of 25').waitFor();
  await page.getByRole('img', { name: 'A liked picture: Disgusted' }).first().waitFor();
  const width = await page
    .locator('#bar-likes .bar-fill')
    .evaluate((bar) => bar.style.getPropertyValue('--share'));
  expect(Number(width)).toBeCloseTo(0.43);
  await picturesAreThere(page);
  await screenshot(page, 'board');
  expect(complaints).toEqual([]);
});

test('the board stays on its last numbers while the server is away, and then goes on', async () => {
  const { page } = await openPage(browser);
  await page.goto(`${site.url}/board.html`);
  await page.getByText('120 of 1,000').waitFor();
  const failed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/progress'));
  await page.context().setOffline(true);
  api.others = { ...api.others, interactions: 500 };
  await failed;
  expect(await page.getByText('120 of 1,000').count()).toBe(1);
  await page.context().setOffline(false);
  await page.getByText('500 of 1,000').waitFor();
});
