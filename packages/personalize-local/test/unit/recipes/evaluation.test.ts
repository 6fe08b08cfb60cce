// The offline metrics: who is tested, on what, by a model that knows what; and training that leaves the process alive.
import { setTimeout as pause } from 'node:timers/promises';
import type { DataSnapshot } from '../../../src/model/recipe';
import { findRecipe } from '../../../src/recipes';
import { withinPercentiles } from '../../../src/recipes/evaluation/history-length';
import { rankingMetrics } from '../../../src/recipes/evaluation/ranking-metrics';
import { evaluateByUserSplit, splitByUser } from '../../../src/recipes/evaluation/user-split';
import { AffinityModel } from '../../../src/recipes/personalization/affinity-model';
import { isAsGood, type Merit } from '../../../src/recipes/personalization/hold-out';
import { trainers } from '../../../src/recipes/training/trainers';
import { snapshot } from './data';
import { makeGallery } from './gallery';

const { data } = makeGallery({ metadata: true });

test('a tenth of the users is tested: their newest tenth is the truth, the rest goes in, and training sees none of it', () => {
  const { training, test: tested } = splitByUser(data, 7);
  expect(tested.length).toBe(3);
  const trainingUsers = new Set(training.interactions.user);
  for (const { user, history, truth } of tested) {
    expect(trainingUsers.has(user)).toBe(false);
    expect(history.events.length).toBe(36);
    expect(truth.size).toBe(4);
    const newest = Math.max(...history.events.map(({ timestamp }) => timestamp));
    for (const itemId of truth.keys()) {
      const row = [...data.interactions.user.keys()].find(
        (at) => data.interactions.user[at] === user && data.items.ids[data.interactions.item[at]!] === itemId,
      );
      expect(data.interactions.timestamp[row!]).toBeGreaterThan(newest);
    }
  }
  expect(trainingUsers.size).toBe(22);
});

test('the model that is measured is trained on the other users alone', () => {
  let seen = 0;
  evaluateByUserSplit(data, { seed: 1 }, (training) => {
    seen = new Set(training.interactions.user).size;
    return findRecipe('aws-popularity-count')!.load(new Map(popular));
  });
  expect(seen).toBe(22);
});

let popular: Map<string, Uint8Array>;
beforeAll(async () => {
  const options = { hyperParameters: {}, seed: 1, withMetrics: false };
  popular = (await findRecipe('aws-popularity-count')!.train(data, options)).model.toBuffers();
});

test('keys and values are as GetSolutionMetrics gives them', () => {
  const items = snapshot([], { a: {}, b: {}, c: {}, d: {}, e: {}, f: {} });
  const user = { user: 0, history: { userId: 'u', events: [] } };
  const truth = new Map([
    ['b', 'buy'],
    ['e', 'view'],
  ]);
  const metrics = rankingMetrics([['a', 'b', 'c', 'd', 'e']], [{ ...user, truth }], items, {
    eventWeights: { buy: 0.3, view: 0.1 },
  });
  expect(metrics).toMatchObject({
    coverage: 0.8333,
    mean_reciprocal_rank_at_25: 0.5,
    normalized_discounted_cumulative_gain_at_5: 0.6241,
    precision_at_5: 0.4,
    precision_at_10: 0.2,
    precision_at_25: 0.08,
  });
  // Weights 0.3 and 0.1 are rewards of 1.5 and 0.5.
  const [first, second] = [1.5 / Math.log2(3) + 0.5 / Math.log2(6), 1.5 + 0.5 / Math.log2(3)];
  expect(metrics.normalized_discounted_cumulative_gain_with_event_weights_at_5).toBeCloseTo(
    first / second,
    4,
  );
});

test('histories outside the percentiles are left out, both bounds stay', () => {
  const rows = [1, 2, 3, 50].flatMap((length, user) =>
    Array.from({ length }, (_, i) => ({ user: `u${user}`, item: `i${i}`, at: i })),
  );
  const users = (parameters: Record<string, string>) =>
    [...new Set(withinPercentiles(snapshot(rows), parameters).interactions.user)].length;
  expect(users({})).toBe(4);
  expect(users({ max_user_history_length_percentile: '0.6' })).toBe(3);
  expect(
    users({ min_user_history_length_percentile: '0.4', max_user_history_length_percentile: '1.0' }),
  ).toBe(3);
});

describe('what the metrics must not know has no part in the search for parameters either', () => {
  const host = { threads: 1 };
  const options = { hyperParameters: {}, seed: 1, withMetrics: true };
  const parametersOf = (recipe: string, some: DataSnapshot, more: object = {}) =>
    AffinityModel.load(trainers[recipe]!.train(some, { ...options, ...more }, host).buffers).parts.settings
      .parameters;
  // Nobody returns to an item: people of this data are taken not to.
  const history = (user: string, last: string) =>
    Array.from({ length: 10 }, (_, i) => ({ user, item: i === 9 ? last : `i${i}`, at: i }));
  const people = ['u0', 'u1', 'u2'];

  test('user personalization: the truth of a test user', () => {
    const plain = snapshot(people.flatMap((user) => history(user, 'i9')));
    const { test: tested } = splitByUser(plain, options.seed);
    expect(tested.map(({ truth }) => [...truth.keys()])).toEqual([['i9']]);
    // Their newest event is one to an item that they had.
    const returning = (who: number) =>
      snapshot(
        people.flatMap((user, u) => history(user, u === who ? 'i0' : 'i9')),
        { i9: {} },
      );
    const found = people.map((_, who) => parametersOf('aws-user-personalization', returning(who)));
    expect(found[tested[0]!.user]).toMatchObject({ ranking: [{ had: -30 }] });
    for (const who of [0, 1, 2]) {
      if (who !== tested[0]!.user) expect(found[who]).toMatchObject({ ranking: [{ had: 0 }] });
    }
  });

  test('user segments: the newest fifth of everybody', () => {
    const returning = snapshot(people.flatMap((user) => history(user, 'i0')));
    expect(parametersOf('aws-item-affinity', returning)).toMatchObject({ ranking: [{ had: -30 }] });
    expect(parametersOf('aws-item-affinity', returning, { withMetrics: false })).toMatchObject({
      ranking: [{ had: 0 }],
    });
  });
});

test('HPO of related items reports metrics of users that no candidate was judged by', () => {
  const { hyperParameters: all } = findRecipe('aws-sims')!;
  const performHpo = { maxTrainingJobs: 6, ranges: all.filter(({ tunable }) => tunable) };
  const hyperParameters = Object.fromEntries(all.map((range) => [range.name, range.default]));
  const train = (some: DataSnapshot, hpo: boolean) =>
    trainers['aws-sims']!.train(
      some,
      { hyperParameters, seed: 3, withMetrics: true, ...(hpo ? { performHpo } : {}) },
      { threads: 1 },
    );
  const found = train(data, true);
  // With other truths of the test users the search ends the same.
  const tested = new Set(splitByUser(data, 3).test.map(({ user }) => user));
  const { interactions } = data;
  const item = interactions.item.map((own, row) =>
    tested.has(interactions.user[row]!) ? (own * 7) % 240 : own,
  );
  const other = train({ ...data, interactions: { ...interactions, item } }, true);
  expect(other.tuned).toEqual(found.tuned);
  // What is reported is what a training with the found hyperparameters reports.
  const plain = trainers['aws-sims']!.train(
    data,
    { hyperParameters: found.tuned!, seed: 3, withMetrics: true },
    { threads: 1 },
  );
  expect(found.metrics).toEqual(plain.metrics);
});

test('the process answers others while a model is trained', async () => {
  const large = makeGallery({ metadata: true, people: 400, likes: 60, picturesPerEmotion: 60 }).data;
  const training = findRecipe('aws-user-personalization-v2')!.train(large, {
    hyperParameters: {},
    seed: 1,
    withMetrics: true,
  });
  let turns = 0;
  let done = false;
  const counted = training.finally(() => {
    done = true;
  });
  while (!done) {
    await pause(5);
    turns++;
  }
  await counted;
  expect(turns).toBeGreaterThan(5);
});

test('a candidate is as good as another when chance explains what it is worse by', () => {
  const meritOf = (gains: number[]): Merit => ({
    mean: gains.reduce((sum, gain) => sum + gain, 0) / gains.length,
    gains: Float64Array.from(gains),
  });
  const other = meritOf([1, 0, 1, 0.5, 0, 1]);
  expect(isAsGood(other, other, 0)).toBe(true);
  // Worse everywhere by the same: no chance about it, however little it is.
  expect(isAsGood(meritOf([0.9, -0.1, 0.9, 0.4, -0.1, 0.9]), other, 1)).toBe(false);
  // Worse in one place of six, by a mean difference of one sixth with a standard error of nearly as much.
  const once = meritOf([0, 0, 1, 0.5, 0, 1]);
  expect(isAsGood(once, other, 1)).toBe(false);
  expect(isAsGood(once, other, 2)).toBe(true);
});
