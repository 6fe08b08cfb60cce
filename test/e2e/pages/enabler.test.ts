// The enabler page as people use it: by mouse and by keyboard, in English and in Korean, to the minimum.

import type { Browser, Page } from 'playwright-core';
import { inViewIsKnown, openPage, PHONE, screenshot, type WatchedPage } from './browser';
import { eventually } from './eventually';
import type { FakeApi } from './fake-api';
import type { TestSite } from './site';
import { onStage } from './stage';

let browser: Browser;
let api: FakeApi;
let site: TestSite;

onStage((stage) => {
  ({ browser, api, site } = stage);
});

const ownCount = (page: Page) => page.locator('.own-count');

async function openEnabler(options = {}): Promise<WatchedPage> {
  const watched = await openPage(browser, options);
  await watched.page.goto(`${site.url}/enabler.html`);
  return watched;
}

async function openCalmWall(options = {}): Promise<WatchedPage> {
  const watched = await openEnabler(options);
  await watched.page.getByRole('button', { name: 'Calm' }).click();
  await watched.page.getByRole('button', { name: 'Calm, picture 12' }).waitFor();
  return watched;
}

test('likes by mouse are counted, saved and shown in the common progress', async () => {
  const { page, complaints } = await openCalmWall();
  for (const position of [1, 2, 4]) await page.locator('.tile').nth(position).click();
  await page.locator('.tile-status', { hasText: 'Saved' }).nth(2).waitFor();
  expect(await ownCount(page).textContent()).toBe('3 of 40');
  await page.getByText('123 of 1,000').waitFor();
  await page.getByText('Still missing: 22 people with two likes each and 877 likes.').waitFor();
  expect(api.events.map(({ itemId }) => itemId)).toEqual([
    'emotions/calm/calm-02.svg',
    'emotions/calm/calm-03.svg',
    'emotions/calm/calm-05.svg',
  ]);
  await screenshot(page, 'enabler-wall');
  expect(complaints).toEqual([]);
});

test('a like carries the pictures in view as impression and a session id', async () => {
  const { page } = await openCalmWall();
  await inViewIsKnown(page);
  await page.locator('.tile').first().click();
  await page.locator('.tile-status', { hasText: 'Saved' }).waitFor();
  const [event] = api.events;
  expect(event?.impression[0]).toBe('emotions/calm/calm-01.svg');
  expect(event?.impression).toContain('emotions/calm/calm-02.svg');
  expect(event?.impression.length).toBeLessThanOrEqual(25);
  expect(api.batches[0]?.sessionId).toMatch(/^[0-9a-f-]{36}$/);
});

test('a second press takes the like back', async () => {
  const { page } = await openCalmWall();
  const tile = page.locator('.tile').first();
  await tile.click();
  await page.locator('.tile-status', { hasText: 'Saved' }).waitFor();
  await tile.click();
  expect(await tile.getAttribute('aria-pressed')).toBe('false');
  await eventually(() => api.events.map(({ liked }) => liked), [true, false]);
  expect(await ownCount(page).textContent()).toBe('0 of 40');
});

test('everything can be done by keyboard', async () => {
  const { page } = await openEnabler();
  await page.getByRole('button', { name: 'Calm' }).waitFor();
  await page.keyboard.press('3');
  await page.locator('.tile').nth(11).waitFor();
  for (const key of ['ArrowRight', 'ArrowRight', ' ', 'ArrowDown', 'Enter', 'l', 'l', 'l']) {
    await page.keyboard.press(key);
  }
  await eventually(() => api.events.length, 4);
  const liked = await page.locator('.tile[aria-pressed="true"]').count();
  expect(liked).toBe(4);
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keyboard' });
  await keys.waitFor();
  await page.keyboard.press('Escape');
  await keys.waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'What do you feel like seeing?' }).waitFor();
});

test('more pictures are on the wall before its end comes into view, and another feeling follows', async () => {
  const { page } = await openCalmWall();
  // Without a key: the end of the first page is near. The first key takes the focus to the wall, the second to what is its end then.
  await page.getByRole('button', { name: 'Calm, picture 24' }).waitFor();
  await page.keyboard.press('End');
  await page.keyboard.press('End');
  await page.getByRole('button', { name: 'Calm, picture 30' }).waitFor();
  await page.locator('.wall-end').getByRole('button', { name: 'Sad' }).click();
  await page.getByRole('heading', { name: 'Sad: like what speaks to you' }).waitFor();
});

test('the minimum is celebrated when it is reached', async () => {
  api.others = { users: 24, qualifiedUsers: 24, interactions: 998 };
  const { page, complaints } = await openCalmWall();
  await page.getByText('998 of 1,000').waitFor();
  const dialog = page.getByRole('dialog', { name: 'We did it' });
  await page.locator('.tile').nth(0).click();
  // Petals fall for a few seconds only: they are watched for before the like that brings them.
  await Promise.all([
    page.locator('.petal').nth(10).waitFor({ state: 'attached' }),
    dialog.getByText('25 people and 1,000 likes').waitFor(),
    page.locator('.tile').nth(1).click(),
  ]);
  await screenshot(page, 'enabler-minimum');
  await dialog.getByRole('button', { name: 'Keep liking' }).click();
  await page.getByText('The gallery has started to learn').waitFor();
  expect(complaints).toEqual([]);
});

test('nothing falls over the page for people who ask for less motion', async () => {
  api.others = { users: 24, qualifiedUsers: 24, interactions: 998 };
  const { page } = await openCalmWall({ reducedMotion: 'reduce' });
  await page.getByText('998 of 1,000').waitFor();
  await page.locator('.tile').nth(0).click();
  await page.locator('.tile').nth(1).click();
  await page.getByRole('dialog', { name: 'We did it' }).waitFor();
  expect(await page.locator('.petal').count()).toBe(0);
});

test('speaks Korean to a Korean browser, and English when asked to', async () => {
  const { page } = await openEnabler({ locale: 'ko-KR' });
  await page.getByRole('heading', { name: '지금 어떤 감정을 보고 싶으세요?' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('ko');
  await page.getByText('아직 필요해요: 좋아요를 두 번 이상 누른 사람 23명, 좋아요 880개.').waitFor();
  await screenshot(page, 'enabler-korean');
  await page.getByLabel('언어').selectOption('en');
  await page.getByRole('heading', { name: 'What do you feel like seeing?' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'What do you feel like seeing?' }).waitFor();
});

test('the choice of colours is kept', async () => {
  const { page } = await openEnabler();
  await page.getByRole('button', { name: 'Colours: As the device' }).click();
  await page.getByRole('button', { name: 'Colours: Light' }).click();
  await page.reload();
  await page.getByRole('button', { name: 'Colours: Dark' }).waitFor();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
});

test.each([
  ['en-US', 'Delete my likes', 'Keep them', 'Your likes are deleted.', '0 of 40', 'forget'],
  ['ko-KR', '내 좋아요 지우기', '그대로 두기', '좋아요를 지웠어요.', '40개 중 0개', 'forget-korean'],
])('likes are deleted after a question, in %s', async (locale, forget, keep, done, none, name) => {
  const { page, complaints } = await openEnabler({ locale, viewport: PHONE });
  await page.locator('.card').nth(2).click();
  await page.locator('.tile').nth(0).click();
  await eventually(() => api.events.length, 1);
  await page.getByRole('button', { name: forget }).click();
  await page.getByRole('dialog').getByRole('button', { name: keep }).click();
  expect(api.visitors.size).toBe(1);
  await page.getByRole('button', { name: forget }).click();
  await screenshot(page, name);
  await page.getByRole('dialog').getByRole('button', { name: forget }).click();
  await page.getByText(done).waitFor();
  expect(api.visitors.size).toBe(0);
  expect(await ownCount(page).textContent()).toBe(none);
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
  expect(complaints).toEqual([]);
});
