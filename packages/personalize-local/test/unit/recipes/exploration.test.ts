// Which items are explored: Thompson sampling on the rate at which people like them.
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { findRecipe } from '../../../src/recipes';
import {
  explore,
  type Liking,
  logBeta,
  thompsonOrder,
} from '../../../src/recipes/personalization/exploration';
import { trainers } from '../../../src/recipes/training/trainers';
import { makeGallery } from './gallery';

test.each([
  [0.4, 4.6],
  [3, 7],
  [40, 160],
])('draws from Beta(%p, %p) have its mean and its variance', (a, b) => {
  const random = seededRandom(3);
  const draws = Array.from({ length: 20_000 }, () => Math.exp(logBeta(a, b, random)));
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
  const expected = (a * b) / ((a + b) ** 2 * (a + b + 1));
  expect(Math.abs(mean - a / (a + b))).toBeLessThan(4 * Math.sqrt(expected / draws.length));
  expect(variance / expected).toBeGreaterThan(0.93);
  expect(variance / expected).toBeLessThan(1.07);
});

describe('of items that suit a person equally', () => {
  const likings: readonly Liking[] = [
    { likes: 0, people: 0 },
    { likes: 0, people: 100 },
    { likes: 20, people: 100 },
    { likes: 5, people: 100 },
  ];
  const order = (seed: number) =>
    thompsonOrder([0, 1, 2, 3], (item) => likings[item]!, 0.1, new Float32Array(4), seededRandom(seed));
  const first = [0, 0, 0, 0];
  for (let seed = 0; seed < 1000; seed++) first[order(seed)[0]!]!++;

  test('the same seed explores the same', () => {
    expect(order(7)).toEqual(order(7));
  });

  test('one that nobody has met yet is given its chance', () => {
    expect(first[0]).toBeGreaterThan(50);
  });

  test('one that many had a chance to like, and nobody did, is not', () => {
    expect(first[1]).toBeLessThan(5);
  });

  test('one that is liked often is explored most, though not always', () => {
    expect(first[2]).toBeGreaterThan(first[0]! + first[3]!);
    expect(first[2]).toBeLessThan(1000);
  });
});

test('an item that suits the person better than its popularity tells is explored before others', () => {
  // Logits follow popularity, but for item 5.
  const likes = [1, 2, 4, 8, 16, 4, 4, 4];
  const logits = Float32Array.from(likes, (count, item) => Math.log1p(count) + (item === 5 ? 3 : 0));
  const likingOf = (item: number) => ({ likes: likes[item]!, people: 40 });
  let first = 0;
  for (let seed = 0; seed < 200; seed++) {
    if (thompsonOrder([2, 5, 6, 7], likingOf, 0.1, logits, seededRandom(seed))[0] === 5) first++;
  }
  expect(first).toBeGreaterThan(180);
});

test('explored items take places and logits of the list, which moves down', () => {
  const logits = Float32Array.of(5, 4, 3, 0, 0);
  const { items, explored } = explore([0, 1, 2], [4, 3], logits, 1, () => 0.5);
  expect(items).toEqual([4, 3, 0]);
  expect([...explored]).toEqual([4, 3]);
  expect([...logits]).toEqual([5, 4, 3, 5, 5]);
});

test('on a small gallery pictures that some people liked are explored too, and not those of the list itself', () => {
  const { data } = makeGallery({ metadata: true });
  const name = 'aws-user-personalization-v2';
  const options = { hyperParameters: {}, seed: 1, withMetrics: false };
  const model = findRecipe(name)!.load(trainers[name]!.train(data, options, { threads: 1 }).buffers);
  const likes = new Map<string, number>();
  for (const item of data.interactions.item) {
    const id = data.items.ids[item]!;
    likes.set(id, (likes.get(id) ?? 0) + 1);
  }
  const user = { userId: 'visitor', events: [{ itemId: data.items.ids[0]!, timestamp: 1 }] };
  const ask = (weight: number, seed: number) =>
    model.recommend({ user, limit: 10, now: 10_000, seed, exploration: { weight, itemAgeCutOffDays: 30 } });
  const plain = new Set(ask(0, 1).map(({ itemId }) => itemId));
  const explored = Array.from({ length: 40 }, (_, seed) => ask(0.5, seed))
    .flat()
    .filter(({ reason }) => reason === 'Exploration')
    .map(({ itemId }) => itemId);
  expect(explored.some((itemId) => plain.has(itemId))).toBe(false);
  const liked = explored.filter((itemId) => (likes.get(itemId) ?? 0) > 0);
  expect(liked.length / explored.length).toBeGreaterThan(0.5);
  expect(new Set(explored).size).toBeGreaterThan(20);
});
