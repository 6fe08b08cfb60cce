// An address where there is nothing: a page in the gallery's own clothes, in the reader's language, with the way back.

import { DESKTOP, openPage, PHONE, screenshot } from './browser';
import { onStage, type Stage } from './stage';

let stage: Stage;
onStage((set) => {
  stage = set;
});

test.each([
  ['en-US', DESKTOP, 'There is nothing here', 'Gallery', 'not-found'],
  ['ko-KR', PHONE, '여기에는 아무것도 없습니다', '갤러리', 'not-found-phone-korean'],
] as const)('in %s, with the way to the gallery', async (locale, viewport, title, link, name) => {
  const { page } = await openPage(stage.browser, { locale, viewport });
  const answer = await page.goto(`${stage.site.url}/no/such/page`);
  expect(answer?.status()).toBe(404);
  await page.getByRole('heading', { name: title }).waitFor();
  await screenshot(page, name);
  await page.getByRole('main').getByRole('link', { name: link }).click();
  await page.locator('.gallery-picture').first().waitFor();
});
