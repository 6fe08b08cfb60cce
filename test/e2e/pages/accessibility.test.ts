// Every page and state checked by axe, in light and dark, at desktop and phone width.

import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { DESKTOP, launchBrowser, openPage, PHONE, screenshot } from './browser';
import { OPERATOR_TOKEN } from './fake-api';
import { startSite, type TestSite } from './site';

// Five states a test, each read by axe in full: slow on a busy machine.
jest.setTimeout(150_000);

let browser: Browser;
let site: TestSite;

beforeAll(async () => {
  browser = await launchBrowser();
  site = await startSite();
});

afterAll(async () => {
  await browser.close();
  await site.close();
});

/** What axe finds: rule, and where. The pages have no frames, so the faster run inside the page alone will do. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
  );
}

/** The states to check: how to get there. */
const STATES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  choice: async (page) => {
    await page.goto(`${site.url}/enabler.html#operator=${OPERATOR_TOKEN}`);
    await page.getByText(/ of 1,000/).waitFor();
  },
  wall: async (page) => {
    await page.locator('.card').nth(6).click();
    await page.locator('.tile').nth(11).waitFor();
    await page.locator('.tile').nth(1).click();
    await page.locator('.tile-status', { hasText: 'Saved' }).waitFor();
  },
  keys: (page) => page.keyboard.press('?'),
  board: async (page) => {
    await page.goto(`${site.url}/board.html`);
    await page.locator('.latest-picture').first().waitFor();
  },
  gallery: async (page) => {
    await page.goto(site.url);
    await page.locator('.gallery-picture').nth(11).waitFor();
  },
};

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test.each([
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ])('axe finds nothing at %s width', async (name, viewport) => {
    const { page, complaints } = await openPage(browser, { viewport, colorScheme, reducedMotion: 'reduce' });
    for (const [state, goTo] of Object.entries(STATES)) {
      await goTo(page);
      await screenshot(page, `${state}-${name}-${colorScheme}`);
      expect({ state, violations: await violations(page) }).toEqual({ state, violations: [] });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect({ state, overflow: Math.max(0, overflow) }).toEqual({ state, overflow: 0 });
    }
    expect(complaints).toEqual([]);
  });
});

test('buttons, links and fields are at least 44 pixels high', async () => {
  const { page } = await openPage(browser, { viewport: PHONE });
  for (const state of ['choice', 'wall', 'gallery'] as const) {
    await STATES[state]?.(page);
    const small = await page
      .locator('a:visible, button:visible, select:visible, input:visible')
      .evaluateAll((all) =>
        all
          .filter((element) => !element.classList.contains('skip'))
          .map((element) => ({ text: element.textContent, height: element.getBoundingClientRect().height }))
          .filter(({ height }) => height < 43.9),
      );
    expect({ state, small }).toEqual({ state, small: [] });
  }
});
