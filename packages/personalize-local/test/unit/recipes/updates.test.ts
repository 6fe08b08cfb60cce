// trainingMode UPDATE: what has changed is worked into the FULL training's fit.
import { Compute } from '../../../src/engine/compute';
import type { DataSnapshot } from '../../../src/model/recipe';
import type { Trained } from '../../../src/model/trainer';
import { findRecipe } from '../../../src/recipes';
import { AffinityModel } from '../../../src/recipes/personalization/affinity-model';
import { buildDesign } from '../../../src/recipes/personalization/design';
import { type Continuation, type Fit, fitAffinity } from '../../../src/recipes/personalization/fit';
import { previousFit, saveFitState } from '../../../src/recipes/personalization/fit-state';
import { trainers } from '../../../src/recipes/training/trainers';
import { distance } from '../engine/naive';
import { type Row, snapshot } from './data';
import { emotions, makeGallery } from './gallery';
import { someRanking } from './ranking';

const v1 = 'aws-user-personalization';
const added = 'emotions/calm/added.svg';

/** Large enough for an update to be quicker than a fit. */
const { data } = makeGallery({ metadata: true, seed: 4, people: 450, likes: 20, picturesPerEmotion: 50 });
const rows: Row[] = [...data.interactions.user.keys()].map((row) => ({
  user: data.users.ids[data.interactions.user[row]!]!,
  item: data.items.ids[data.interactions.item[row]!]!,
  at: data.interactions.timestamp[row]!,
}));
const emotionsOf = (ids: readonly string[]) =>
  Object.fromEntries(ids.map((id) => [id, { EMOTION: id.split('/')[1]! }]));
const moods = (ids: readonly string[]) =>
  Object.fromEntries(ids.map((id, i) => [id, { MOOD: emotions[i % 3]! }]));

function gallery(events: readonly Row[], people = data.users.ids): DataSnapshot {
  return snapshot(events, emotionsOf([...data.items.ids, added]), moods(people));
}

const before = snapshot(rows, emotionsOf(data.items.ids), moods(data.users.ids));
/** A deleted event, likes of a new picture, a newcomer. */
const grown = [
  ...rows.slice(1),
  ...Array.from({ length: 6 }, (_, i) => ({ user: `person-${i}`, item: added, at: 900_000 + i })),
  ...[3, 9, 14].map((i) => ({ user: 'newcomer', item: rows[i]!.item, at: 900_100 + i })),
];
const after = gallery(grown, [...data.users.ids, 'newcomer']);

const settings = {
  recipe: v1,
  parameters: {
    lambda: 20,
    itemMetadata: 2,
    userMetadata: 1,
    sequence: { window: 10, decay: 3, lambda: 20 },
    ordered: true,
    ranking: someRanking,
  },
};

function fitted(some: DataSnapshot, continuation: Continuation = {}): Fit {
  const compute = new Compute({ bytes: 64e6 });
  return fitAffinity(compute, some, buildDesign(some), settings, 1000, continuation);
}

function stored({ parts, state }: Fit): Map<string, Uint8Array> {
  const buffers = new AffinityModel(parts).toBuffers();
  saveFitState(buffers, state!);
  return new Map([...buffers].map(([name, bytes]) => [name, bytes.slice()]));
}

function sameFit(found: Fit, expected: Fit): void {
  expect(found.parts.ids).toEqual(expected.parts.ids);
  expect(found.parts.counts).toEqual(expected.parts.counts);
  const weights = expected.parts.weights.weights!;
  expect(found.parts.weights.weights!.length).toBe(weights.length);
  expect(distance(found.parts.weights.weights!, weights)).toBeLessThan(1e-4);
  expect(distance(found.parts.precision, expected.parts.precision)).toBeLessThan(1e-5);
  expect(found.parts.sequenceItems).toEqual(expected.parts.sequenceItems);
  expect(distance(found.parts.sequenceWeights, expected.parts.sequenceWeights)).toBeLessThan(1e-4);
}

test('new events, people and items, and deletions are worked in; the model is the one that all data would give', () => {
  const buffers = stored(fitted(before, { keepState: true }));
  const updated = fitted(after, { previous: previousFit(buffers) });
  // Of the people only those whose events changed; of the metadata only what the new picture and the newcomer touch.
  expect(updated.changedRows).toBeLessThan(25);
  sameFit(updated, fitted(after));
});

test('two updates of the same data are the same to the last bit', () => {
  const buffers = stored(fitted(before, { keepState: true }));
  const [one, other] = [1, 2].map(() => {
    const { parts } = fitted(after, { previous: previousFit(buffers) });
    return new AffinityModel(parts).toBuffers();
  });
  for (const [name, bytes] of one!) expect(Buffer.from(bytes).equals(other!.get(name)!)).toBe(true);
});

test('where nearly everything has changed, or an item is gone, the update is a new fit', () => {
  const previous = previousFit(stored(fitted(before, { keepState: true })));
  const shuffled = gallery(rows.map((row, i) => ({ ...row, item: rows[(i * 37) % rows.length]!.item })));
  const without = snapshot(rows.filter(({ item }) => item !== rows[0]!.item));
  for (const changed of [shuffled, without]) {
    const updated = fitted(changed, { previous });
    expect(updated.changedRows).toBeUndefined();
    sameFit(updated, fitted(changed));
  }
});

test('the trainer keeps what an update needs with FULL trainings of the updatable recipe alone, and tells how it went', () => {
  const host = { threads: 1 };
  const options = { hyperParameters: {}, seed: 1, withMetrics: false };
  const full = trainers[v1]!.train(before, options, host);
  const forUpdates = ({ buffers }: Trained) =>
    [...buffers.keys()].filter((name) => name.startsWith('update.'));
  expect(forUpdates(full).length).toBeGreaterThan(0);
  expect(forUpdates(trainers['aws-user-personalization-v2']!.train(before, options, host))).toEqual([]);
  const updated = trainers[v1]!.train(after, { ...options, previous: full.buffers }, host);
  expect(updated.note).toMatch(/worked \d+ changed rows/);
  expect(forUpdates(updated)).toEqual([]);
  const model = AffinityModel.load(updated.buffers);
  expect(model.parts.settings).toEqual(AffinityModel.load(full.buffers).parts.settings);
  expect(model.usersOf(model.indexOf(added))).toBe(6);
  // A model that was stored without it, as those of neighbour lists are, is fitted anew with its parameters.
  const bare = new Map([...full.buffers].filter(([name]) => !name.startsWith('update.')));
  const anew = trainers[v1]!.train(after, { ...options, previous: bare }, host);
  expect(anew.note).toContain('fitted anew');
  const request = { limit: 10, now: 0, seed: 1, exploration: { weight: 0, itemAgeCutOffDays: 1 } };
  const [list, expected] = [updated, anew].map(({ buffers }) =>
    findRecipe(v1)!
      .load(buffers)
      .recommend({ ...request, user: { userId: 'x', events: [{ itemId: added, timestamp: 1 }] } })
      .map(({ itemId }) => itemId),
  );
  expect(list).toEqual(expected);
});
