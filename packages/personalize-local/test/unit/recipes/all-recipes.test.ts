// Every recipe: trains on a small gallery, measures itself, answers the same after a restart, and takes bad data well.
import { seededRandom } from '@emotion-gallery/local-kit/random';
import {
  type DataSnapshot,
  type Model,
  type Recipe,
  type ScoreRequest,
  TrainingFailed,
  type TrainingOptions,
} from '../../../src/model/recipe';
import type { TrainerOptions } from '../../../src/model/trainer';
import { recipes } from '../../../src/recipes';
import { trainers } from '../../../src/recipes/training/trainers';
import { snapshot } from './data';
import { makeGallery } from './gallery';

/** The gallery again with the event types of the domains, descriptions, and actions. */
function shop(): DataSnapshot {
  const { data } = makeGallery({ metadata: true });
  const { interactions, items } = data;
  const random = seededRandom(3);
  const actionRows = Array.from({ length: 400 }, (_, i) => ({
    user: `person-${i % 25}`,
    item: `action-${Math.floor(random() * 6)}`,
    at: 1_700_000_000 + i * 60,
    type: random() < 0.4 ? 'TAKEN' : 'NOT_TAKEN',
  }));
  const actions = snapshot(actionRows);
  const personOf = new Map(data.users.ids.map((id, index) => [id, index]));
  return {
    ...data,
    interactions: {
      ...interactions,
      eventTypes: ['View', 'Purchase', 'Watch'],
      eventType: interactions.user.map((_, row) => row % 3),
    },
    items: {
      ...items,
      columns: [
        ...items.columns,
        { kind: 'textual', name: 'DESCRIPTION', values: items.ids.map((id) => `a ${id.split('/')[1]} face`) },
      ],
    },
    actions: actions.items,
    actionInteractions: {
      ...actions.interactions,
      user: actions.interactions.user.map((user) => personOf.get(actions.users.ids[user]!)!),
    },
  };
}

function optionsOf(recipe: Recipe): TrainerOptions & TrainingOptions {
  const parameters = [...recipe.hyperParameters, ...recipe.featureTransformationParameters];
  const hyperParameters = Object.fromEntries(parameters.map(({ name, default: value }) => [name, value]));
  return { hyperParameters, seed: 1, withMetrics: true };
}

function requestFor(data: DataSnapshot): ScoreRequest {
  const itemId = data.items.ids[0] ?? 'unknown';
  const user = { userId: data.users.ids[0] ?? 'somebody', events: [{ itemId, timestamp: 1000 }] };
  return { user, itemId, limit: 10, now: 2_000_000_000, seed: 1 };
}

/** Whatever the model's type can answer, for one request. */
function answers(model: Model, data: DataSnapshot): unknown[] {
  const request = requestFor(data);
  return [
    model.recommend(request),
    model.rank?.(request, [...data.items.ids.slice(0, 5), 'unknown']),
    model.segment?.({ itemId: data.items.ids[0]! }, 5),
    model.segment?.({ attributes: [{ column: 'EMOTION', value: 'sad' }] }, 5),
  ].filter((answer) => answer !== undefined);
}

/** Training without its thread: the same code, quicker to repeat. */
function trainHere(recipe: Recipe, data: DataSnapshot, options: TrainerOptions = optionsOf(recipe)): Model {
  const trainer = trainers[recipe.name]!;
  const { buffers, metrics } = trainer.train(data, options, { threads: 1 });
  for (const value of Object.values(metrics)) expect(value).toBe(Number(value.toFixed(4)));
  return recipe.load(buffers);
}

// The domain recommenders run on these.
const custom = recipes.filter(({ domain }) => domain === undefined);

describe.each(custom.map((recipe) => [recipe.name, recipe] as const))('%s', (_, recipe) => {
  test('trains in its thread, measures itself, and answers the same after a restart', async () => {
    const data = shop();
    const { model, metrics } = await recipe.train(data, optionsOf(recipe));
    expect(Object.keys(metrics).length).toBeGreaterThan(0);
    for (const value of Object.values(metrics)) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
      expect(value).toBe(Number(value.toFixed(4)));
    }
    const restored = recipe.load(
      new Map([...model.toBuffers()].map(([name, bytes]) => [name, bytes.slice()])),
    );
    expect(answers(restored, data)).toEqual(answers(model, data));
    if (recipe.type !== 'USER_SEGMENTATION')
      expect(model.recommend(requestFor(data)).length).toBeGreaterThan(0);
  });
});

describe.each(custom.map((recipe) => [recipe.name, recipe] as const))('%s', (_, recipe) => {
  test('the same data and seed give the same model, bit for bit', () => {
    const data = shop();
    const [one, other] = [trainHere(recipe, data), trainHere(recipe, data)].map((model) => model.toBuffers());
    expect([...one!.keys()]).toEqual([...other!.keys()]);
    for (const [name, bytes] of one!)
      expect(Buffer.from(bytes).equals(Buffer.from(other!.get(name)!))).toBe(true);
  });

  test.each(awkward())('%s: the documented failure or a model without NaN', (_name, data) => {
    let model: Model;
    try {
      model = trainHere(recipe, data);
    } catch (error) {
      if (!(error instanceof TrainingFailed)) throw error;
      expect(error.message).toMatch(/^(Create failed|Dataset has fewer)/);
      return;
    }
    expect(JSON.stringify(answers(model, data))).not.toContain('null');
    const strangers = {
      user: { userId: 'nobody', events: [] },
      itemId: 'nothing',
      limit: 5,
      now: 0,
      seed: 1,
    };
    expect(JSON.stringify(model.recommend(strangers))).not.toContain('null');
  });
});

function awkward(): ReadonlyArray<readonly [string, DataSnapshot]> {
  const many = Array.from({ length: 10_000 }, (_, i) => i);
  const rows = many
    .slice(0, 300)
    .map((i) => ({ user: `u${i % 10}`, item: `i${(i * 7) % 60}`, at: i, type: 'View' }));
  return [
    ['no interactions', snapshot([], { a: { EMOTION: 'sad' } })],
    ['nothing at all', snapshot([])],
    [
      'one user',
      snapshot(many.slice(0, 50).map((i) => ({ user: 'one', item: `i${i}`, at: i, type: 'View' }))),
    ],
    [
      'one item',
      snapshot(many.slice(0, 50).map((i) => ({ user: `u${i % 9}`, item: 'only', at: i, type: 'View' }))),
    ],
    ['one event', snapshot([{ user: 'u', item: 'i', at: 1, type: 'View' }])],
    ['all at the same second', snapshot(rows.map((row) => ({ ...row, at: 5 })))],
    [
      'a categorical column with 10,000 values, on items without interactions',
      snapshot(
        rows,
        Object.fromEntries(
          many.slice(0, 300).map((i) => [`i${i}`, { TAG: `a${i}|b${(i * 31) % 10_000}|c${i % 9}` }]),
        ),
        { u0: { AGE: 3 }, u1: { AGE: Number.NaN } },
      ),
    ],
  ];
}
