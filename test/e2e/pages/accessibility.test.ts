// Every page and state checked by axe, light at desktop width and dark on a phone, on one page that goes from state to state.

import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { DESKTOP, launchBrowser, openPage, PHONE, screenshot, type WatchedPage } from './browser';
import { type FakeApi, OPERATOR_TOKEN } from './fake-api';
import { campaignsOf, failedRun, runningRun, succeededRun } from './fake-pipeline';
import { startSite, type TestSite } from './site';

let browser: Browser;
let site: TestSite;
let watched: WatchedPage;

const LOOKS = [
  { name: 'desktop-light', viewport: DESKTOP, colorScheme: 'light' },
  { name: 'phone-dark', viewport: PHONE, colorScheme: 'dark' },
] as const;

beforeAll(async () => {
  browser = await launchBrowser();
  site = await startSite();
  watched = await openPage(browser, { reducedMotion: 'reduce' });
});

afterAll(async () => {
  await browser.close();
  await site.close();
});

/** What axe finds: rule, and where. The pages have no frames, so the faster run inside the page alone will do. */
async function violations(page: Page): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations: found } = await axe.analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
  );
}

/** Links, buttons and fields under 44 pixels, which a finger misses; those inside a picture's card are laid over it. */
function smallTargets(page: Page): Promise<string[]> {
  // The height of the layout: a button that is being pressed is drawn a little smaller.
  return page.locator('a:visible, button:visible, select:visible, input:visible').evaluateAll((all) =>
    all
      .filter((element): element is HTMLElement => element instanceof HTMLElement)
      .filter((element) => !element.classList.contains('skip'))
      .filter((element) => element.offsetHeight < 44)
      .map((element) => element.textContent ?? ''),
  );
}

const BUSY = { status: 503, body: { type: 'about:blank', title: 'busy', status: 503 } };

async function openConsole(page: Page): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${site.url}/console.html#operator=${OPERATOR_TOKEN}`);
  await page.getByRole('heading', { name: 'Training' }).waitFor();
}

/** The states to check, in this order: how to get there. */
const STATES: readonly [string, (page: Page, api: FakeApi) => Promise<void>][] = [
  [
    'choice',
    async (page) => {
      await page.goto(`${site.url}/enabler.html#operator=${OPERATOR_TOKEN}`);
      await page.getByText(/ of 1,000/).waitFor();
    },
  ],
  [
    'wall',
    async (page) => {
      await page.locator('.card').nth(6).click();
      await page.locator('.tile').nth(11).waitFor();
      await page.locator('.tile').nth(1).click();
      await page.locator('.tile-status', { hasText: 'Saved' }).waitFor();
    },
  ],
  [
    'keys',
    async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    },
  ],
  [
    'likes that wait',
    async (page, api) => {
      await page.keyboard.press('Escape');
      api.intercept = ({ path }) => (path === '/api/likes' ? BUSY : undefined);
      await page.locator('.tile').nth(2).click();
      await page.getByText('1 like is waiting to be sent.').waitFor();
      await page.locator('#next-person').click();
      await page.locator('.note').waitFor();
    },
  ],
  [
    'celebration',
    async (page, api) => {
      api.intercept = () => undefined;
      await page.goto(`${site.url}/enabler.html`);
      await page.getByText(/ of 1,000/).waitFor();
      api.others = { users: 40, qualifiedUsers: 40, interactions: 1200 };
      await page.getByRole('dialog', { name: 'We did it' }).waitFor();
    },
  ],
  [
    'board',
    async (page) => {
      await page.goto(`${site.url}/board.html`);
      await page.locator('.latest-picture').first().waitFor();
    },
  ],
  [
    'gallery without an answer',
    async (page, api) => {
      api.others = { users: 3, qualifiedUsers: 2, interactions: 120 };
      api.intercept = ({ path }) => (path === '/api/recommendations' ? BUSY : undefined);
      await page.goto(site.url);
      await page.getByText('The pictures did not come.').waitFor();
    },
  ],
  [
    'gallery before the first model',
    async (page, api) => {
      api.intercept = () => undefined;
      await page.goto(site.url);
      await page.locator('.invite:visible').waitFor();
      await page.locator('.card').nth(11).waitFor();
    },
  ],
  [
    'gallery',
    async (page, api) => {
      api.model.source = 'personalize';
      api.runs = [succeededRun(1, 0.3)];
      await page.reload();
      await page.getByRole('button', { name: 'Calm', exact: true }).click();
      await page.getByRole('button', { name: 'All, in your order' }).click();
      await page.getByText('Your order:').waitFor();
      await page.locator('.card').nth(11).waitFor();
    },
  ],
  [
    'changed list',
    async (page) => {
      await page.getByRole('button', { name: 'All moods' }).click();
      await page.getByText('for you').first().waitFor();
      for (const position of [2, 10, 18]) await page.locator('.card .like').nth(position).click();
      await page.getByRole('button', { name: 'Show my new list' }).waitFor();
    },
  ],
  [
    'new list',
    async (page) => {
      await page.getByRole('button', { name: 'Show my new list' }).click();
      await page.locator('.card-new').first().waitFor();
    },
  ],
  [
    'picture',
    async (page) => {
      await page.locator('.card-open').first().click();
      await page.locator('.viewer .card').nth(11).waitFor();
    },
  ],
  [
    'picture without similar ones',
    async (page, api) => {
      await page.keyboard.press('Escape');
      api.intercept = ({ path }) => (path.startsWith('/api/similar/') ? BUSY : undefined);
      await page.locator('.card-open').first().click();
      await page.getByText('The pictures did not come.').waitFor();
    },
  ],
  [
    'console of nobody',
    async (page, api) => {
      api.intercept = () => undefined;
      await page.evaluate(() => sessionStorage.clear());
      await page.goto(`${site.url}/console.html`);
      await page.getByText('npm run gallery -- operators add NAME').waitFor();
    },
  ],
  [
    'console before the first run',
    async (page, api) => {
      api.runs = [];
      await openConsole(page);
      await page.getByText('No campaign of the gallery is up').waitFor();
    },
  ],
  [
    'console',
    async (page, api) => {
      api.runs = [runningRun('2026-05-05T09:00:00.000Z'), failedRun(4)];
      api.runs.push(succeededRun(3, 0.11), succeededRun(2, 0.29), succeededRun(1, 0.24));
      api.campaigns = campaignsOf(2);
      await openConsole(page);
      await page.locator('.chart svg').waitFor();
      await page.locator('.run summary').nth(1).click();
      await page.getByText('As a table').click();
      await page.getByRole('button', { name: 'Invite a test person' }).click();
      await page.locator('.try-list img').nth(9).waitFor();
      await page.getByRole('button', { name: 'Like 3 pictures of it' }).click();
      await page.locator('.try-new').first().waitFor();
    },
  ],
  [
    'console with pictures on their way',
    async (page, api) => {
      api.curation.removed.push('emotions/calm/lake.jpg');
      await openConsole(page);
      await page.getByRole('button', { name: 'Put back lake.jpg' }).waitFor();
      const [svg, text] = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', 'text'];
      const mimeType = 'image/svg+xml';
      await page.locator('#curation-files').setInputFiles([
        { name: 'drawn.svg', mimeType, buffer: Buffer.from(svg) },
        { name: 'letter.svg', mimeType, buffer: Buffer.from(text) },
      ]);
      await page.getByRole('button', { name: 'Send 2 pictures' }).click();
      await page.getByText('2 of 2 pictures done').waitFor();
      await page.locator('#curation-title').scrollIntoViewIfNeeded();
    },
  ],
  [
    'console, asking before a stop',
    async (page) => {
      await page.getByRole('button', { name: 'Stop the training' }).click();
      await page.getByRole('dialog', { name: 'Stop this training?' }).waitFor();
    },
  ],
  [
    'console without an answer, after a first run that failed',
    async (page, api) => {
      api.runs = [failedRun(1)];
      api.campaigns = [];
      await openConsole(page);
      await page.getByText('No training has succeeded yet.').waitFor();
      api.intercept = () => BUSY;
      await page.getByText('No answer at the moment').waitFor();
    },
  ],
];

test.each(STATES)('axe finds nothing, everything fits and can be hit: %s', async (state, goTo) => {
  const { page, complaints } = watched;
  await page.setViewportSize(DESKTOP);
  await goTo(page, site.api);
  for (const { name, viewport, colorScheme } of LOOKS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await screenshot(page, `${state.replaceAll(' ', '-')}-${name}`);
    expect({ name, violations: await violations(page) }).toEqual({ name, violations: [] });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect({ name, overflow: Math.max(0, overflow) }).toEqual({ name, overflow: 0 });
  }
  expect(await smallTargets(page)).toEqual([]);
  // A browser reports every answer of 400 and above; those are a state's own.
  expect(
    complaints.filter((complaint) => !/the server responded with a status of 503/.test(complaint)),
  ).toEqual([]);
});
