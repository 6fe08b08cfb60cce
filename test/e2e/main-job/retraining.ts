// A later training, started on the console page: new likes make a version that serves. That a worse one does not is shown by
// `test/local/training/pipeline.test.ts`, and that the console says why by `test/e2e/pages/console.test.ts`.
import type { Locator, Page } from 'playwright-core';
import { solutionsOf } from '../../../enabler-web/console/results';
import { EMOTIONS } from '../../../lambda/shared/contract/emotions';
import type { Run } from '../../../lambda/shared/contract/schemas';
import { screenshot, type WatchedPage } from '../pages/browser';
import { type Deployment, leave } from './deployment';
import { endedRun, sendCrowd } from './operating';

/** Three test users may bring a good model below a bar, but not by more than chance explains. */
const PASSED = '(good enough|below .*, but within chance)';

const card = (page: Page, name: string) => page.getByRole('region', { name });

/** What the page says of the campaign that recommends. */
const recommendations = (page: Page) =>
  page.locator('.campaign', { has: page.getByRole('heading', { name: 'Recommendations' }) });

/** The moods of the pictures in a list, in its order. */
const moodsOf = (list: Locator) =>
  list
    .locator('[data-emotion]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-emotion') ?? ''));

const shortName = (versionArn = '') => versionArn.split('/').at(-1) ?? '';

function personalOf(run: Run) {
  const personal = solutionsOf(run).find(({ solution }) => solution.endsWith('-personal'));
  if (!personal) throw new Error(`no personal model in ${JSON.stringify(run)}`);
  return personal;
}

export function retraining(deployment: Deployment): void {
  let operators: WatchedPage;

  /** Starts a training on the console page, sees it under way there, and waits for its end. */
  async function train(page: Page, runs: number): Promise<Run> {
    await page.getByRole('button', { name: 'Start a training' }).click();
    await page.getByText('A training is under way.').waitFor();
    await card(page, 'Training').locator('[aria-current="step"]').waitFor();
    const run = await endedRun(deployment, runs);
    expect(run).toMatchObject({ outcome: 'succeeded', reason: 'operator' });
    await card(page, 'Runs')
      .getByText('By an operator')
      .nth(runs - 2)
      .waitFor();
    await page.getByText('The last training succeeded.').waitFor();
    return run;
  }

  async function crowdComes(crowd: Parameters<typeof sendCrowd>[1]): Promise<void> {
    const visit = await deployment.visitAsOperator('/enabler.html');
    await sendCrowd(visit.page, crowd);
    await leave(visit);
  }

  test('the console shows the run, its metrics, and which version serves', async () => {
    operators = await deployment.visitAsOperator('/console.html');
    const { page } = operators;
    await card(page, 'Runs').getByText('The minimum was reached').waitFor();
    await page.getByRole('img', { name: 'NDCG at 25 of each solution in 1 run' }).waitFor();
    const served = await deployment.account.servedVersion('personal');
    await recommendations(page).getByText(shortName(served), { exact: true }).waitFor();
    await recommendations(page)
      .getByText(new RegExp(`^${PASSED} \\(0\\.\\d{3}, baseline 0\\.\\d{3}, about \\d test users\\)$`))
      .waitFor();
    await card(page, 'Serving now').getByText('$0.74 an hour').waitFor();
  });

  test('one person’s list before and after likes stands on the console', async () => {
    const { page } = operators;
    await page.getByRole('button', { name: 'Invite a test person' }).click();
    const before = card(page, 'Before');
    await before.locator('img').nth(9).waitFor();
    const shown = await moodsOf(before);
    const mood = EMOTIONS.find((emotion) => !shown.includes(emotion)) ?? 'sad';
    await page.getByLabel('Mood').selectOption(mood);
    await page.getByRole('button', { name: 'Like 3 pictures of it' }).click();
    const after = card(page, 'After 3 likes');
    await after.locator('img').nth(9).waitFor();
    const count = (moods: readonly string[]) => moods.filter((one) => one === mood).length;
    expect(count(await moodsOf(after))).toBeGreaterThan(count(shown));
    expect(await after.locator('.try-new').count()).toBeGreaterThan(0);
  });

  test('a training with new likes, started on the console: its version serves', async () => {
    const before = await deployment.account.servedVersion('personal');
    await crowdComes({ people: 10, likesEach: 28, noise: 0 });
    const { page } = operators;
    const run = await train(page, 2);
    const personal = personalOf(run);
    expect(personal.verdict).toMatchObject({ passed: true, served: expect.any(Number) });
    expect(personal.version).not.toBe(before);
    expect(await deployment.account.servedVersion('personal')).toBe(personal.version);
    await recommendations(page).getByText(shortName(personal.version), { exact: true }).waitFor();
    await recommendations(page)
      .getByText(new RegExp(`^${PASSED} \\(.* in service before 0\\.\\d{3}, about \\d test users\\)$`))
      .waitFor();
    await page.getByRole('img', { name: 'NDCG at 25 of each solution in 2 runs' }).waitFor();

    await screenshot(page, 'main-job-console');

    await deployment.calm.page.reload();
    await deployment.calm.page.getByText('Chosen for you').waitFor();
    await leave(operators);
    await leave(deployment.calm);
  });
}
