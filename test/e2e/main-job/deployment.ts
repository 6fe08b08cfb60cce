// The one deployment that the chapters of the main job share, and the people who act in it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { accessOf } from '../../../local/start/ready';
import { Account } from '../../local/app/account';
import { copyAssembly } from '../../local/app/assembly';
import { GalleryClient, operatorToken } from '../../local/app/gallery-client';
import { type MinimumEvents, watchMinimumEvents } from '../../local/app/minimum-events';
import { type RunningApp, startApp } from '../../local/app/running-app';
import { cdk } from '../../local/aws/support/cli';
import { launchBrowser, openPage, type WatchedPage } from '../pages/browser';

export const PREFIX = 'emotion-gallery-dev';

/** The fields are there from `open` to `close`, which is while tests run. */
export class Deployment {
  readonly scratch = mkdtempSync(join(tmpdir(), 'main-job-'));
  app!: RunningApp;
  client!: GalleryClient;
  account!: Account;
  minimumEvents!: MinimumEvents;
  browser!: Browser;
  /** The folder of the cloud assembly that is deployed. */
  assembly!: string;
  /** The operator's token. */
  operator!: string;
  /** When the likes were enough, in milliseconds since 1970. */
  minimumAt = 0;
  /** The gallery page of the person who likes calm pictures, open from the first likes to the last model. */
  calm!: WatchedPage;

  async open(): Promise<void> {
    this.browser = await launchBrowser();
    this.app = await startApp({ args: ['--aws-port=0', '--site-port=0'] });
    this.assembly = join(this.app.stateDir, 'cdk.out');
    this.client = new GalleryClient(this.app.siteUrl);
    this.account = new Account(this.app);
    this.operator = operatorToken(this.app.operatorLink);
    this.minimumEvents = await watchMinimumEvents(this.app);
  }

  async close(): Promise<void> {
    this.client?.close();
    this.account?.close();
    await this.browser?.close();
    await this.app?.dispose();
    rmSync(this.scratch, { recursive: true, force: true });
  }

  /** A copy of what is deployed, to be changed. */
  copyOfAssembly(name: string): string {
    const copy = join(this.scratch, name);
    copyAssembly(this.assembly, copy);
    return copy;
  }

  /** Deploys one stack of an assembly by the CDK CLI. */
  deploy(stack: string, assembly: string) {
    const args = ['--exclusively', '--require-approval=never', '--progress=events', `--app=${assembly}`];
    return cdk(accessOf(this.app), 'deploy', `${PREFIX}-${stack}`, ...args);
  }

  /** A page of the site, in a browser of its own. */
  async visit(path: string): Promise<WatchedPage> {
    const watched = await openPage(this.browser);
    await watched.page.goto(`${this.app.siteUrl}${path}`);
    return watched;
  }

  /** A page for operators, opened by the operator link. */
  visitAsOperator(path: '/enabler.html' | '/console.html'): Promise<WatchedPage> {
    return this.visit(`${path}#operator=${this.operator}`);
  }
}

const PATIENCE_SECONDS = 120;

/** Asks until the answer is as wanted. */
export async function until<T>(
  ask: () => Promise<T>,
  isDone: (answer: T) => boolean,
  seconds = PATIENCE_SECONDS,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (isDone(answer)) return answer;
    if (Date.now() > end)
      throw new Error(`still ${JSON.stringify(answer).slice(0, 1000)} after ${seconds} s`);
    await sleep(500);
  }
}

/** Ends a visit; nothing went wrong in its browser. */
export async function leave({ page, complaints }: WatchedPage): Promise<void> {
  expect(complaints).toEqual([]);
  await page.context().close();
}
