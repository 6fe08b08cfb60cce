// The gallery after the first training, as people see it in their browsers.
import type { Page } from 'playwright-core';
import { solutionsOf } from '../../../enabler-web/console/results';
import { EMOTIONS, type Emotion, emotionOfItemId } from '../../../lambda/shared/contract/emotions';
import { screenshot } from '../pages/browser';
import { type Deployment, leave, until } from './deployment';
import { endedRun } from './operating';

const LIKES_TO_CHANGE_A_LIST = 3;
/** In this time what an operator takes out is gone everywhere. */
const GONE_WITHIN_SECONDS = 60;

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

  test('a picture that an operator takes out is gone from everybody’s recommendations within a minute, and comes back when it is put back', async () => {
    const { page } = deployment.calm;
    const { account, client } = deployment;
    const someone = await client.createVisitor();
    await page.reload();
    await page.getByText('Chosen for you').waitFor();
    const [itemId = '', other = ''] = await shownItems(page);
    const name = itemId.split('/').at(-1) ?? '';
    const address = await page.locator(`[data-item="${itemId}"] img`).getAttribute('src');
    const idsOf = ({ images }: Awaited<ReturnType<typeof client.recommendations>>) =>
      images.map((image) => image.itemId);
    const lists = {
      personal: async () => idsOf(await client.recommendations(someone.token, '?limit=50')),
      similar: async () => idsOf(await client.similar(someone.token, other, '?limit=50')),
      filtered: () => account.recommended(someone.visitorId, 'in-gallery'),
      all: async () => (await client.allImages(someone.token)).map((image) => image.itemId),
    };
    const untilGone = (list: () => Promise<string[]>) =>
      until(list, (items) => !items.includes(itemId), GONE_WITHIN_SECONDS);

    const visit = await deployment.visitAsOperator('/console.html');
    await visit.page.locator('#curation-emotion').selectOption(emotionOfItemId(itemId) ?? '');
    await visit.page.getByRole('button', { name: `Take out ${name}` }).click();
    await visit.page.getByText('Within a minute nobody sees it any more.').waitFor();
    const after = await Promise.all(Object.values(lists).map(untilGone));
    for (const items of after) expect(items).not.toEqual([]);
    await until(
      () => client.send(address ?? ''),
      ({ status }) => status === 404,
      GONE_WITHIN_SECONDS,
    );
    await page.reload();
    await page.getByText('Chosen for you').waitFor();
    expect(await shownItems(page)).not.toContain(itemId);
    // The model still has it: it is the filter that leaves it out.
    expect(await account.recommended(someone.visitorId)).toContain(itemId);

    await visit.page.getByRole('button', { name: `Put back ${name}` }).click();
    await until(lists.filtered, (items) => items.includes(itemId));
    await until(lists.all, (items) => items.includes(itemId));
    await leave(visit);
  });
}
