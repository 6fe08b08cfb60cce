// When the gallery asks for its list again.

import { Freshness } from '../../../enabler-web/gallery/freshness';

test('it is time at each third saved like, however many are saved at once', () => {
  const freshness = new Freshness();
  expect([1, 1, 1, 2, 1, 7].map((saved) => freshness.note(saved))).toEqual([
    ...[false, false, true],
    ...[false, true, true],
  ]);
  expect(freshness.count).toBe(13);
  freshness.restart();
  expect(freshness.count).toBe(0);
  expect(freshness.note(2)).toBe(false);
});
