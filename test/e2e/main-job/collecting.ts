// From an empty state to the minimum: people like pictures with mouse and keyboard, an operator acts as several, a crowd comes. Three tap a
// picture twice, and for a while nothing is delivered: what is counted then is not enough, and all say so.
import type { Page } from 'playwright-core';
import { comparable, output } from '../../local/app/account';
import { screenshot } from '../pages/browser';
import { type Deployment, leave, until } from './deployment';
import { holdDelivery } from './held-delivery';
import { sendCrowd } from './operating';

const CALM_LIKES = 9;

/** Likes of a visitor (5), an operator's two people (2 and 3), the person who likes calm pictures; of each of the first three two more, by a double tap. */
const BEFORE_THE_CROWD = { users: 4, qualifiedUsers: 4, interactions: 10 + 6 + CALM_LIKES };
/** Exactly the minimum, with what was liked before. */
const CROWD = { people: 25, likesEach: 39, noise: 15 };

async function chooseCalm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Calm', exact: true }).click();
  await page.getByRole('button', { name: 'Calm, picture 12' }).waitFor();
}

/** Likes the picture, takes it back and likes it again, all within one second. */
async function tapThrice(page: Page, position: number): Promise<void> {
  await page.waitForFunction(() => Date.now() % 1000 < 300);
  await page.locator('.tile').nth(position).click({ clickCount: 3 });
  await page.getByText('All saved').waitFor();
}

async function likeFirst(page: Page, likes: number): Promise<void> {
  for (let position = 0; position < likes; position += 1) await page.locator('.tile').nth(position).click();
  await page.getByText('All saved').waitFor();
}

export function collecting(deployment: Deployment): void {
  let deliverAgain: () => Promise<void>;

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
    await tapThrice(page, 6);
    expect(await page.locator('.own-count').textContent()).toBe('6 of 40');
    await page.getByText('7 of 1,000').waitFor();
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
      await tapThrice(page, likes);
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
    await page.getByText('25 of 1,000').waitFor();
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

  test('a crowd comes while nothing is delivered: page and console say what it waits for', async () => {
    const { app, minimumEvents } = deployment;
    deliverAgain = await holdDelivery(app);
    const visit = await deployment.visitAsOperator('/enabler.html');
    const { page } = visit;
    await sendCrowd(page, CROWD);
    const announced = await until(
      () => minimumEvents.read(),
      ({ length }) => length > 0,
    );
    expect(announced).toEqual([expect.objectContaining({ datasetGroupArn: output(app, 'DatasetGroupArn') })]);
    await page.getByText('975 likes are safe here, and still on the way to Amazon Personalize.').waitFor();
    expect(await page.getByText('The gallery has started to learn').count()).toBe(0);
    await screenshot(page, 'main-job-undelivered');
    await leave(visit);
  });

  test('once they are delivered, the double taps are missing still; a training asked for on the console waits for as many likes', async () => {
    await deliverAgain();
    const visit = await deployment.visitAsOperator('/console.html');
    const { page } = visit;
    const group = page.getByRole('region', { name: 'Dataset groups' });
    await group.getByText(/more likes.*; 975 that were given are still on their way/).waitFor();
    await page.getByRole('button', { name: 'Start a training' }).click();
    await page.getByText('It starts by itself, and waits for').waitFor();
    const missing = new RegExp(`^${await doubled()} more likes?$`);
    await group.getByText(missing).waitFor();
    await page.getByText('No training yet: it starts by itself at the minimum.').waitFor();
    expect((await deployment.client.status(deployment.operator)).runs).toEqual([]);
    await leave(visit);
  });

  test('somebody likes as many more: the page says that the gallery learns', async () => {
    const visit = await deployment.visitAsOperator('/enabler.html');
    const { page } = visit;
    await chooseCalm(page);
    await likeFirst(page, Math.max(2, await doubled()));
    deployment.minimumAt = Date.now();
    await page.getByRole('dialog', { name: 'We did it' }).waitFor();
    await screenshot(page, 'main-job-minimum');
    await page.getByRole('button', { name: 'Keep liking' }).click();
    await page.getByText('The gallery has started to learn').waitFor();
    await leave(visit);
  });

  test("Amazon Personalize's dataset holds exactly the accepted likes", async () => {
    const stored = new Set(comparable(await deployment.account.storedLikes()));
    // What a request could not deliver, the retry queue does.
    const delivered = await until(
      async () => new Set(comparable(await deployment.account.datasetLikes())),
      ({ size }) => size >= stored.size,
    );
    expect(delivered).toEqual(stored);
  });

  /** Likes that Amazon Personalize does not count, because another one of the same person, picture and second is there. */
  async function doubled(): Promise<number> {
    const likes = comparable(await deployment.account.storedLikes()).filter((like) =>
      like.includes(' like '),
    );
    return likes.length - new Set(likes).size;
  }
}
