// From an empty state to the minimum: people like pictures with mouse and keyboard, an operator acts as several, a crowd comes.
import type { Page } from 'playwright-core';
import { comparable, output } from '../../local/app/account';
import { screenshot } from '../pages/browser';
import { type Deployment, leave, until } from './deployment';
import { sendCrowd } from './operating';

const CALM_LIKES = 12;

/** Likes of a visitor (5), an operator's two people (2 and 3), the person who likes calm pictures. */
const BEFORE_THE_CROWD = { users: 4, qualifiedUsers: 4, interactions: 10 + CALM_LIKES };

async function chooseCalm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Calm', exact: true }).click();
  await page.getByRole('button', { name: 'Calm, picture 12' }).waitFor();
}

async function likeFirst(page: Page, likes: number): Promise<void> {
  for (let position = 0; position < likes; position += 1) await page.locator('.tile').nth(position).click();
  await page.getByText('All saved').waitFor();
}

export function collecting(deployment: Deployment): void {
  test('a fresh gallery has the sample pictures, and Amazon Personalize knows each of them', async () => {
    const { client, account } = deployment;
    const { token } = await client.createVisitor();
    const images = await until(
      () => client.allImages(token),
      ({ length }) => length === 240,
    );
    // A picture is in the gallery a moment before Amazon Personalize has taken it.
    const items = await until(
      () => account.exportDataset('ITEMS'),
      ({ length }) => length >= 240,
    );
    expect(items.map(({ ITEM_ID }) => ITEM_ID).sort()).toEqual(images.map(({ itemId }) => itemId).sort());
  });

  test('before anyone has liked, the gallery shows the newest pictures and asks for likes', async () => {
    const visit = await deployment.visit('/');
    const { page } = visit;
    await page.getByText('The newest first').waitFor();
    await page.getByText('The gallery does not know anyone’s taste yet.').waitFor();
    await page.getByText('0 of 1,000').waitFor();
    expect(await page.locator('.card').count()).toBe(24);
    await screenshot(page, 'main-job-gallery-empty');
    await leave(visit);
  });

  test('a visitor likes with the mouse and with the keyboard', async () => {
    const visit = await deployment.visit('/enabler.html');
    const { page } = visit;
    await chooseCalm(page);
    for (const position of [0, 1, 3]) await page.locator('.tile').nth(position).click();
    await page.locator('.tile').nth(4).focus();
    await page.keyboard.press('l');
    await page.keyboard.press('Space');
    await page.getByText('All saved').waitFor();
    expect(await page.locator('.own-count').textContent()).toBe('5 of 40');
    await page.getByText('5 of 1,000').waitFor();
    await screenshot(page, 'main-job-visitor');
    await leave(visit);
  });

  test('an operator acts as one person after the other', async () => {
    const visit = await deployment.visitAsOperator('/enabler.html');
    const { page } = visit;
    for (const likes of [2, 3]) {
      await page.getByRole('button', { name: 'Next person' }).click();
      // The button rests until the next person has taken over.
      await page.locator('#next-person:enabled').waitFor();
      await chooseCalm(page);
      await likeFirst(page, likes);
    }
    await leave(visit);
  });

  test('somebody likes calm pictures, and the gallery page tells that it still collects', async () => {
    deployment.calm = await deployment.visit('/enabler.html');
    const { page } = deployment.calm;
    await chooseCalm(page);
    await likeFirst(page, CALM_LIKES);
    // Every function instance remembers the progress for a second.
    const progress = await until(
      () => deployment.client.progress(),
      ({ interactions }) => interactions >= BEFORE_THE_CROWD.interactions,
    );
    expect(progress).toMatchObject(BEFORE_THE_CROWD);
    await page.getByRole('link', { name: 'Gallery', exact: true }).click();
    await page.getByText('The gallery does not know anyone’s taste yet.').waitFor();
    await page.getByText('22 of 1,000').waitFor();
    // The likes of today are read anew every ten seconds.
    await until(
      async () => {
        await page.reload();
        await page.locator('.why strong').waitFor();
        return page.locator('.why').textContent();
      },
      (why) => why?.startsWith('Liked by many') ?? false,
    );
    await screenshot(page, 'main-job-gallery-collecting');
  });

  test('a crowd brings it to the minimum, the page says so, and it is announced once', async () => {
    const { client, app, minimumEvents } = deployment;
    const visit = await deployment.visitAsOperator('/enabler.html');
    const { page } = visit;
    await sendCrowd(page, { people: 25, likesEach: 40, noise: 15 });
    await page.getByRole('dialog', { name: 'We did it' }).waitFor();
    await screenshot(page, 'main-job-minimum');
    await page.getByRole('button', { name: 'Keep liking' }).click();
    await page.getByText('The gallery has started to learn').waitFor();
    await leave(visit);

    // All callers of a second get the same reading, which may be older than the last likes.
    const progress = await until(
      () => client.progress(),
      ({ interactions }) => interactions >= 1_022,
    );
    expect(progress).toMatchObject({ users: 29, qualifiedUsers: 29, interactions: 1_022 });
    const announced = await until(
      () => minimumEvents.read(),
      ({ length }) => length > 0,
    );
    expect(announced).toEqual([expect.objectContaining({ datasetGroupArn: output(app, 'DatasetGroupArn') })]);
    expect(await minimumEvents.read()).toEqual([]);
  });

  test("Amazon Personalize's dataset holds exactly the accepted likes", async () => {
    const stored = comparable(await deployment.account.storedLikes());
    expect(stored).toHaveLength(1_022);
    // What a request could not deliver, the retry queue does.
    const delivered = await until(
      () => deployment.account.datasetLikes(),
      ({ length }) => length >= stored.length,
    );
    expect(comparable(delivered)).toEqual(stored);
  });
}
