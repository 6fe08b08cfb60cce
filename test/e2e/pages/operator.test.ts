// The operator's laptop: one person after the other, and a simulated crowd.

import type { Browser } from 'playwright-core';
import { openPage, screenshot, type WatchedPage } from './browser';
import { eventually } from './eventually';
import { type FakeApi, OPERATOR_TOKEN } from './fake-api';
import type { TestSite } from './site';
import { onStage } from './stage';

let browser: Browser;
let api: FakeApi;
let site: TestSite;

onStage((stage) => {
  ({ browser, api, site } = stage);
  api.others = { users: 0, qualifiedUsers: 0, interactions: 0 };
});

async function openAsOperator(): Promise<WatchedPage> {
  const watched = await openPage(browser);
  await watched.page.goto(`${site.url}/enabler.html#operator=${OPERATOR_TOKEN}`);
  return watched;
}

/** Leaves the likes unanswered that come when there are this many; the result lets them through. */
function holdLikesAt(likes: number): () => void {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  api.delay = ({ path }) => (path === '/api/likes' && api.events.length >= likes ? held : undefined);
  return release;
}

test('the operator link leaves the address bar, and nobody else sees the tools', async () => {
  const { page } = await openAsOperator();
  await page.getByRole('button', { name: 'Next person' }).waitFor();
  expect(page.url()).toBe(`${site.url}/enabler.html`);
  const other = await openPage(browser);
  await other.page.goto(`${site.url}/enabler.html`);
  await other.page.getByRole('button', { name: 'Calm' }).waitFor();
  expect(await other.page.getByRole('button', { name: 'Next person' }).count()).toBe(0);
});

test('the next person starts at zero, and the likes of the one before stay theirs', async () => {
  const { page, complaints } = await openAsOperator();
  await page.getByRole('button', { name: 'Calm' }).click();
  await page.locator('.tile').nth(11).waitFor();
  await page.locator('.tile').nth(0).click();
  await page.locator('.tile').nth(1).click();
  await page.keyboard.press('n');
  await page.getByText('Ready for the next person').waitFor();
  expect(await page.locator('.own-count').textContent()).toBe('0 of 40');
  await page.getByRole('button', { name: 'Calm' }).click();
  await page.locator('.tile').nth(11).waitFor();
  expect(await page.locator('.tile[aria-pressed="true"]').count()).toBe(0);
  await page.locator('.tile').nth(0).click();
  await page.getByText('All saved').waitFor();
  await eventually(() => [...api.visitors.values()].map(({ liked }) => liked.size), [2, 1]);
  expect(complaints).toEqual([]);
});

test('a crowd is labelled as a simulation and sends what was ordered', async () => {
  const release = holdLikesAt(4 * 12);
  const { page, complaints } = await openAsOperator();
  await page.getByText('Simulation', { exact: true }).waitFor();
  await page.getByRole('spinbutton', { name: 'People' }).fill('9');
  await page.getByLabel('Likes each').fill('12');
  await page.getByRole('button', { name: 'Send the crowd' }).click();
  await page.getByText(/^Simulating: 4 of 9 people/).waitFor();
  await screenshot(page, 'enabler-crowd');
  release();
  await page.getByText('The crowd is through: 9 people, 108 likes.').waitFor();
  const people = [...api.visitors.values()];
  expect(people).toHaveLength(9);
  for (const { liked, sessions } of people) {
    expect(liked.size).toBe(12);
    expect(sessions.size).toBe(1);
  }
  expect(complaints).toEqual([]);
});

test('a crowd can be stopped', async () => {
  const release = holdLikesAt(100);
  const { page } = await openAsOperator();
  await page.getByRole('button', { name: 'Send the crowd' }).click();
  await page.getByText(/^Simulating: 2 of 25 people, 100 likes/).waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  release();
  // The ten likes that were on their way arrive.
  await page.getByText(/^Stopped after 110 likes/).waitFor();
  expect(api.events).toHaveLength(110);
});

test('a throttled crowd slows down and loses nothing', async () => {
  let throttled = 0;
  api.intercept = (request) => {
    if (request.path !== '/api/likes' || throttled >= 2) return undefined;
    throttled += 1;
    return { status: 429, body: { title: 'too fast', status: 429 }, headers: { 'retry-after': '1' } };
  };
  const { page } = await openAsOperator();
  await page.getByRole('spinbutton', { name: 'People' }).fill('2');
  await page.getByLabel('Likes each').fill('10');
  await page.getByRole('button', { name: 'Send the crowd' }).click();
  await page.getByText('The crowd is through: 2 people, 20 likes.').waitFor();
  expect(api.events).toHaveLength(20);
});
