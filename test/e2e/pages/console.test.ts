// The console as operators use it: what runs, what serves and why, what it costs, start and stop, one person before and after.

import type { Browser, Page } from 'playwright-core';
import type { Group } from '../../../lambda/shared/contract/schemas';
import { openPage, screenshot } from './browser';
import { type FakeApi, OPERATOR_TOKEN } from './fake-api';
import { campaignsOf, failedRun, groupOf, groupsOf, runningRun, succeededRun } from './fake-pipeline';
import type { TestSite } from './site';
import { onStage } from './stage';

let browser: Browser;
let api: FakeApi;
let site: TestSite;

onStage((stage) => {
  ({ browser, api, site } = stage);
});

async function openConsole(options = {}, token = OPERATOR_TOKEN) {
  const watched = await openPage(browser, options);
  await watched.page.goto(`${site.url}/console.html#operator=${token}`);
  return watched;
}

const box = (page: Page, name: string) => page.getByRole('region', { name });

test('without an operator link it says how to get one, and asks for nothing', async () => {
  const { page, complaints } = await openPage(browser);
  await page.goto(`${site.url}/console.html`);
  await page.getByText('npm run gallery -- operators add NAME').waitFor();
  expect(await page.getByRole('button', { name: 'Start a training' }).count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('the token leaves the address, and a link that is not valid any more is told', async () => {
  const { page } = await openConsole({}, 'expired');
  await page.getByText('The operator link is not valid any more: it has run out or was revoked.').waitFor();
  expect(await page.getByText('One moment…').isVisible()).toBe(false);
  expect(await page.getByRole('button', { name: 'Invite a test person' }).isVisible()).toBe(false);
  expect(page.url()).toBe(`${site.url}/console.html`);
});

test('a training is started, shown step by step, and stopped after a question', async () => {
  const { page } = await openConsole();
  await page.getByText('it starts by itself at the minimum. Still missing: 23 people').waitFor();
  await page.getByRole('button', { name: 'Start a training' }).click();
  await page.getByText('A training is under way.').waitFor();
  const current = box(page, 'Training').locator('[aria-current="step"]');
  expect(await current.textContent()).toMatch(/^Train ?gallery-personal/);
  expect(await page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('36');
  await page.getByRole('button', { name: 'Stop the training' }).click();
  const question = page.getByRole('dialog', { name: 'Stop this training?' });
  await question.getByRole('button', { name: 'Let it go on' }).click();
  expect(api.runs[0]?.outcome).toBe('running');
  await page.getByRole('button', { name: 'Stop the training' }).click();
  await question.getByRole('button', { name: 'Stop the training' }).click();
  await page.getByText('The last run failed at “Train”: Stopped by an operator').waitFor();
  expect(api.runs[0]?.outcome).toBe('failed');
});

test('a press is not lost when news make the card anew while the button is down', async () => {
  api.runs = [runningRun(new Date().toISOString())];
  const { page } = await openConsole();
  await page.getByRole('button', { name: 'Stop the training' }).hover();
  await page.mouse.down();
  // The time that a run takes goes on, so each reading is news; when the second one is answered the first one has been shown.
  for (let reading = 0; reading < 2; reading += 1) await page.waitForResponse('**/api/status');
  await page.mouse.up();
  await page.getByRole('dialog', { name: 'Stop this training?' }).waitFor();
});

test('it tells which version serves, what the gate said, why the newest was not taken, and the costs', async () => {
  api.runs = [succeededRun(3, 0.11), succeededRun(2, 0.29), succeededRun(1, 0.24)];
  api.campaigns = campaignsOf(2);
  api.groups = groupsOf(2);
  const { page, complaints } = await openConsole();
  const serving = box(page, 'Serving now');
  await serving
    .getByText('good enough (0.270, baseline 0.121, in service before 0.200, about 212 test users)')
    .waitFor();
  await serving.getByText('The newest version, v3, was not taken: below the baseline').first().waitFor();
  await serving.getByText('$0.74 an hour, $532.94 in 30 days').waitFor();
  await serving.getByText('This gallery runs on localhost, where nothing is billed').waitFor();
  expect(complaints).toEqual([]);
});

const films: Group['serving'][number] = {
  ...{ kind: 'campaign', name: 'cinema-films', status: 'ACTIVE', minProvisionedTps: 2 },
  recipe: 'aws-user-personalization-v2',
};

test('every dataset group stands there: what serves, what comes next and when, what it waits for, its costs', async () => {
  api.runs = [succeededRun(1, 0.24)];
  api.campaigns = campaignsOf(1);
  api.groups = groupsOf(
    1,
    groupOf('cinema', {
      serving: [films, { ...films, kind: 'recommender', name: 'cinema-auto', recipe: '' }],
      next: { what: 'training of cinema-films', at: '2026-05-04T03:00:00.000Z' },
      pricePerHour: 1.08,
    }),
    groupOf('shop', {
      state: 'waiting',
      waiting: ['no file under s3://bucket/personalize/data/shop/Interactions/'],
      planned: [{ what: 'create dataset group shop', after: ['the files'] }],
    }),
  );
  const { page, complaints } = await openConsole();
  const groups = box(page, 'Dataset groups');
  const names = await groups.getByRole('heading', { level: 3 }).allTextContents();
  expect(names).toEqual(['gallery (this gallery)', 'cinema', 'shop']);
  const facts = (name: string) =>
    groups.locator('.campaign', { has: page.getByRole('heading', { name }) }).locator('.facts');
  await facts('cinema').getByText('cinema-films: campaign of aws-user-personalization-v2, ACTIVE').waitFor();
  await facts('cinema')
    .getByText('cinema-auto: recommender of a recipe that Amazon Personalize chose')
    .waitFor();
  await facts('cinema')
    .getByText(/^training of cinema-films, by its schedule on May 4/)
    .waitFor();
  await facts('cinema').getByText('$1.08 an hour').waitFor();
  await facts('shop').getByText('no file under s3://bucket/').waitFor();
  await facts('shop').getByText('create dataset group shop, after: the files').waitFor();
  await facts('shop')
    .getByText(/^looked at again by May 1, .* at the latest$/)
    .waitFor();
  // The gallery's two campaigns are 0.74 of it.
  await box(page, 'Serving now').getByText('$1.82 an hour').waitFor();
  await screenshot(page, 'console-groups');
  expect(complaints).toEqual([]);
});

test('a group that needs a person says at which step, why, and what to do; its training is started and stopped by the keyboard', async () => {
  const problem = {
    ...{ step: 'import', source: 'personalize/config/cinema.json', code: 'ResourceFailed' },
    ...{ reason: 'TIMESTAMP must be in seconds (films.csv, line 7)', advice: 'Upload a corrected file.' },
  };
  api.groups = groupsOf(0, groupOf('cinema', { state: 'failed', problems: [problem] }));
  const { page } = await openConsole();
  const groups = box(page, 'Dataset groups');
  await groups.getByText('Needs a person').waitFor();
  await groups.getByText('Failed at “Import”: TIMESTAMP must be in seconds (films.csv, line 7)').waitFor();
  await groups.getByText('Upload a corrected file. (personalize/config/cinema.json)').waitFor();
  await groups.getByRole('button', { name: 'Start a training' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('The training has been started.').waitFor();
  api.groups = groupsOf(0, groupOf('cinema', { state: 'working' }));
  await groups.getByRole('button', { name: 'Stop the training' }).focus();
  await page.keyboard.press('Enter');
  const question = page.getByRole('dialog', { name: 'Stop this training?' });
  await question.getByText('cinema').waitFor();
  await question.getByRole('button', { name: 'Stop the training' }).click();
  await page.getByText('The training has been stopped.').waitFor();
  expect(api.controlled).toEqual([
    { action: 'start', datasetGroup: 'cinema' },
    { action: 'stop', datasetGroup: 'cinema' },
  ]);
});

test('before the controller has looked, the page says so and claims no costs', async () => {
  api.intercept = ({ path, authorization }) =>
    path === '/api/status' && authorization
      ? { status: 200, body: { state: 'ready', runs: [succeededRun(1, 0.2)] } }
      : undefined;
  const { page } = await openConsole();
  await page.getByText('has not looked yet which campaigns are up').waitFor();
  expect(await page.getByText('an hour').count()).toBe(0);
});

test('the metrics of all runs are a chart with the same numbers in a table, for the metric that one chooses', async () => {
  api.runs = [failedRun(4), succeededRun(3, 0.11), succeededRun(2, 0.29), succeededRun(1, 0.24)];
  const { page } = await openConsole();
  await page.getByRole('img', { name: 'NDCG at 25 of each solution in 3 runs' }).waitFor();
  expect(await page.locator('.chart-series').count()).toBe(4);
  await page.getByText('As a table').click();
  await page.getByRole('row', { name: 'personal 0.220 0.270 0.090' }).waitFor();
  await page.getByLabel('Metric').selectOption('coverage');
  await page.getByRole('img', { name: 'coverage of each solution in 3 runs' }).waitFor();
});

test('after a failed run it says that the earlier model goes on serving', async () => {
  api.runs = [failedRun(2), succeededRun(1, 0.24)];
  const { page } = await openConsole();
  await page.getByText('What an earlier training made goes on serving.').waitFor();
  await page.getByText('The last run failed at “Train”: too many trainings at a time').waitFor();
  expect(await page.getByText('The last training succeeded.').count()).toBe(0);
});

test('a run that failed names its step and reason, and stays open while the page reads on', async () => {
  api.runs = [failedRun(2), succeededRun(1, 0.24)];
  const { page } = await openConsole();
  const runs = box(page, 'Runs');
  await runs.locator('summary').first().click();
  await runs.getByText('Failed at “Train”: too many trainings at a time').waitFor();
  api.runs.unshift(runningRun(new Date().toISOString()));
  await runs.locator('summary', { hasText: 'running' }).waitFor();
  expect(await runs.getByText('Failed at “Train”').isVisible()).toBe(true);
});

test('news leave an open table open, and the keyboard where it is', async () => {
  api.runs = [succeededRun(1, 0.24)];
  const { page } = await openConsole();
  await page.getByText('As a table').click();
  await page.getByLabel('Metric').selectOption('coverage');
  const run = page.locator('.run summary').last();
  await run.focus();
  api.runs.unshift(succeededRun(2, 0.29));
  await page.getByRole('img', { name: 'coverage of each solution in 2 runs' }).waitFor();
  expect(await page.getByRole('table').isVisible()).toBe(true);
  expect(await page.getByLabel('Metric').inputValue()).toBe('coverage');
  expect(await run.evaluate((element) => element === document.activeElement)).toBe(true);
});

test('a step of a training does not take the chart from under somebody’s hands', async () => {
  api.runs = [runningRun(new Date().toISOString()), succeededRun(1, 0.24)];
  const { page } = await openConsole();
  const metric = await page.getByLabel('Metric').elementHandle();
  const [running] = api.runs;
  if (!running) throw new Error('nothing runs');
  const steps = [
    ...running.steps,
    { step: 'judge', detail: 'gallery-personal', startedAt: new Date().toISOString() },
  ];
  api.runs = [{ ...running, step: 'judge', steps }, ...api.runs.slice(1)];
  await box(page, 'Training').locator('[aria-current="step"]', { hasText: 'Judge' }).waitFor();
  expect(await metric?.evaluate((element) => element.isConnected)).toBe(true);
});

test('one person’s list before and after likes stands side by side', async () => {
  api.model.source = 'personalize';
  const { page, complaints } = await openConsole();
  await page.getByRole('button', { name: 'Invite a test person' }).click();
  const before = box(page, 'Before');
  await before.getByText('Calm: 1 of 10').waitFor();
  await page.getByRole('button', { name: 'Like 3 pictures of it' }).click();
  const after = box(page, 'After 3 likes');
  await after.getByText('Calm: 10 of 10').waitFor();
  expect(await after.locator('.try-new').count()).toBe(10);
  expect(api.events.map(({ recommendationId }) => recommendationId)).toEqual(['RID-1', 'RID-1', 'RID-1']);
  await screenshot(page, 'console-person');
  expect(complaints).toEqual([]);
});

test('without an answer it keeps what it knows, and goes on by itself', async () => {
  api.runs = [succeededRun(1, 0.24)];
  const { page } = await openConsole();
  await page.getByText('The last training succeeded.').waitFor();
  api.intercept = () => ({ status: 503, body: { type: 'about:blank', title: 'busy', status: 503 } });
  await page.getByText('No answer at the moment').waitFor();
  expect(await page.getByText('The last training succeeded.').isVisible()).toBe(true);
  api.intercept = () => undefined;
  await page.getByText('No answer at the moment').waitFor({ state: 'hidden' });
});

test('in Korean', async () => {
  api.runs = [succeededRun(2, 0.29), succeededRun(1, 0.24)];
  api.campaigns = campaignsOf(2);
  api.groups = groupsOf(2);
  const { page } = await openConsole({ locale: 'ko-KR' });
  await page.getByText('시간당 US$0.74, 30일에').waitFor();
  await page.getByRole('button', { name: '학습 시작' }).waitFor();
  await screenshot(page, 'console-korean');
});

test.each([
  ['en-US', 'Not in the gallery: 2 files', 'unknown emotion', 'console-refused'],
  ['ko-KR', '갤러리에 없는 파일 2개', '모르는 감정 폴더입니다', 'console-refused-korean'],
])(
  'files that are not in the gallery are listed with the reason, in %s',
  async (locale, title, reason, name) => {
    api.refusedFiles = [
      { key: 'emotions/calm/IMG_0001.HEIC', reason: 'HEIC cannot be read here: save it as JPEG' },
      { key: 'emotions/hapy/lake.jpg', reason: 'unknown emotion' },
    ];
    const { page } = await openConsole({ locale });
    const card = box(page, title).first();
    await card.getByText(reason).waitFor();
    await card.scrollIntoViewIfNeeded();
    await screenshot(page, name);
  },
);
