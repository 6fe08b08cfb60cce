// What every test of pages stands on: one browser and one site for a file; each test has a fresh API, and its tabs are closed after it.
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser';
import { FakeApi } from './fake-api';
import { startSite, type TestSite } from './site';

export interface Stage {
  readonly browser: Browser;
  readonly site: TestSite;
  /** What answers the pages' calls in this test. */
  readonly api: FakeApi;
}

/** Sets the stage for the tests of this file, and hands it to `use` before each of them. */
export function onStage(use: (stage: Stage) => void): void {
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
  beforeEach(() => {
    const api = new FakeApi();
    site.api = api;
    use({ browser, site, api });
  });
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
}
