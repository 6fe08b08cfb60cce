// The gallery after the first training, as people see it in their browsers.
import type { Page } from 'playwright-core';
import { solutionsOf } from '../../../enabler-web/console/results';
import { EMOTIONS, type Emotion, emotionOfItemId } from '../../../lambda/shared/contract/emotions';
import { screenshot } from '../pages/browser';
import { type Deployment, leave } from './deployment';
import { endedRun } from './operating';

const LIKES_TO_CHANGE_A_LIST = 3;

/** Item ids of the pictures on the page, in their order. */
function shownItems(page: Page): Promise<string[]> {
  return page
    .locator('.gallery .card-open')
    .evaluateAll((all) => all.map((card) => card.getAttribute('data-item') ?? ''));
}

const ofMood = (items: readonly string[], mood: Emotion) =>
  items.filter((itemId) => emotionOfItemId(itemId) === mood);

/** The mood with the fewest of the pictures that still has enough to like. */
function rareMood(items: readonly string[]): Emotion {
  const [rarest] = EMOTIONS.filter((mood) => ofMood(items, mood).length >= LIKES_TO_CHANGE_A_LIST).sort(
    (left, right) => ofMood(items, left).length - ofMood(items, right).length,
  );
  if (!rarest) throw new Error(`no mood has ${LIKES_TO_CHANGE_A_LIST} pictures among ${items}`);
  return rarest;
}

export function personalGallery(deployment: Deployment): void {
  test('it trains by itself, and the open page turns personal: calm pictures for who likes calm ones', async () => {
    const run = await endedRun(deployment, 1);
    expect(run).toMatchObject({ outcome: 'succeeded', reason: 'minimum-reached' });
    const seconds = (Date.parse(String(run.endedAt)) - deployment.minimumAt) / 1000;
    process.stdout.write(`from the minimum to personal: ${seconds.toFixed(1)} seconds\n`);
    // The two that are served, and the baseline that judges them.
    expect(solutionsOf(run)).toHaveLength(3);

    const { page, complaints } = deployment.calm;
    await page.getByText('Chosen for you').waitFor();
    await page.locator('.invite').waitFor({ state: 'hidden' });
    const items = await shownItems(page);
    expect(items).toHaveLength(24);
    expect(await page.getByRole('button', { name: 'All moods' }).getAttribute('aria-pressed')).toBe('true');
    expect(ofMood(items, 'calm').length).toBeGreaterThan(items.length / 2);
    // What they like already is not recommended.
    expect(await page.locator('.like[aria-pressed="true"]').count()).toBe(0);
    await screenshot(page, 'main-job-gallery-personal');
    expect(complaints).toEqual([]);
  });

  test('a few likes on the page change the next list for everyone to see', async () => {
    const visit = await deployment.visit('/');
    const { page } = visit;
    await page.locator('.card').nth(23).waitFor();
    const before = await shownItems(page);
    const mood = rareMood(before);
    const liked = ofMood(before, mood).slice(0, LIKES_TO_CHANGE_A_LIST);
    for (const itemId of liked) {
      await page
        .locator('.card', { has: page.locator(`[data-item="${itemId}"]`) })
        .locator('.like')
        .click();
    }
    await page.getByText(/^3 likes changed your list: \d+ new pictures?\.$/).waitFor();
    await page.getByRole('button', { name: 'Show my new list' }).click();
    await page.locator('.card-new').first().waitFor();
    const after = await shownItems(page);
    expect(ofMood(after, mood).length).toBeGreaterThan(ofMood(before, mood).length);
    expect(after.filter((itemId) => liked.includes(itemId))).toEqual([]);
    expect(await page.locator('.card-new').count()).toBe(
      after.filter((itemId) => !before.includes(itemId)).length,
    );
    await screenshot(page, 'main-job-gallery-changed');

    const stored = await deployment.account.rows('LikesTableName');
    const theirs = stored.filter(
      ({ itemId, recommendationId }) => liked.includes(String(itemId)) && recommendationId,
    );
    expect(theirs).toHaveLength(LIKES_TO_CHANGE_A_LIST);
    expect(new Set(theirs.map(({ recommendationId }) => recommendationId)).size).toBe(1);
    await leave(visit);
  });

  test('a picture opens with pictures similar to it, which open in its place', async () => {
    const { page, complaints } = deployment.calm;
    const [first = ''] = await shownItems(page);
    await page.locator('.card-open').first().click();
    const viewer = page.getByRole('dialog');
    await viewer.getByText('Liked by the people who like this one.').waitFor();
    const similar = await viewer
      .locator('.card-open')
      .evaluateAll((all) => all.map((card) => card.getAttribute('data-item') ?? ''));
    expect(similar).toHaveLength(12);
    expect(similar).not.toContain(first);
    await screenshot(page, 'main-job-similar');
    const next = viewer.locator('.card-open').first();
    const address = await next.locator('img').getAttribute('src');
    await next.click();
    await viewer.locator(`.viewer-stage img[src="${address}"]`).waitFor();
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });
}
