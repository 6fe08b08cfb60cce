// The simulated crowd's taste.

import type { GalleryImage } from '../../../enabler-web/api/types';
import { EMOTIONS } from '../../../enabler-web/emotions';
import { chooseLikes } from '../../../enabler-web/enabler/crowd';
import { createRandom } from '../../../enabler-web/sample-gallery/kit/random';

const IMAGES: readonly GalleryImage[] = EMOTIONS.flatMap((emotion) =>
  Array.from({ length: 30 }, (_, index) => ({
    itemId: `emotions/${emotion}/${index}.svg`,
    url: '',
    emotion,
    liked: false,
  })),
);

const favourites = new Set(['calm', 'happy'] as const);

test('without noise people like only their favourites', () => {
  const chosen = chooseLikes(IMAGES, favourites, { likesEach: 40, noise: 0 }, createRandom('a').next);
  expect(chosen.every(({ emotion }) => emotion === 'calm' || emotion === 'happy')).toBe(true);
});

test('noise is the share of likes outside the favourites', () => {
  const random = createRandom('b').next;
  const many = Array.from({ length: 50 }, () =>
    chooseLikes(IMAGES, favourites, { likesEach: 40, noise: 0.25 }, random),
  ).flat();
  const outside = many.filter(({ emotion }) => emotion !== 'calm' && emotion !== 'happy').length;
  expect(outside / many.length).toBeGreaterThan(0.2);
  expect(outside / many.length).toBeLessThan(0.3);
});

test('nobody likes a picture twice, and more likes than pictures means all pictures', () => {
  const chosen = chooseLikes(IMAGES, favourites, { likesEach: 999, noise: 0.1 }, createRandom('c').next);
  expect(chosen).toHaveLength(240);
  expect(new Set(chosen.map(({ itemId }) => itemId)).size).toBe(240);
});
