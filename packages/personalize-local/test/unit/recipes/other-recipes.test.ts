// What is particular to the recipes that are not personalization: related items, text, trends, actions, segments, domains.

import type { DataSnapshot, Model } from '../../../src/model/recipe';
import { findRecipe } from '../../../src/recipes';
import { intervalSeconds } from '../../../src/recipes/popularity/trending-now';
import { trainers } from '../../../src/recipes/training/trainers';
import { type Row, snapshot } from './data';
import { makeGallery } from './gallery';

function modelOf(recipe: string, data: DataSnapshot, hyperParameters: Record<string, string> = {}): Model {
  const options = { hyperParameters, seed: 1, withMetrics: false };
  return findRecipe(recipe)!.load(trainers[recipe]!.train(data, options, { threads: 1 }).buffers);
}

const request = { limit: 5, now: 0, seed: 1 };
const idsOf = (list: readonly { itemId: string }[]): string[] => list.map(({ itemId }) => itemId);

/** People 0 to 9 choose from a, b, c; people 10 to 19 from x, y, z; everybody chooses `hit`. */
const camps: readonly Row[] = Array.from({ length: 20 }, (_, person) =>
  [...(person < 10 ? ['a', 'b', 'c'] : ['x', 'y', 'z']), 'hit'].map((item, at) => ({
    user: `p${person}`,
    item,
    at: person * 10 + at,
    type: person % 2 ? 'View' : 'Purchase',
  })),
).flat();

test('sims relates what the same people chose; its popularity discount puts the hit behind', () => {
  const model = modelOf('aws-sims', snapshot(camps), { popularity_discount_factor: '1' });
  expect(idsOf(model.recommend({ ...request, itemId: 'a' })).slice(0, 3)).toEqual(['b', 'c', 'hit']);
});

test('sims with its default parameters relates the most popular items as any other, and recommends them', () => {
  const defaults = Object.fromEntries(
    [findRecipe('aws-sims')!]
      .flatMap((sims) => [...sims.hyperParameters, ...sims.featureTransformationParameters])
      .map(({ name, default: value }) => [name, value]),
  );
  const pairs = Array.from({ length: 40 }, (_, person) =>
    [`old-${person % 20}`, ...(person < 30 ? ['hit', 'twin'] : ['other', 'next'])].map((item) => ({
      user: `p${person}`,
      item,
    })),
  ).flat();
  const model = modelOf('aws-sims', snapshot(pairs), { ...defaults, min_cointeraction_count: '1' });
  expect(idsOf(model.recommend({ ...request, itemId: 'hit' }))[0]).toBe('twin');
  expect(idsOf(model.recommend({ ...request, itemId: 'other' }))[0]).toBe('next');
  expect(idsOf(model.recommend({ ...request, itemId: 'old-1' })).slice(0, 2)).toEqual(['hit', 'twin']);
});

test('sims at a discount of 0 counts people in common alone, and puts the hit first', () => {
  const model = modelOf('aws-sims', snapshot(camps), { popularity_discount_factor: '0' });
  const rare = [...camps, ...['p0', 'p1', 'p2'].map((user) => ({ user, item: 'rare' }))];
  expect(idsOf(model.recommend({ ...request, itemId: 'a' }))).toContain('hit');
  const three = modelOf('aws-sims', snapshot(rare), { popularity_discount_factor: '0' });
  expect(idsOf(three.recommend({ ...request, itemId: 'a' })).indexOf('rare')).toBeGreaterThan(2);
});

test('sims does not relate items that too few people have in common', () => {
  const rows = [...camps, { user: 'p0', item: 'rare', at: 1 }, { user: 'p1', item: 'rare', at: 2 }];
  const model = modelOf('aws-sims', snapshot(rows), { min_cointeraction_count: '3' });
  // Too little is known of it: popular items, as for an item that is unknown.
  expect(idsOf(model.recommend({ ...request, itemId: 'rare' }))).toEqual(
    idsOf(model.recommend({ ...request, itemId: 'unknown' })).filter((id) => id !== 'rare'),
  );
});

test('an unknown item gets popular items, without scores', () => {
  for (const recipe of ['aws-sims', 'aws-similar-items']) {
    const list = modelOf(recipe, snapshot(camps)).recommend({ ...request, itemId: 'unknown' });
    expect(list[0]).toEqual({ itemId: 'hit' });
    expect(list.length).toBe(5);
  }
});

test('similar-items relates an item that nobody chose by its metadata', () => {
  const items = {
    a: { KIND: 'north' },
    b: { KIND: 'north' },
    x: { KIND: 'south' },
    lonely: { KIND: 'south' },
  };
  const list = idsOf(
    modelOf('aws-similar-items', snapshot(camps, items)).recommend({ ...request, itemId: 'lonely' }),
  );
  expect(list[0]).toBe('x');
});

test('semantic-similarity needs no interactions, and obeys the ranking influence', () => {
  const texts = {
    one: 'a red fish in the sea',
    two: 'red fish',
    three: 'blue mountain',
    four: 'one red fish swims',
  };
  const empty = snapshot(
    [{ user: 'u', item: 'three', at: 1 }],
    Object.fromEntries(Object.keys(texts).map((id) => [id, {}])),
  );
  const values = empty.items.ids.map((id) => texts[id as keyof typeof texts]);
  const data: DataSnapshot = {
    ...empty,
    items: { ...empty.items, columns: [{ kind: 'textual', name: 'TEXT', values }] },
  };
  const model = modelOf('aws-semantic-similarity', data);
  expect(idsOf(model.recommend({ ...request, itemId: 'one' })).at(-1)).toBe('three');
  const rankingInfluence = { popularity: 1, freshness: 0 };
  expect(idsOf(model.recommend({ ...request, itemId: 'one', rankingInfluence }))[0]).toBe('three');
  const fresh = model.withNewItems!([
    { itemId: 'five', createdAt: 9, metadata: { TEXT: 'mountain of blue' } },
  ]);
  expect(idsOf(fresh.recommend({ ...request, itemId: 'three' }))[0]).toBe('five');
});

test('trending-now puts what grows before what is popular', () => {
  const hour = 3600;
  const old = Array.from({ length: 50 }, (_, i) => ({
    user: `u${i}`,
    item: 'evergreen',
    at: (i % 10) * hour,
  }));
  const new_ = Array.from({ length: 6 }, (_, i) => ({
    user: `u${i}`,
    item: 'rising',
    at: 10 * hour + i * 60,
  }));
  const model = modelOf('aws-trending-now', snapshot([...old, ...new_]), {
    trend_discovery_frequency: '2 hours',
  });
  expect(idsOf(model.recommend(request))).toEqual(['rising', 'evergreen']);
  expect(['30 minutes', '1 hour', '3 hours', '1 day'].map(intervalSeconds)).toEqual([
    1800, 3600, 10_800, 86_400,
  ]);
});

function withActions(rows: readonly Row[]): DataSnapshot {
  const { items, interactions, users } = snapshot(rows);
  return { ...snapshot([]), users, actions: items, actionInteractions: interactions };
}

const responses = (count: number): Row[] =>
  Array.from({ length: count }, (_, i) => ({
    user: `u${i % 20}`,
    item: i % 2 ? 'subscribe' : 'rate',
    at: i * 60,
    type: (i % 2 ? i % 10 < 8 : i % 10 < 2) ? 'TAKEN' : 'VIEWED',
  }));

test('next-best-action gives propensities: likelier actions first, each between 0 and 1', () => {
  const user = { userId: 'u3', events: [] };
  const list = modelOf('aws-next-best-action', withActions(responses(400))).recommend({ ...request, user });
  expect(idsOf(list)).toEqual(['subscribe', 'rate']);
  for (const { score } of list) expect(score! > 0 && score! < 1).toBe(true);
});

test('next-best-action gives 0.0 until there are 50 actions taken and 50 others', () => {
  const list = modelOf('aws-next-best-action', withActions(responses(60))).recommend(request);
  expect(list.map(({ score }) => score)).toEqual([0, 0]);
});

test('item-affinity finds the people who like such items; attributes must all hold', () => {
  const { data, preferred } = makeGallery({ metadata: true, noise: 0.1 });
  const fans = (ids: readonly string[], emotion: string) =>
    ids.filter((id) => preferred.get(id)!.includes(emotion)).length / ids.length;
  const [, own] = [...preferred][0]!;
  const emotion = own[0]!;
  const count = [...preferred.values()].filter((emotions) => emotions.includes(emotion)).length;
  const model = modelOf('aws-item-attribute-affinity', data);
  const attribute = { column: 'EMOTION', value: emotion };
  expect(fans(model.segment!({ attributes: [attribute] }, count), emotion)).toBeGreaterThanOrEqual(0.8);
  expect(model.segment!({ attributes: [attribute, { column: 'EMOTION', value: 'other' }] }, 5)).toEqual([]);
  expect(model.segment!({ itemId: 'unknown' }, 5)).toEqual([]);
  const byItem = modelOf('aws-item-affinity', data).segment!({ itemId: `emotions/${emotion}/1.svg` }, count);
  expect(fans(byItem, emotion)).toBeGreaterThanOrEqual(0.6);
});

test('domain recommenders train on their event type, give no scores and leave out what was bought', () => {
  const views = modelOf(
    'aws-ecomm-popular-items-by-views',
    snapshot([...camps, { user: 'q', item: 'b', at: 1, type: 'view' }]),
  );
  expect(views.recommend({ ...request, limit: 1 })).toEqual([{ itemId: 'hit' }]);
  const personal = modelOf('aws-ecomm-recommended-for-you', snapshot(camps));
  const events = [
    { itemId: 'a', timestamp: 1, eventType: 'Purchase' },
    { itemId: 'b', timestamp: 2, eventType: 'View' },
  ];
  const list = personal.recommend({ ...request, limit: 10, user: { userId: 'p0', events } });
  expect(idsOf(list)).not.toContain('a');
  expect(list.every(({ score }) => score === undefined)).toBe(true);
  expect(() => modelOf('aws-vod-most-popular', snapshot(camps))).toThrow(
    'Dataset has fewer than 1000 interactions after filtering by event type: Watch',
  );
});
