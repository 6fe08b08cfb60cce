// The project's main job, from an empty account to a personal gallery and back to nothing: the CDK CLI deploys the app
// into AWS on localhost, people use it in Chromium, and it trains by itself. The tests follow each other in one deployment.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { Account, comparable, output } from '../../local/app/account';
import { changeFunction, changeTemplate, copyAssembly } from '../../local/app/assembly';
import { GalleryClient, likeOf, operatorToken } from '../../local/app/gallery-client';
import { leftovers } from '../../local/app/leftovers';
import { type MinimumEvents, watchMinimumEvents } from '../../local/app/minimum-events';
import { likeByTaste } from '../../local/app/people';
import { type RunningApp, startApp } from '../../local/app/running-app';
import { cdk } from '../../local/aws/support/cli';
import { launchBrowser, openPage, screenshot, type WatchedPage } from '../pages/browser';

const PREFIX = 'emotion-gallery-dev';
const STACKS = ['storage', 'personalize', 'engagement', 'site', 'training', 'operations'];

jest.setTimeout(180_000);

let app: RunningApp;
let client: GalleryClient;
let account: Account;
let minimumEvents: MinimumEvents;
let browser: Browser;
let operator: string;
/** Of the person who likes calm pictures. */
let calmToken: string;
const scratch = mkdtempSync(join(tmpdir(), 'main-job-'));

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startApp();
  client = new GalleryClient(app.siteUrl);
  account = new Account(app);
  operator = operatorToken(app.operatorLink);
  minimumEvents = await watchMinimumEvents(app.awsEndpoint);
});

afterAll(async () => {
  client?.close();
  account?.close();
  await browser?.close();
  await app?.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

async function open(path: string): Promise<WatchedPage> {
  const watched = await openPage(browser);
  await watched.page.goto(path.startsWith('http') ? path : `${app.siteUrl}${path}`);
  return watched;
}

async function chooseCalm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Calm', exact: true }).click();
  await page.getByRole('button', { name: 'Calm, picture 12' }).waitFor();
}

/** Asks until the answer is as wanted. */
async function until<T>(ask: () => Promise<T>, isDone: (answer: T) => boolean, seconds: number): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (isDone(answer)) return answer;
    if (Date.now() > end)
      throw new Error(`still ${JSON.stringify(answer).slice(0, 1000)} after ${seconds} s`);
    await sleep(500);
  }
}

test('a fresh gallery has the sample pictures, and Amazon Personalize knows each of them', async () => {
  const { token } = await client.createVisitor();
  const images = await until(
    () => client.allImages(token),
    ({ length }) => length === 240,
    30,
  );
  const items = await account.exportDataset('ITEMS');
  expect(items.map(({ ITEM_ID }) => ITEM_ID).sort()).toEqual(images.map(({ itemId }) => itemId).sort());
  expect(await client.recommendations(token)).toMatchObject({ source: 'newest' });
});

test('a visitor likes with the mouse and with the keyboard', async () => {
  const { page, complaints } = await open('/enabler.html');
  await chooseCalm(page);
  for (const position of [0, 1, 3]) await page.locator('.tile').nth(position).click();
  await page.locator('.tile').nth(4).focus();
  await page.keyboard.press('l');
  await page.keyboard.press('Space');
  await page.getByText('All saved').waitFor();
  expect(await page.locator('.own-count').textContent()).toBe('5 of 40');
  await page.getByText('5 of 1,000').waitFor();
  await screenshot(page, 'main-job-visitor');
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('an operator acts as one person after the other', async () => {
  const { page, complaints } = await open(app.operatorLink);
  for (const likes of [2, 3]) {
    await page.getByRole('button', { name: 'Next person' }).click();
    // The button rests until the next person has taken over.
    await page.locator('#next-person:enabled').waitFor();
    await chooseCalm(page);
    for (let position = 0; position < likes; position += 1) await page.locator('.tile').nth(position).click();
    await page.getByText('All saved').waitFor();
  }
  // Every function instance remembers the progress for a second.
  const progress = await until(
    () => client.progress(),
    ({ interactions }) => interactions >= 10,
    10,
  );
  expect(progress).toMatchObject({ users: 3, qualifiedUsers: 3, interactions: 10 });
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('a crowd brings it to the minimum, the page says so, and it is announced once', async () => {
  const [calm] = await client.createPeople(operator, { emotion: 'calm' });
  calmToken = calm?.token ?? '';
  const images = await client.allImages(calmToken);
  await likeByTaste(client, calmToken, images, { emotion: 'calm', inside: 12, outside: 0 });

  const { page, complaints } = await open(app.operatorLink);
  await page.getByRole('button', { name: 'Send the crowd' }).click();
  await page.getByText('The crowd is through: 25 people, 1,000 likes.').waitFor({ timeout: 90_000 });
  await page.getByRole('dialog', { name: 'We did it' }).waitFor({ timeout: 40_000 });
  await screenshot(page, 'main-job-minimum');
  await page.getByRole('button', { name: 'Keep liking' }).click();
  await page.getByText('The gallery has started to learn').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();

  expect(await client.progress()).toMatchObject({ users: 29, qualifiedUsers: 29, interactions: 1_022 });
  expect(await minimumEvents.read()).toEqual([
    expect.objectContaining({ datasetGroupArn: output(app, 'DatasetGroupArn') }),
  ]);
});

test("Amazon Personalize's dataset holds exactly the accepted likes", async () => {
  const stored = comparable(await account.storedLikes());
  expect(stored).toHaveLength(1_022);
  expect(comparable(await account.datasetLikes())).toEqual(stored);
});

test('it trains by itself, and the gallery turns personal', async () => {
  const { state, runs } = await until(
    () => client.status(operator),
    (status) => status.state === 'ready' || status.state === 'failed',
    120,
  );
  expect({ state, outcomes: runs?.map(({ outcome }) => outcome), result: runs?.[0]?.result }).toMatchObject({
    state: 'ready',
    outcomes: ['succeeded'],
  });
  const { source, recommendationId, images } = await client.recommendations(calmToken, '?limit=16');
  expect(source).toBe('personalize');
  expect(recommendationId).toMatch(/^RID-/);
  const calm = images.filter(({ emotion }) => emotion === 'calm');
  expect(calm.length).toBeGreaterThan(images.length / 2);
  expect(images.filter(({ liked }) => liked)).toEqual([]);
});

test('likes move the next list, and pictures have similar ones', async () => {
  const { token } = await client.createVisitor();
  const images = await client.allImages(token);
  const before = await client.recommendations(token, '?limit=16');
  const liked = await likeByTaste(client, token, images, { emotion: 'sad', inside: 8, outside: 0 });
  const after = await until(
    () => client.recommendations(token, '?limit=16'),
    (list) => list.images.filter(({ emotion }) => emotion === 'sad').length > 8,
    10,
  );
  const ids = (list: typeof before) => list.images.map(({ itemId }) => itemId);
  expect(ids(after)).not.toEqual(ids(before));
  expect(ids(after).filter((itemId) => liked.includes(itemId))).toEqual([]);

  const [first = ''] = liked;
  const similar = await client.similar(token, first, '?limit=10');
  expect(similar.source).toBe('personalize');
  expect(ids(similar)).not.toContain(first);
});

test('deploying again changes nothing', async () => {
  const { exitCode, output: text } = await cdk(
    app.awsEndpoint,
    'deploy',
    '--all',
    '--require-approval=never',
    `--app=${join(app.stateDir, 'cdk.out')}`,
  );
  expect({ exitCode, text }).toMatchObject({ exitCode: 0 });
  for (const stack of STACKS) expect(text).toContain(`${PREFIX}-${stack} (no changes)`);
});

test('a changed function is updated in place', async () => {
  const assembly = join(scratch, 'changed');
  copyAssembly(join(app.stateDir, 'cdk.out'), assembly);
  changeFunction(assembly, `${PREFIX}-engagement`, 'Pictures by emotion, likes', 'Pictures by mood, likes');
  const { exitCode, output: text } = await deployEngagement(assembly);
  expect({ exitCode, text }).toMatchObject({ exitCode: 0 });
  expect(text.match(/UPDATE_COMPLETE +\| AWS::Lambda::Function/g)).toHaveLength(1);
  const { text: document } = await client.send('/api/openapi.json');
  expect(document).toContain('Pictures by mood');
});

test('a change that fails is rolled back, and the gallery goes on', async () => {
  const assembly = join(scratch, 'broken');
  copyAssembly(join(app.stateDir, 'cdk.out'), assembly);
  changeFunction(
    assembly,
    `${PREFIX}-engagement`,
    'Pictures by emotion, likes',
    'Pictures by weather, likes',
  );
  changeTemplate(assembly, `${PREFIX}-engagement`, ({ Resources }) => {
    const [, queue] = Object.entries(Resources).find(([, { Type }]) => Type === 'AWS::SQS::Queue') ?? [];
    const [openapi] = Object.entries(Resources).find(
      ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.includes('openapi'),
    ) ?? [''];
    if (!queue) throw new Error('the engagement stack has no queue');
    queue.Properties.VisibilityTimeout = 1_000_000;
    // The function is updated first, so that there is something to roll back.
    queue.DependsOn = openapi;
  });
  const { exitCode, output: text } = await deployEngagement(assembly);
  expect(exitCode).toBe(1);
  // The CLI cuts what is longer than its column.
  expect(text).toContain('UPDATE_ROLLBACK_COMPLET');
  const { text: document } = await client.send('/api/openapi.json');
  expect(document).toContain('Pictures by mood');
  const { token } = await client.createVisitor();
  const { accepted } = await client.like(token, [likeOf('emotions/happy/happy-01.svg')]);
  expect(accepted).toHaveLength(1);
});

function deployEngagement(assembly: string) {
  const stack = `${PREFIX}-engagement`;
  const args = ['--exclusively', '--require-approval=never', '--progress=events', `--app=${assembly}`];
  return cdk(app.awsEndpoint, 'deploy', stack, ...args);
}

test('destroying the stacks leaves nothing', async () => {
  await minimumEvents.close();
  const { exitCode, output: text } = await cdk(
    app.awsEndpoint,
    'destroy',
    '--all',
    '--force',
    `--app=${join(app.stateDir, 'cdk.out')}`,
  );
  expect({ exitCode, text }).toMatchObject({ exitCode: 0 });
  expect(await leftovers(app.awsEndpoint)).toEqual([]);
});
