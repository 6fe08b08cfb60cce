// The gallery as visitors use it: before and after the first model, likes that change the list, similar pictures, ranking.

import type { Browser, Page } from 'playwright-core';
import { elementsLeftBehind, inViewIsKnown, openPage, PHONE, screenshot } from './browser';
import { eventually } from './eventually';
import { type FakeApi, OPERATOR_TOKEN } from './fake-api';
import { answer, ordered } from './fake-model';
import { runningRun, succeededRun } from './fake-pipeline';
import type { TestSite } from './site';
import { onStage } from './stage';

let browser: Browser;
let api: FakeApi;
let site: TestSite;

onStage((stage) => {
  ({ browser, api, site } = stage);
});

function serve(): void {
  api.model.source = 'personalize';
  api.runs = [succeededRun(1, 0.3)];
}

async function openGallery(options = {}) {
  const watched = await openPage(browser, options);
  await watched.page.goto(site.url);
  await watched.page.locator('.card').nth(11).waitFor();
  return watched;
}

const moods = (page: Page) =>
  page
    .locator('#pictures .card-open')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-item')?.split('/')[1]));

test('before the first model it says whose pictures these are, how far learning is, and how to help', async () => {
  const { page, complaints } = await openGallery({ viewport: PHONE });
  await page.getByText('Liked by many today and yesterday.').waitFor();
  await page.getByText('120 of 1,000').waitFor();
  await screenshot(page, 'gallery-before-phone');
  api.runs = [runningRun(new Date().toISOString())];
  await page.getByText('the gallery is learning right now').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Give likes' }).click();
  await page.waitForURL('**/enabler.html');
  expect(complaints).toEqual([]);
});

test('the page turns personal by itself when the first model begins to serve', async () => {
  const { page } = await openGallery();
  await page.locator('.invite').waitFor();
  serve();
  await page.getByText('Recommended from what people like.').waitFor();
  await page.locator('.invite').waitFor({ state: 'hidden' });
});

test('a model that does not answer at once when it begins to serve is asked again', async () => {
  const { page } = await openGallery();
  await page.locator('.invite').waitFor();
  api.runs = [succeededRun(1, 0.3)];
  await page.locator('.invite').waitFor({ state: 'hidden' });
  await page.getByText('Liked by many today and yesterday.').waitFor();
  api.model.source = 'personalize';
  await page.getByText('Recommended from what people like.').waitFor();
});

test('a mood shows pictures of that mood only, and more of them on demand', async () => {
  serve();
  const { page } = await openGallery();
  await page.getByRole('button', { name: 'Fear', exact: true }).click();
  await page.getByRole('img', { name: 'Fear, picture 24' }).waitFor();
  expect(new Set(await moods(page))).toEqual(new Set(['fear']));
  await page.getByRole('button', { name: 'More pictures' }).click();
  await page.getByRole('img', { name: 'Fear, picture 30' }).waitFor();
});

test('likes carry the recommendation id, and after three the changed list is offered with its news marked', async () => {
  serve();
  const { page, complaints } = await openGallery();
  await inViewIsKnown(page);
  for (const name of ['Like Calm, picture 3', 'Like Calm, picture 11', 'Like Calm, picture 19']) {
    await page.getByRole('button', { name }).click();
  }
  await eventually(
    () => api.events.map(({ recommendationId }) => recommendationId),
    ['RID-1', 'RID-1', 'RID-1'],
  );
  expect(api.events[0]?.impression.length).toBeGreaterThan(3);
  await page.getByText(/^3 likes changed your list: \d+ new pictures\.$/).waitFor();
  await screenshot(page, 'gallery-news');
  await page.getByRole('button', { name: 'Show my new list' }).click();
  await page.locator('.card-fresh').first().waitFor();
  expect((await moods(page)).slice(0, 12)).toEqual(Array(12).fill('calm'));
  expect(await page.locator('.news').textContent()).toBe('');
  await page.getByText('Chosen for you from what you liked').waitFor();
  await screenshot(page, 'gallery-changed');
  expect(complaints).toEqual([]);
});

test('a model that has not heard of the likes yet is asked for the list again', async () => {
  serve();
  const { page } = await openGallery();
  let unchanged = 2;
  const nobodysLikes = ordered(api.items, new Set(), 'personalize').slice(0, 24);
  api.intercept = ({ path }) => {
    if (path !== '/api/recommendations' || unchanged === 0) return undefined;
    unchanged -= 1;
    return { status: 200, body: answer(nobodysLikes, new Set(), api.model) };
  };
  for (const name of ['Like Calm, picture 3', 'Like Calm, picture 11', 'Like Calm, picture 19']) {
    await page.getByRole('button', { name }).click();
  }
  await page.getByText(/^3 likes changed your list/).waitFor();
  expect(unchanged).toBe(0);
});

test('a like can be taken back', async () => {
  serve();
  const { page } = await openGallery();
  const like = page.getByRole('button', { name: 'Like Happy, picture 1', exact: true });
  await like.click();
  expect(await like.getAttribute('aria-pressed')).toBe('true');
  await like.click();
  expect(await like.getAttribute('aria-pressed')).toBe('false');
  await eventually(() => api.events.map(({ liked }) => liked), [true, false]);
});

test('by keyboard, a picture opens with similar ones, which open in its place and can be liked', async () => {
  serve();
  const { page } = await openGallery();
  const calm = page.getByRole('button', { name: 'Calm, picture 3', exact: true });
  await calm.focus();
  await page.keyboard.press('Enter');
  const viewer = page.getByRole('dialog', { name: 'Calm' });
  await viewer.getByText('Liked by the people who like this one.').waitFor();
  expect(await viewer.locator('.card').count()).toBe(12);
  const similar = viewer.locator('.card-open').first();
  const itemId = (await similar.getAttribute('data-item')) ?? '';
  await similar.press('Enter');
  await viewer.locator(`.viewer-stage img[src="/${itemId}"]`).waitFor();
  await viewer.locator('.viewer-stage .like').press('Enter');
  await eventually(
    () => api.events.map((event) => [event.itemId, event.recommendationId]),
    [[itemId, 'RID-similar']],
  );
  await page.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });
  expect(await calm.evaluate((element) => element === document.activeElement)).toBe(true);
});

test('a whole mood can be seen in the visitor’s own order', async () => {
  serve();
  const { page } = await openGallery();
  await page.getByRole('button', { name: 'Sad', exact: true }).click();
  await page.getByRole('button', { name: 'All, in your order' }).click();
  await page.getByText('Your order:').waitFor();
  await page.locator('.card').nth(29).waitFor();
  const first = await page.locator('.card-open').first().getAttribute('data-item');
  expect(first).toBe('emotions/sad/sad-30.svg');
});

test('when the pictures do not come, the reader can try again', async () => {
  const fault = { status: 503, body: { type: 'about:blank', title: 'busy', status: 503 } };
  api.intercept = ({ path }) => (path === '/api/recommendations' ? fault : undefined);
  const { page } = await openPage(browser);
  await page.goto(site.url);
  await page.getByText('The pictures did not come.').waitFor();
  expect(await page.locator('.why').textContent()).toBe('');
  api.intercept = () => undefined;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.card').nth(11).waitFor();
});

test('a mood without pictures says so, and one that is wholly liked says that', async () => {
  serve();
  const { page } = await openGallery();
  api.intercept = ({ path }) =>
    path === '/api/recommendations'
      ? { status: 200, body: { source: 'personalize', recommendationId: 'RID-none', images: [] } }
      : undefined;
  const sad = page.getByRole('button', { name: 'Sad', exact: true });
  await sad.click();
  await page.getByText('There are no pictures here yet.').waitFor();
  await page.getByRole('button', { name: 'All, in your order' }).click();
  await page.locator('.card .like').first().click();
  await sad.click();
  await page.getByText('You like everything here.').waitFor();
});

test('in Korean, with the same list after a change of the language', async () => {
  serve();
  const { page } = await openGallery({ locale: 'ko-KR' });
  await page.getByRole('heading', { name: '지금 기분에 어울리는 그림' }).waitFor();
  await page.getByText('추천 그림입니다.').waitFor();
  await screenshot(page, 'gallery-korean');
  const before = await moods(page);
  await page.getByLabel('언어').selectOption('en');
  await page.getByText('Recommended from what people like.').waitFor();
  expect(await moods(page)).toEqual(before);
});

test.each(['/', '/enabler.html', '/console.html'])(
  'what is drawn anew in another language leaves nothing of the former page behind, at %s',
  async (path) => {
    serve();
    const { page } = await openPage(browser);
    await page.goto(`${site.url}${path}#operator=${OPERATOR_TOKEN}`);
    await page.getByLabel('Language').waitFor();
    for (let time = 0; time < 3; time += 1) {
      await page.getByLabel('Language').selectOption('ko');
      await page.getByLabel('언어').selectOption('en');
    }
    await page.waitForLoadState('networkidle');
    expect(await elementsLeftBehind(page)).toBe(0);
  },
);
