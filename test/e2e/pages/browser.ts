// A real headless Chromium for the tests of the pages, and a page that reports everything that goes wrong in it.

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const SCREENSHOTS = join(__dirname, '../../../test-results/screenshots');

/** The browser to run: CHROMIUM_PATH, else `chromium` on the PATH. */
export function chromiumPath(): string {
  return process.env.CHROMIUM_PATH ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
}

/** Starts the browser, without sandbox (root in containers) and without traffic of its own. */
export function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--no-first-run',
      ...more,
    ],
  });
}

export const DESKTOP = { width: 1280, height: 860 };
export const PHONE = { width: 390, height: 844 };

/** How long anything on a page is waited for, in milliseconds; the pages themselves ask again only each minute when nothing is new. */
const PATIENCE_MS = 90_000;

/** A page of its own browser context, with what it complained about. */
export interface WatchedPage {
  readonly page: Page;
  /** Console errors, uncaught exceptions and violations of the content security policy. */
  readonly complaints: string[];
}

/** Opens a page with fresh storage. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({
    ...{ viewport: DESKTOP, locale: 'en-US' },
    // What a worker asks for, a test could not see or answer.
    serviceWorkers: 'block',
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints };
}

/**
 * Resolves when the page knows what is in view, which goes into a like's impression: a browser tells its observers in the order in
 * which they were made, this one last.
 */
export function inViewIsKnown(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((done) => {
        const observer = new IntersectionObserver(() => {
          observer.disconnect();
          done();
        });
        observer.observe(document.body);
      }),
  );
}

/** How many elements are kept alive that are not on the page any more: what was drawn before should be forgotten. */
export async function elementsLeftBehind(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const evaluated = await session.send('Runtime.evaluate', { expression: 'HTMLElement.prototype' });
  // What nothing holds is collected first.
  const { objects } = await session.send('Runtime.queryObjects', {
    prototypeObjectId: evaluated.result.objectId ?? '',
  });
  const { result } = await session.send('Runtime.callFunctionOn', {
    objectId: objects.objectId,
    // Prototypes are among them, and have a constructor of their own.
    functionDeclaration: `function () {
      return this.filter((one) => !Object.hasOwn(one, 'constructor') && !one.isConnected).length;
    }`,
    returnByValue: true,
  });
  await session.detach();
  return Number(result.value);
}

/** Saves a picture of what is in view under test-results/screenshots. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: 'disabled' });
}
