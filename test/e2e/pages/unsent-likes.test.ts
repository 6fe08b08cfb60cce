// Likes while the connection or the server fails: kept, shown as waiting, sent later, never twice.

import type { Browser } from 'playwright-core';
import type { LikesRequest } from '../../../lambda/shared/contract/schemas';
import { openPage, screenshot, type WatchedPage } from './browser';
import { eventually } from './eventually';
import type { FakeApi, FakeRequest, FakeResponse } from './fake-api';
import type { TestSite } from './site';
import { onStage } from './stage';

let browser: Browser;
let api: FakeApi;
let site: TestSite;

onStage((stage) => {
  ({ browser, api, site } = stage);
});

async function openWall(): Promise<WatchedPage> {
  const watched = await openPage(browser);
  await watched.page.goto(`${site.url}/enabler.html`);
  await watched.page.getByRole('button', { name: 'Happy' }).click();
  await watched.page.getByRole('button', { name: 'Happy, picture 12' }).waitFor();
  return watched;
}

/** Answers likes with `response` until `until` says so. */
function failLikes(response: FakeResponse, until: () => boolean): FakeRequest[] {
  const seen: FakeRequest[] = [];
  api.intercept = (request) => {
    if (request.path !== '/api/likes') return undefined;
    seen.push(request);
    return until() ? undefined : response;
  };
  return seen;
}

const problem = (status: number, extra: object = {}, headers?: Record<string, string>): FakeResponse => ({
  status,
  body: { type: 'about:blank', title: 'trouble', status, ...extra },
  headers,
});

test('likes made offline wait, and are sent once the connection is back', async () => {
  const { page } = await openWall();
  await page.context().setOffline(true);
  for (let index = 0; index < 12; index += 1) await page.locator('.tile').nth(index).click();
  await page.getByText('12 likes are waiting to be sent').waitFor();
  expect(await page.locator('.tile-status', { hasText: 'Waiting' }).count()).toBe(12);
  await screenshot(page, 'enabler-offline');
  expect(api.events).toHaveLength(0);
  await page.context().setOffline(false);
  await page.getByText('All saved').waitFor();
  expect(api.events).toHaveLength(12);
  expect(api.batches.map(({ likes }) => likes.length)).toEqual([10, 2]);
});

test('waiting likes survive a reload and keep their event ids', async () => {
  let healthy = false;
  const seen = failLikes(problem(503), () => healthy);
  const { page } = await openWall();
  await page.locator('.tile').nth(0).click();
  await page.locator('.tile').nth(1).click();
  await page.getByText('2 likes are waiting to be sent').waitFor();
  await eventually(() => seen.length > 0, true);
  healthy = true;
  await page.reload();
  await page.getByText('All saved').waitFor();
  expect(await page.locator('.own-count').textContent()).toBe('2 of 40');
  const firstTried = (seen[0]?.body as LikesRequest | undefined)?.likes.map(({ eventId }) => eventId) ?? [];
  expect(firstTried.length).toBeGreaterThan(0);
  expect(api.events.map(({ eventId }) => eventId)).toEqual(expect.arrayContaining(firstTried));
  expect(api.events).toHaveLength(2);
});

test('a Retry-After is waited for', async () => {
  const seen = failLikes(problem(429, {}, { 'retry-after': '3600' }), () => seen.length > 1);
  const { page } = await openWall();
  await page.clock.install();
  await page.locator('.tile').first().click();
  await eventually(() => seen.length, 1);
  let minutes = 0;
  for (; seen.length < 2; minutes += 10) await page.clock.fastForward('10:00');
  expect(minutes).toBeGreaterThanOrEqual(50);
  await page.getByText('All saved').waitFor();
  expect(seen).toHaveLength(2);
});

test('a refused batch loses exactly the like that the problem names', async () => {
  api.intercept = ({ path, body }) => {
    if (path !== '/api/likes') return undefined;
    const place = (body as LikesRequest).likes.findIndex(({ itemId }) => itemId.endsWith('happy-02.svg'));
    if (place === -1) return undefined;
    return problem(400, { errors: [{ field: `likes[${place}].itemId`, message: 'unknown item' }] });
  };
  const { page } = await openWall();
  for (const index of [0, 1, 2]) await page.locator('.tile').nth(index).click();
  await page.getByText('1 like could not be taken: unknown item').waitFor();
  await page.getByText('All saved').waitFor();
  expect(api.events.map(({ itemId }) => itemId)).toEqual([
    'emotions/happy/happy-01.svg',
    'emotions/happy/happy-03.svg',
  ]);
  expect(await page.locator('.tile').nth(1).getAttribute('aria-pressed')).toBe('false');
});

test('an expired token is replaced and the likes go to the new visitor', async () => {
  const { page } = await openWall();
  await page.locator('.tile').first().click();
  await page.getByText('All saved').waitFor();
  const [first] = api.visitors.keys();
  if (first !== undefined) api.visitors.delete(first);
  await page.locator('.tile').nth(1).click();
  await page.getByText('a new one has begun').waitFor();
  await page.getByText('All saved').waitFor();
  expect(api.visitors.size).toBe(1);
  expect(api.events).toHaveLength(1);
  expect(await page.locator('.own-count').textContent()).toBe('2 of 40');
});

test('a network that wants people to sign in first is told, and the likes go when they have', async () => {
  let signedIn = false;
  failLikes(
    { status: 200, body: 'Welcome to our WLAN', headers: { 'content-type': 'text/html' } },
    () => signedIn,
  );
  const { page } = await openWall();
  await page.locator('.tile').first().click();
  await page.getByText('This network wants you to sign in first').waitFor();
  await screenshot(page, 'enabler-portal');
  expect(api.events).toHaveLength(0);
  signedIn = true;
  await page.getByText('All saved').waitFor();
  expect(api.events).toHaveLength(1);
});

test('two tabs agree: what is liked or taken back in one is so in the other, and each like is sent once', async () => {
  const { page } = await openWall();
  const other = await page.context().newPage();
  await other.goto(`${site.url}/enabler.html`);
  await other.getByRole('button', { name: 'Happy' }).click();
  const pressed = (where: typeof page, index: number) =>
    where.locator('.tile').nth(index).and(where.locator('[aria-pressed="true"]')).waitFor();
  await page.locator('.tile').nth(0).click();
  await pressed(other, 0);
  await other.locator('.tile').nth(1).click();
  await pressed(page, 1);
  await other.locator('.tile').nth(0).click();
  await page.locator('.tile').nth(0).and(page.locator('[aria-pressed="false"]')).waitFor();
  await page.getByText('All saved').waitFor();
  await other.getByText('All saved').waitFor();
  expect(await page.locator('.own-count').textContent()).toBe('1 of 40');
  await eventually(() => api.events.length, 3);
});

test('a page that was open once opens without a connection, in the language of before, and sends what waits when it is back', async () => {
  const { page } = await openPage(browser, { serviceWorkers: 'allow', locale: 'ko-KR' });
  await page.goto(`${site.url}/enabler.html`);
  await page.locator('.card').nth(0).click();
  await page.locator('.tile').nth(11).waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.context().setOffline(true);
  await page.locator('.tile').nth(0).click();
  await page.getByText('기다리고').first().waitFor();
  await page.goto(`${site.url}/enabler.html?again`);
  await page.locator('.card').nth(7).waitFor();
  await page.getByText('기다리고').first().waitFor();
  await screenshot(page, 'enabler-opened-offline-korean');
  await page.goto(site.url);
  await page.getByText('갤러리').first().waitFor();
  await page.goto(`${site.url}/enabler.html`);
  expect(api.events).toHaveLength(0);
  await page.context().setOffline(false);
  await eventually(() => api.events.length, 1);
  // No answer and no picture is kept on the device.
  const kept = await page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(kept).toContain('/enabler.html');
  expect(kept.filter((path) => /^\/(api|pictures|emotions)\//.test(path))).toEqual([]);
});

test('where a network wants people to sign in first, the pictures’ place says so', async () => {
  const { page } = await openPage(browser);
  await page.route('**/api/images*', (route) =>
    route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Welcome to the hotel</h1>' }),
  );
  await page.goto(`${site.url}/enabler.html`);
  await page.locator('.card').nth(0).click();
  await page.getByText('This network wants you to sign in first').waitFor();
});
