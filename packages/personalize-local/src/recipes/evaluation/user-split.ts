// GetSolutionMetrics: the documented split by user, and the lists that a model which never saw the truth gives for it
// (https://docs.aws.amazon.com/personalize/latest/dg/working-with-training-metrics.html).
import { seededRandom, shuffle } from '@emotion-gallery/local-kit/random';
import { groupBy } from '../../engine/sparse';
import type { DataSnapshot, InteractionTable, Model, TrainingOptions, UserHistory } from '../../model/recipe';
import { rankingMetrics } from './ranking-metrics';

/** A user outside the training set: the oldest 90 % of the interactions go in, the newest 10 % are the truth. */
export interface TestUser {
  readonly user: number;
  readonly history: UserHistory;
  /** Item to the type of its newest event. */
  readonly truth: ReadonlyMap<string, string | undefined>;
}

/** Of more users than ten times this, fewer than a tenth are tested: the metrics' standard error is about .01 at most by then. */
const maximumTestUsers = 2000;
/** The longest list that the metrics look at. */
export const listLength = 25;

/** The rows of an interaction table at the given positions, columns included. */
export function selectInteractions(table: InteractionTable, rows: Int32Array): InteractionTable {
  const pick = <T extends Int32Array | Float64Array>(source: T): T => {
    const picked = source.slice(0, rows.length) as T;
    for (let i = 0; i < rows.length; i++) picked[i] = source[rows[i]!]!;
    return picked;
  };
  return {
    user: pick(table.user),
    item: pick(table.item),
    timestamp: pick(table.timestamp),
    eventType: pick(table.eventType),
    eventTypes: table.eventTypes,
    value: pick(table.value),
    columns: table.columns.map((column) => {
      if (column.kind === 'categorical') return { ...column, codes: pick(column.codes) };
      if (column.kind === 'numeric') return { ...column, values: pick(column.values) };
      return { ...column, values: Array.from(rows, (row) => column.values[row]) };
    }),
  };
}

/** Positions of each user's interactions, oldest first; the same timestamp keeps the input's order. */
export function timelines(table: InteractionTable, userCount: number): Int32Array[] {
  const { offsets, order } = groupBy(table.user, userCount);
  return Array.from({ length: userCount }, (_, user) =>
    inOrderOfTime(table, order.subarray(offsets[user]!, offsets[user + 1]!)),
  );
}

function inOrderOfTime({ timestamp }: InteractionTable, rows: Int32Array): Int32Array {
  return rows.sort((a, b) => timestamp[a]! - timestamp[b]! || a - b);
}

/** A tenth of the users, at most `maximumTestUsers`; only users with two interactions can be tested. */
export function testUsers(data: DataSnapshot, seed: number): TestUser[] {
  const { interactions, users } = data;
  const { offsets, order } = groupBy(interactions.user, users.ids.length);
  const testable: number[] = [];
  for (let user = 0; user < users.ids.length; user++) {
    if (offsets[user + 1]! - offsets[user]! >= 2) testable.push(user);
  }
  shuffle(testable, seededRandom(seed));
  const chosen = testable.slice(0, Math.min(maximumTestUsers, Math.ceil(testable.length / 10)));
  return chosen.map((user) => {
    const rows = inOrderOfTime(interactions, order.subarray(offsets[user]!, offsets[user + 1]!));
    return testUser(data, user, rows);
  });
}

export interface UserSplit {
  readonly training: DataSnapshot;
  readonly test: readonly TestUser[];
}

/** 90 % of the users for training, and the rest as test users. */
export function splitByUser(data: DataSnapshot, seed: number): UserSplit {
  const test = testUsers(data, seed);
  const isTest = new Set(test.map(({ user }) => user));
  const kept: number[] = [];
  for (let row = 0; row < data.interactions.user.length; row++) {
    if (!isTest.has(data.interactions.user[row]!)) kept.push(row);
  }
  const training = { ...data, interactions: selectInteractions(data.interactions, Int32Array.from(kept)) };
  return { training, test };
}

function testUser(data: DataSnapshot, user: number, rows: Int32Array): TestUser {
  const inputs = Math.min(rows.length - 1, Math.ceil(rows.length * 0.9));
  const { interactions, items, users } = data;
  const events = Array.from(rows.subarray(0, inputs), (row) => ({
    itemId: items.ids[interactions.item[row]!]!,
    timestamp: interactions.timestamp[row]!,
    eventType: interactions.eventTypes[interactions.eventType[row]!],
  }));
  const truth = new Map<string, string | undefined>();
  for (const row of rows.subarray(inputs)) {
    truth.set(items.ids[interactions.item[row]!]!, interactions.eventTypes[interactions.eventType[row]!]);
  }
  return { user, history: { userId: users.ids[user]!, events, metadata: metadataOf(data, user) }, truth };
}

/** A user's metadata as a request carries it. */
export function metadataOf(data: DataSnapshot, user: number): Record<string, string | number> {
  const metadata: Record<string, string | number> = {};
  for (const column of data.users.columns) {
    if (column.kind === 'categorical') {
      const code = column.codes[user]!;
      if (code >= 0) metadata[column.name] = column.values[code]!;
    } else if (column.kind === 'numeric' && !Number.isNaN(column.values[user]!)) {
      metadata[column.name] = column.values[user]!;
    }
  }
  return metadata;
}

type EvaluationOptions = Pick<TrainingOptions, 'seed' | 'eventWeights' | 'objective'>;

/** Undefined when nobody can be tested, or nobody else is left to learn from. */
export function usableSplit(data: DataSnapshot, seed: number): UserSplit | undefined {
  const split = splitByUser(data, seed);
  return split.test.length > 0 && split.training.interactions.user.length > 0 ? split : undefined;
}

/** The metrics of the lists that a model trained on the other users gives; empty when nobody can be tested. */
export function evaluateByUserSplit(
  data: DataSnapshot,
  options: EvaluationOptions,
  train: (training: DataSnapshot) => Model,
): Record<string, number> {
  const split = usableSplit(data, options.seed);
  return split ? measureLists(data, split.test, options, train(split.training)) : {};
}

/** The metrics of the lists that a model gives to test users whose truth it has not seen. */
function measureLists(
  data: DataSnapshot,
  test: readonly TestUser[],
  options: EvaluationOptions,
  model: Model,
): Record<string, number> {
  const lists = test.map(({ history }) => {
    const last = history.events.at(-1);
    const request = {
      user: history,
      itemId: last?.itemId,
      limit: listLength,
      now: last?.timestamp ?? 0,
      seed: options.seed,
      exploration: { weight: 0, itemAgeCutOffDays: 1 },
    };
    return model.recommend(request).map(({ itemId }) => itemId);
  });
  return rankingMetrics(lists, test, data, options);
}
