// User personalization and ranking: what people notice of them.

import { json, jsonBytes } from '../../../src/engine/buffers';
import type { DataSnapshot, Model, TrainingOptions, UserHistory } from '../../../src/model/recipe';
import type { Trained } from '../../../src/model/trainer';
import { findRecipe } from '../../../src/recipes';
import { trainers } from '../../../src/recipes/training/trainers';
import { snapshot } from './data';
import { emotions, makeGallery } from './gallery';

type Options = Partial<Omit<TrainingOptions, 'previous' | 'signal'>>;

function trainedHere(recipe: string, data: DataSnapshot, options: Options = {}): Trained {
  return trainers[recipe]!.train(
    data,
    { hyperParameters: {}, seed: 1, withMetrics: false, ...options },
    { threads: 1 },
  );
}

function modelOf(recipe: string, data: DataSnapshot, options: Options = {}): Model {
  return findRecipe(recipe)!.load(trainedHere(recipe, data, options).buffers);
}

function historyOf({ users, items, interactions }: DataSnapshot, userId: string): UserHistory {
  const user = users.ids.indexOf(userId);
  const events = [...interactions.user.keys()]
    .filter((row) => interactions.user[row] === user)
    .map((row) => ({
      itemId: items.ids[interactions.item[row]!]!,
      timestamp: interactions.timestamp[row]!,
      eventType: 'like',
    }));
  return { userId, events };
}

const emotionOf = (itemId: string): string => itemId.split('/')[1]!;
const likes = (userId: string, emotion: string, count: number): UserHistory => ({
  userId,
  events: Array.from({ length: count }, (_, i) => ({
    itemId: `emotions/${emotion}/${i}.svg`,
    timestamp: 9000 + i,
  })),
});
const noExploration = { weight: 0, itemAgeCutOffDays: 30 };
const base = { limit: 10, now: 1_700_000_000, seed: 1, exploration: noExploration };
const v1 = 'aws-user-personalization';
const v2 = 'aws-user-personalization-v2';

const gallery = makeGallery({ metadata: true });
const model = modelOf(v2, gallery.data);
const first = modelOf(v1, gallery.data);

/** Share of everybody's ten new pictures that are of their own emotions. */
function inPreferred({ data, preferred }: ReturnType<typeof makeGallery>): number {
  const trained = modelOf(v2, data);
  const hits = [...preferred].flatMap(([userId, own]) => {
    const user = historyOf(data, userId);
    const had = new Set(user.events.map(({ itemId }) => itemId));
    const list = trained.recommend({ ...base, user, allowed: (itemId) => !had.has(itemId) });
    return list.map(({ itemId }) => Number(own.includes(emotionOf(itemId))));
  });
  return hits.reduce((sum, hit) => sum + hit, 0) / hits.length;
}

test('25 people and 1,000 likes: nine in ten pictures are of the preferred emotions with metadata, six without', () => {
  const seeds = [1, 2, 3];
  const mean = (metadata: boolean) =>
    seeds.reduce((sum, seed) => sum + inPreferred(makeGallery({ metadata, seed })), 0) / seeds.length;
  expect(mean(true)).toBeGreaterThanOrEqual(0.9);
  expect(mean(false)).toBeGreaterThanOrEqual(0.6);
});

test('a few likes of somebody who was never trained on turn the list to their emotion at once', () => {
  for (const emotion of emotions) {
    const list = model.recommend({ ...base, user: likes('a-session-id', emotion, 4) });
    const share = list.filter(({ itemId }) => emotionOf(itemId) === emotion).length / list.length;
    expect(share).toBeGreaterThanOrEqual(0.6);
  }
});

test('a new event changes the next list of that person', () => {
  const before = historyOf(gallery.data, 'person-3');
  const event = { itemId: 'emotions/disgusted/3.svg', timestamp: 9999 };
  const after = { ...before, events: [...before.events, event] };
  expect(model.recommend({ ...base, user: after })).not.toEqual(model.recommend({ ...base, user: before }));
});

test('somebody of whom nothing is known gets the most popular items', () => {
  const user = { userId: 'stranger', events: [{ itemId: 'unheard-of', timestamp: 1 }] };
  const popular = modelOf('aws-popularity-count', gallery.data).recommend(base);
  expect(model.recommend({ ...base, user }).map(({ itemId }) => itemId)).toEqual(
    popular.map(({ itemId }) => itemId),
  );
});

test('scores of the first generation are a softmax over the whole catalogue, in descending order', () => {
  const list = first.recommend({ ...base, limit: 500, user: historyOf(gallery.data, 'person-1') });
  const scores = list.map(({ score }) => score!);
  expect(list.length).toBe(240);
  expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 6);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
});

test('where a filter leaves nothing of the best 500, v2 fills up with popular items without a score', () => {
  const rows = Array.from({ length: 3000 }, (_, i) => ({
    user: `u${i % 30}`,
    item: `i${(i * 13) % 700}`,
    at: i,
  }));
  const large = modelOf(v2, snapshot(rows));
  const user = { userId: 'u1', events: [{ itemId: 'i13', timestamp: 1 }] };
  const best = new Set(large.recommend({ ...base, limit: 500, user }).map(({ itemId }) => itemId));
  expect(best.size).toBe(500);
  const list = large.recommend({ ...base, user, allowed: (itemId) => !best.has(itemId) });
  expect(list.length).toBe(10);
  for (const item of list) expect(item).toEqual({ itemId: item.itemId, reason: 'Popular item' });
});

test('exploration of weight 0 is deterministic; of weight 1 it fills the list with young items that nobody knows', () => {
  const fresh = Array.from({ length: 12 }, (_, i) => ({
    itemId: `emotions/sad/new-${i}.svg`,
    createdAt: base.now - 10,
    metadata: { EMOTION: 'sad' },
  }));
  const knowing = first.withNewItems!(fresh);
  const user = historyOf(gallery.data, 'person-2');
  const lists = [1, 2].map((seed) => knowing.recommend({ ...base, user, seed }));
  expect(lists[0]).toEqual(lists[1]);
  const now = base.now + 86_400;
  const all = knowing.recommend({ ...base, user, now, exploration: { weight: 1, itemAgeCutOffDays: 2 } });
  expect(all.every(({ itemId }) => itemId.includes('new-'))).toBe(true);
  const old = knowing.recommend({
    ...base,
    user,
    now: now + 86_400 * 50,
    exploration: { weight: 1, itemAgeCutOffDays: 2 },
  });
  expect(old.map(({ itemId }) => itemId)).toEqual(
    knowing.recommend({ ...base, user }).map(({ itemId }) => itemId),
  );
  const scores = all.map(({ score }) => score!);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
});

test('as many places are explored as the weight says, none without one', () => {
  const fresh = Array.from({ length: 200 }, (_, i) => ({
    itemId: `emotions/sad/new-${i}.svg`,
    createdAt: base.now - 10,
    metadata: { EMOTION: 'sad' },
  }));
  const { exploration: _, ...unconfigured } = base;
  const knowing = first.withNewItems!(fresh);
  for (const [weight, share] of [
    [0.3, 0.3],
    [0.1, 0.1],
    [undefined, 0],
  ] as const) {
    const exploration = weight === undefined ? undefined : { weight, itemAgeCutOffDays: 30 };
    let explored = 0;
    for (let seed = 0; seed < 200; seed++) {
      const user = { ...historyOf(gallery.data, 'person-2'), userId: `p${seed}` };
      const list = knowing.recommend({ ...unconfigured, exploration, user, limit: 25, seed });
      explored += list.filter(({ itemId }) => itemId.includes('new-')).length;
    }
    expect(Math.abs(explored / (200 * 25) - share)).toBeLessThan(0.03);
  }
});

test('v2 says which items it explores', () => {
  const fresh = [{ itemId: 'new', createdAt: base.now - 10, metadata: { EMOTION: 'happy' } }];
  const knowing = model.withNewItems!(fresh);
  const user = historyOf(gallery.data, 'person-2');
  const list = knowing.recommend({ ...base, user, exploration: { weight: 1, itemAgeCutOffDays: 30 } });
  expect(list[0]).toMatchObject({ itemId: 'new', reason: 'Exploration' });
});

test('a new picture ranks by its emotion without any training, and survives a restart', () => {
  const fresh = ['happy', 'sad'].map((emotion) => ({
    itemId: `emotions/${emotion}/new.svg`,
    createdAt: 0,
    metadata: { EMOTION: emotion },
  }));
  const knowing = findRecipe(v2)!.load(model.withNewItems!(fresh).toBuffers());
  const list = knowing
    .recommend({ ...base, limit: 300, user: likes('somebody', 'sad', 5) })
    .map(({ itemId }) => itemId);
  expect(list.indexOf('emotions/sad/new.svg')).toBeLessThan(60);
  expect(list.indexOf('emotions/sad/new.svg')).toBeLessThan(list.indexOf('emotions/happy/new.svg'));
});

test('a model of the release before the ranking was learnt goes on serving people what they like', () => {
  const buffers = new Map(model.toBuffers());
  for (const name of ['transition-offsets', 'transition-items', 'transition-lifts', 'reach']) {
    buffers.delete(name);
  }
  const settings = json<{ parameters: object }>(buffers, 'settings');
  const { ranking: _, ordered: _ordered, ...parameters } = settings.parameters as Record<string, unknown>;
  const earlier = { ...settings, parameters: { ...parameters, blend: 0.5, repeat: -30 } };
  buffers.set('settings', jsonBytes(earlier));
  const user = likes('somebody', 'sad', 5);
  const list = findRecipe(v2)!
    .load(buffers)
    .recommend({ ...base, user });
  expect(list.filter(({ itemId }) => emotionOf(itemId) === 'sad').length).toBeGreaterThanOrEqual(6);
  expect(list.some(({ itemId }) => user.events.some((event) => event.itemId === itemId))).toBe(false);
});

test('ranking scores sum to one over the known inputs; unknown ones follow without a score', () => {
  const ranking = modelOf('aws-personalized-ranking-v2', gallery.data);
  const inputs = ['unknown', ...emotions.map((emotion) => `emotions/${emotion}/7.svg`)];
  const ranked = ranking.rank!({ ...base, user: likes('me', 'fear', 6) }, inputs);
  expect(ranked.map(({ itemId }) => itemId).sort()).toEqual([...inputs].sort());
  expect(ranked.at(-1)).toEqual({ itemId: 'unknown' });
  expect(emotionOf(ranked[0]!.itemId)).toBe('fear');
  expect(ranked.slice(0, -1).reduce((sum, { score }) => sum + score!, 0)).toBeCloseTo(1, 9);
});

test('user metadata decides for somebody without a single event', () => {
  const rows = Array.from({ length: 1200 }, (_, i) => {
    const person = i % 40;
    return { user: `p${person}`, item: `${person % 2 ? 'left' : 'right'}-${(i * 7 + person) % 50}`, at: i };
  });
  const sides = Object.fromEntries(
    Array.from({ length: 40 }, (_, p) => [`p${p}`, { SIDE: p % 2 ? 'L' : 'R' }]),
  );
  const sided = modelOf(v2, snapshot(rows, {}, sides));
  const user = { userId: 'new', events: [], metadata: { SIDE: 'L' } };
  const list = sided.recommend({ ...base, user }).map(({ itemId }) => itemId);
  expect(list.every((itemId) => itemId.startsWith('left'))).toBe(true);
});

test('event weights: types without one are as if they were not there', () => {
  const liked = Array.from({ length: 900 }, (_, i) => ({
    user: `p${i % 30}`,
    item: `a${(i * 7) % 40}`,
    at: i,
    type: 'like',
  }));
  const seen = Array.from({ length: 900 }, (_, i) => ({
    user: `p${i % 30}`,
    item: `b${(i * 7) % 40}`,
    at: i,
    type: 'view',
  }));
  const weighed = modelOf(v2, snapshot([...liked, ...seen]), { eventWeights: { like: 0.7 } });
  const list = weighed.recommend({ ...base, limit: 40, user: { userId: 'nobody', events: [] } });
  expect(list.every(({ itemId }) => itemId.startsWith('a'))).toBe(true);
  const viewer = { userId: 'p', events: [{ itemId: 'a1', timestamp: 1, eventType: 'view' }] };
  expect(weighed.recommend({ ...base, user: viewer })).toEqual(
    weighed.recommend({ ...base, user: { ...viewer, events: [] } }),
  );
});

test('an objective moves rewarding items up, the more the higher the sensitivity', () => {
  const prices = Object.fromEntries(gallery.data.items.ids.map((id, i) => [id, { PRICE: i % 10 }]));
  const data = snapshot(
    [...gallery.data.interactions.user.keys()].map((row) => ({
      user: gallery.data.users.ids[gallery.data.interactions.user[row]!]!,
      item: gallery.data.items.ids[gallery.data.interactions.item[row]!]!,
      at: row,
    })),
    prices,
  );
  const meanPrice = (sensitivity: 'LOW' | 'HIGH' | undefined) => {
    const objective = sensitivity && { column: 'PRICE', sensitivity };
    const { buffers, metrics } = trainedHere(v1, data, { objective, withMetrics: true });
    expect('average_rewards_at_k' in metrics).toBe(sensitivity !== undefined);
    const list = findRecipe(v1)!
      .load(buffers)
      .recommend({ ...base, user: historyOf(data, 'person-1') });
    return list.reduce((sum, { itemId }) => sum + prices[itemId]!.PRICE, 0) / list.length;
  };
  expect(meanPrice('HIGH')).toBeGreaterThan(meanPrice(undefined));
  expect(meanPrice('HIGH')).toBeGreaterThanOrEqual(meanPrice('LOW'));
});

test('the context of a request moves what is chosen in it, for strangers too, and unknown contexts do nothing', () => {
  const rows = Array.from({ length: 1500 }, (_, i) => ({
    user: `p${i % 30}`,
    item: `i${(i * 7) % 50}`,
    at: i,
  }));
  const plain = snapshot(rows);
  const even = (row: number) => Number(rows[row]!.item.slice(1)) % 2;
  const codes = Int32Array.from(rows, (_, row) => (row % 10 === 0 ? 1 - even(row) : even(row)));
  const device = { kind: 'categorical' as const, name: 'DEVICE', values: ['phone', 'desk'], codes };
  const data = { ...plain, interactions: { ...plain.interactions, columns: [device] } };
  for (const recipe of [v1, 'aws-personalized-ranking-v2']) {
    const trained = findRecipe(recipe)!.load(trainedHere(recipe, data).buffers);
    const user = { userId: 'stranger', events: [] };
    const shareOfPhone = (context?: Record<string, string>) =>
      trained.recommend({ ...base, user, context }).filter(({ itemId }) => Number(itemId.slice(1)) % 2 === 0)
        .length / base.limit;
    expect(shareOfPhone({ DEVICE: 'phone' })).toBeGreaterThanOrEqual(0.9);
    expect(shareOfPhone({ DEVICE: 'desk' })).toBeLessThanOrEqual(0.2);
    expect(trained.recommend({ ...base, user, context: { DEVICE: 'fridge', PLACE: 'home' } })).toEqual(
      trained.recommend({ ...base, user }),
    );
  }
});

test.each([v1, 'aws-sims', 'aws-similar-items'])(
  'HPO of %s reports hyperparameters within their ranges',
  (name) => {
    const { hyperParameters: all } = findRecipe(name)!;
    const hyperParameters = Object.fromEntries(all.map((range) => [range.name, range.default]));
    const ranges = all.filter(({ tunable }) => tunable);
    const options = { hyperParameters, performHpo: { maxTrainingJobs: 4, ranges } };
    const small = makeGallery({ metadata: true, picturesPerEmotion: 8, likes: 12 }).data;
    const { tuned } = trainedHere(name, small, options);
    for (const { name: parameter, min, max, values } of all) {
      const value = tuned?.[parameter];
      if (values) expect(values).toContain(value);
      else expect(Number(value) >= min! && Number(value) <= max!).toBe(true);
    }
  },
);

test('a larger catalogue than the dense limit gets neighbours, and says so', () => {
  const rows = Array.from({ length: 26_000 }, (_, i) => ({
    user: `u${i % 500}`,
    item: `i${i % 13_000}`,
    at: i,
  }));
  const { buffers, note } = trainedHere(v2, snapshot(rows));
  expect(note).toContain('nearest neighbours');
  expect(buffers.has('weights')).toBe(false);
  const large = findRecipe(v2)!.load(buffers);
  const list = large.recommend({ ...base, user: { userId: 'u1', events: [{ itemId: 'i1', timestamp: 1 }] } });
  expect(list.length).toBe(10);
});
