// Pictures come and go by an operator's hands: dropped, chosen on a phone, by folder, taken out, put back.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { jpeg } from '../../support/pictures';
import { openPage, PHONE, screenshot } from './browser';
import { eventually } from './eventually';
import { type FakeApi, OPERATOR_TOKEN } from './fake-api';
import type { TestSite } from './site';
import { onStage } from './stage';

let browser: Browser;
let api: FakeApi;
let site: TestSite;
let folder: string;

onStage((stage) => {
  ({ browser, api, site } = stage);
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'photos-'));
  for (const name of ['image.jpg', '우리 호수.jpg', 'one.jpg']) {
    writeFileSync(join(folder, name), await jpeg(60 + name.length, 40));
  }
  writeFileSync(join(folder, 'letter.jpg'), 'text that says to be a picture');
  writeFileSync(join(folder, 'IMG_0001.HEIC'), 'ftypheic');
  mkdirSync(join(folder, 'Happy'));
  writeFileSync(join(folder, 'Happy', 'sun.jpg'), await jpeg(50, 50));
});

afterAll(() => rmSync(folder, { recursive: true }));

async function openCard(options = {}): Promise<{ page: Page; complaints: string[] }> {
  const watched = await openPage(browser, options);
  await watched.page.goto(`${site.url}/console.html#operator=${OPERATOR_TOKEN}`);
  await watched.page.locator('.curation-tile').first().waitFor();
  return watched;
}

const choose = (page: Page, ...names: string[]) =>
  page.locator('#curation-files').setInputFiles(names.map((name) => join(folder, name)));
const row = (page: Page, name: string) => page.locator('.curation-upload', { hasText: name });

test('pictures of a phone’s camera roll are previewed, sent with progress, looked into, and there', async () => {
  const { page, complaints } = await openCard({ viewport: PHONE, hasTouch: true, isMobile: true });
  await page.getByLabel('Emotion').selectOption('sad');
  await choose(page, 'image.jpg', '우리 호수.jpg', 'letter.jpg', 'IMG_0001.HEIC');
  await row(page, 'image.jpg').getByText('Ready to be sent').waitFor();
  await row(page, 'IMG_0001.HEIC').getByText('HEIC cannot be read here').waitFor();
  await screenshot(page, 'curation-phone-chosen');
  await page.getByRole('button', { name: 'Send 3 pictures' }).click();
  await row(page, 'image.jpg').getByText('In the gallery').waitFor();
  await row(page, 'letter.jpg').getByText('Not taken: not a picture').waitFor();
  await page.getByText('4 of 4 pictures done').waitFor();
  expect([...api.curation.received.keys()].sort()).toEqual([
    expect.stringMatching(/^emotions\/sad\/image-[0-9a-f]{12}\.jpg$/),
    expect.stringMatching(/^emotions\/sad\/letter-/),
    expect.stringMatching(/^emotions\/sad\/우리 호수-/),
  ]);
  await page.getByText('32 pictures, the newest first').waitFor();
  await screenshot(page, 'curation-phone-sent');
  expect(complaints).toEqual([]);
});

test('a folder’s name decides the emotion, and the same picture again is told to be there', async () => {
  const { page } = await openCard();
  await page.locator('#curation-folder').setInputFiles(join(folder, 'Happy'));
  await row(page, 'sun.jpg').getByText('Happy', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Send 1 picture' }).click();
  await row(page, 'sun.jpg').getByText('In the gallery').waitFor();
  expect([...api.curation.received.keys()][0]).toMatch(/^emotions\/happy\/sun-/);
  await choose(page, 'one.jpg', 'one.jpg');
  await page.getByRole('button', { name: 'Send 2 pictures' }).click();
  await row(page, 'one.jpg')
    .getByText(/There already: emotions\/happy\/one-/)
    .waitFor();
});

test('pictures are dropped on the card', async () => {
  const { page } = await openCard();
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(
      new File(['<svg xmlns="http://www.w3.org/2000/svg"/>'], 'drawn.svg', { type: 'image/svg+xml' }),
    );
    return transfer;
  });
  await page.locator('.drop-zone').dispatchEvent('drop', { dataTransfer: data });
  await row(page, 'drawn.svg').waitFor();
  await page.getByRole('button', { name: 'Leave drawn.svg out' }).click();
  await eventually(() => api.curation.received.size, 0);
  expect(await row(page, 'drawn.svg').count()).toBe(0);
});

test('a broken sending is tried again, told, and sent again by a press', async () => {
  const { page } = await openCard();
  await page.route('**/emotions/happy/one-*', (route) => route.abort());
  await choose(page, 'one.jpg');
  await page.getByRole('button', { name: 'Send 1 picture' }).click();
  await row(page, 'one.jpg').getByText('Not sent: no connection').waitFor();
  await page.unroute('**/emotions/happy/one-*');
  await page.getByRole('button', { name: 'Send 1 picture again' }).click();
  await row(page, 'one.jpg').getByText('In the gallery').waitFor();
});

test('a picture is taken out and put back by the keyboard, and one taken out before does not come back by being sent', async () => {
  const { page, complaints } = await openCard();
  await choose(page, 'one.jpg');
  await page.getByRole('button', { name: 'Send 1 picture' }).click();
  await row(page, 'one.jpg').getByText('In the gallery').waitFor();
  await page.getByRole('button', { name: /^Take out one-/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Within a minute nobody sees it any more.').waitFor();
  await page.getByRole('heading', { name: 'Taken out' }).waitFor();
  await row(page, 'one.jpg').getByText('Taken out').waitFor();
  await screenshot(page, 'curation-taken-out');
  await page.getByRole('button', { name: 'Clear the list' }).click();
  await choose(page, 'one.jpg');
  await page.getByRole('button', { name: 'Send 1 picture' }).click();
  await row(page, 'one.jpg').getByText('Taken out').waitFor();
  await page.getByRole('button', { name: /^Put back one-/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('is put back, and there again in a moment').waitFor();
  await page.getByRole('button', { name: /^Take out one-/ }).waitFor();
  await row(page, 'one.jpg').getByText('In the gallery').waitFor();
  expect(complaints).toEqual([]);
});

test('in Korean', async () => {
  const { page } = await openCard({ locale: 'ko-KR' });
  await choose(page, 'image.jpg', 'IMG_0001.HEIC');
  await page.getByRole('button', { name: '그림 1장 올리기' }).waitFor();
  await page.locator('#curation-title').scrollIntoViewIfNeeded();
  await screenshot(page, 'curation-korean');
});
