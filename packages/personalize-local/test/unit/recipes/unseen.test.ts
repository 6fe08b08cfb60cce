// The offline metrics come from the fit on everybody, as if it had not seen the test users: against a fit that has not.
import { Compute } from '../../../src/engine/compute';
import { topK } from '../../../src/engine/top-k';
import type { DataSnapshot } from '../../../src/model/recipe';
import { splitByUser } from '../../../src/recipes/evaluation/user-split';
import { AffinityModel } from '../../../src/recipes/personalization/affinity-model';
import { buildDesign } from '../../../src/recipes/personalization/design';
import { fitAffinity } from '../../../src/recipes/personalization/fit';
import { listsOf, unseenOf } from '../../../src/recipes/personalization/unseen';
import { snapshot } from './data';
import { makeGallery } from './gallery';
import { someRanking } from './ranking';

const seed = 3;
const { data: liked } = makeGallery({ metadata: true, seed: 4, people: 60, likes: 30 });

/** Likes of which every third is a view, with moods of the people beside the emotions of the pictures. */
const data: DataSnapshot = {
  ...liked,
  users: {
    ids: liked.users.ids,
    columns: [
      {
        kind: 'categorical',
        name: 'MOOD',
        values: ['happy', 'sad'],
        codes: Int32Array.from(liked.users.ids, (_, user) => (user % 7) % 2),
      },
    ],
  },
  interactions: {
    ...liked.interactions,
    eventTypes: ['like', 'view'],
    eventType: liked.interactions.item.map((_, row) => Number(row % 3 === 0)),
  },
};

const settingsOf = (ordered: boolean, eventWeights?: Readonly<Record<string, number>>) => ({
  recipe: 'aws-user-personalization-v2',
  parameters: {
    lambda: 15,
    itemMetadata: 2,
    userMetadata: 1,
    sequence: { window: 10, decay: 3, lambda: 20 },
    ordered,
    ranking: someRanking,
  },
  eventWeights,
});

type Settings = ReturnType<typeof settingsOf>;

/** As a training with metrics does it. */
function lists(some: DataSnapshot, settings: Settings, limit: number): string[][] {
  const compute = new Compute({ bytes: 64e6 });
  const design = buildDesign(some, settings.eventWeights);
  const unseen = unseenOf(some, design, seed)!;
  const fit = fitAffinity(compute, some, design, settings, limit, { unseen });
  return listsOf(compute, design, fit, unseen, limit);
}

/** By a model that was never given the test users' events. */
function expectedLists(some: DataSnapshot, settings: Settings, limit: number): string[][] {
  const compute = new Compute({ bytes: 64e6 });
  const { training, test: tested } = splitByUser(some, seed);
  const design = buildDesign(training, settings.eventWeights);
  const model = new AffinityModel(fitAffinity(compute, training, design, settings, limit).parts);
  return tested.map(({ history }) =>
    Array.from(topK(model.logits(history), 25), (index) => model.idAt(index)),
  );
}

test.each<[string, Settings, number]>([
  ['item-to-item weights with metadata of both kinds', settingsOf(false), 1000],
  ['and the order of events', settingsOf(true), 1000],
  ['and weights of event types', settingsOf(true, { like: 1, view: 0.25 }), 1000],
  ['and a type that weighs nothing', settingsOf(true, { like: 1 }), 1000],
  ['neighbours, where the catalogue is too large for a dense model', settingsOf(true), 100],
])('the lists are those of a model that was trained on the others: %s', (_, settings, limit) => {
  const found = lists(data, settings, limit);
  expect(found.length).toBe(6);
  expect(found[0]!.length).toBe(25);
  expect(found).toEqual(expectedLists(data, settings, limit));
});

test('where the fit cannot do without the test users, another one is made', () => {
  const { parameters, ...settings } = settingsOf(false);
  // Nothing but their own events holds the fit up.
  const weak = { ...settings, parameters: { ...parameters, lambda: 1e-4, itemMetadata: 0, userMetadata: 0 } };
  expect(lists(data, weak, 1000)).toEqual(expectedLists(data, weak, 1000));
});

test('what a test user chose in the end moves no list', () => {
  const { test: tested } = splitByUser(data, seed);
  const { user, item, timestamp } = data.interactions;
  const inputs = new Map(tested.map((one) => [one.user, one.history.events.at(-1)!.timestamp]));
  const other = item.map((own, row) => (timestamp[row]! > (inputs.get(user[row]!) ?? Infinity) ? 7 : own));
  expect(other).not.toEqual(item);
  const changed = { ...data, interactions: { ...data.interactions, item: other } };
  expect(lists(changed, settingsOf(true), 1000)).toEqual(lists(data, settingsOf(true), 1000));
});

test('the data without some users is the data as if they had never come', () => {
  const { training } = splitByUser(data, seed);
  for (const weights of [undefined, { like: 1, view: 0.25 }]) {
    const { known } = unseenOf(data, buildDesign(data, weights), seed)!;
    expect(known).toEqual(buildDesign(training, weights));
  }
});

test('nobody is tested where nobody is left to learn from', () => {
  const alone = snapshot([1, 2, 3].map((at) => ({ user: 'u', item: `i${at}`, at })));
  expect(unseenOf(alone, buildDesign(alone), seed)).toBeUndefined();
});
