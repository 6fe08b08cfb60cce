// aws-next-best-action: how likely a user is to take each action. The log-odds of the action among all users, moved by the
// user's affinity to it.
import { type Buffers, bytesOf, float32, json, jsonBytes } from '../../engine/buffers';
import { areaUnderCurve, roundTo4 } from '../../engine/metrics';
import { topK } from '../../engine/top-k';
import {
  type DataSnapshot,
  type InteractionTable,
  type Model,
  type NewItem,
  type ScoredItem,
  type ScoreRequest,
  TrainingFailed,
} from '../../model/recipe';
import type { Host, Trainer } from '../../model/trainer';
import { selectInteractions } from '../evaluation/user-split';
import { AffinityModel } from './affinity-model';
import { buildDesign } from './design';
import { denseLimit, fitAffinity, openCompute } from './fit';
import { standardise } from './scoring';
import { tune } from './tune';

const recipe = 'aws-next-best-action';
const secondsPerDay = 86_400;
/** Propensities are 0 until there are this many actions taken, and not taken or viewed, in six weeks. */
const enough = { events: 50, seconds: 42 * secondsPerDay };
/** Log-odds for one standard deviation of affinity. */
const affinityStrength = 0.5;

interface Settings {
  readonly ready: boolean;
}

class NextBestActionModel implements Model {
  readonly recipe = recipe;

  constructor(
    private readonly affinity: AffinityModel,
    /** Log-odds by action. */
    private readonly base: Float32Array,
    private readonly settings: Settings,
  ) {}

  recommend({ user, limit, allowed }: ScoreRequest): ScoredItem[] {
    const propensities = this.propensities(user);
    const accept = allowed && ((index: number) => allowed(this.affinity.idAt(index)));
    return Array.from(topK(propensities, limit, accept), (index) => ({
      itemId: this.affinity.idAt(index),
      score: propensities[index]!,
    }));
  }

  /** 0 to 1 by action; they are no distribution. */
  propensities(user: ScoreRequest['user']): Float64Array {
    if (!this.settings.ready) return new Float64Array(this.affinity.size);
    const personal = this.affinity.knows(user) ? standardise(this.affinity.logits(user)) : undefined;
    // An action that is new has no odds of its own yet: even ones.
    return Float64Array.from({ length: this.affinity.size }, (_, action) => {
      const odds = (this.base[action] ?? 0) + affinityStrength * (personal?.[action] ?? 0);
      return 1 / (1 + Math.exp(-odds));
    });
  }

  indexOf(actionId: string): number {
    return this.affinity.indexOf(actionId);
  }

  withNewItems(actions: readonly NewItem[]): Model {
    return new NextBestActionModel(this.affinity.knowing(actions), this.base, this.settings);
  }

  toBuffers(): Map<string, Uint8Array> {
    const buffers = this.affinity.toBuffers();
    buffers.set('log-odds', bytesOf(this.base));
    buffers.set('next-best-action', jsonBytes(this.settings));
    return buffers;
  }

  static load(buffers: Buffers): NextBestActionModel {
    const settings = json<Settings>(buffers, 'next-best-action');
    return new NextBestActionModel(AffinityModel.load(buffers), float32(buffers, 'log-odds'), settings);
  }
}

function rowsWhere(table: InteractionTable, wanted: (row: number) => boolean): InteractionTable {
  return selectInteractions(table, Int32Array.from(table.user.keys()).filter(wanted));
}

const isTaken = (table: InteractionTable, row: number): boolean =>
  table.eventTypes[table.eventType[row]!]?.toUpperCase() === 'TAKEN';

const newest = (table: InteractionTable): number =>
  table.timestamp.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY);

function build(
  data: DataSnapshot,
  table: InteractionTable,
  days: number,
  seed: number,
  host: Host,
): NextBestActionModel {
  const actions = data.actions!;
  const end = newest(table);
  const since = (row: number) => end - table.timestamp[row]!;
  const recent = rowsWhere(table, (row) => since(row) <= enough.seconds);
  const taken = recent.user.reduce((count, _, row) => count + Number(isTaken(recent, row)), 0);
  const ready = taken >= enough.events && recent.user.length - taken >= enough.events;
  const own: DataSnapshot = {
    users: data.users,
    items: actions,
    interactions: rowsWhere(table, (row) => isTaken(table, row)),
    itemCreatedAt: new Float64Array(actions.ids.length),
  };
  const design = buildDesign(own);
  const limit = denseLimit();
  const compute = openCompute(design, host, limit);
  try {
    const { parameters } = tune(compute, design, { seed, recency: false, window: 10 });
    // People take the same action again: what they did before is no reason to leave it out.
    const ranking = parameters.ranking.map((weights) => ({ ...weights, had: Math.max(0, weights.had) }));
    const settings = { recipe, parameters: { ...parameters, ranking } };
    const affinity = new AffinityModel(fitAffinity(compute, own, design, settings, limit).parts);
    const period = rowsWhere(table, (row) => since(row) <= days * secondsPerDay);
    return new NextBestActionModel(affinity, logOdds(period, actions.ids.length), { ready });
  } finally {
    compute.close();
  }
}

function logOdds(table: InteractionTable, actions: number): Float32Array {
  const taken = new Float64Array(actions).fill(1);
  const other = new Float64Array(actions).fill(1);
  for (let row = 0; row < table.item.length; row++) {
    (isTaken(table, row) ? taken : other)[table.item[row]!]!++;
  }
  return Float32Array.from(taken, (count, action) => Math.log(count / other[action]!));
}

/** Oldest 80 % of the action interactions for training; the model judges the others. */
function measure(
  data: DataSnapshot,
  table: InteractionTable,
  train: (older: InteractionTable) => NextBestActionModel,
): Record<string, number> {
  const order = Int32Array.from(table.user.keys()).sort(
    (a, b) => table.timestamp[a]! - table.timestamp[b]! || a - b,
  );
  const cut = Math.floor(order.length * 0.8);
  if (cut === 0 || cut === order.length) return {};
  const older = selectInteractions(table, order.slice(0, cut));
  const model = train(older);
  const histories = new Map<number, { itemId: string; timestamp: number }[]>();
  for (let row = 0; row < older.user.length; row++) {
    if (!isTaken(older, row)) continue;
    const events = histories.get(older.user[row]!) ?? [];
    events.push({ itemId: data.actions!.ids[older.item[row]!]!, timestamp: older.timestamp[row]! });
    histories.set(older.user[row]!, events);
  }
  const tested = [...order.slice(cut)];
  const positive = tested.map((row) => isTaken(table, row));
  const scores = tested.map((row) => {
    const user = table.user[row]!;
    const known = { userId: data.users.ids[user]!, events: histories.get(user) ?? [] };
    return model.propensities(known)[table.item[row]!]!;
  });
  const guessed = scores.map((score) => score >= 0.5);
  const right = guessed.filter((guess, at) => guess && positive[at]).length;
  const share = (of: number) => roundTo4(of > 0 ? right / of : 0);
  return {
    precision: share(guessed.filter(Boolean).length),
    recall: share(positive.filter(Boolean).length),
    auc: roundTo4(areaUnderCurve(scores, positive)),
  };
}

export const nextBestAction: Trainer = {
  load: (buffers) => NextBestActionModel.load(buffers),
  train(data, { hyperParameters, seed, withMetrics }, host) {
    const table = data.actionInteractions;
    if (!data.actions || data.actions.ids.length === 0 || !table || table.user.length === 0) {
      throw new TrainingFailed('Create failed. There are no actions or no action interactions to train on.');
    }
    const days = Number(hyperParameters.action_optimization_period ?? 14);
    const train = (some: InteractionTable) => build(data, some, days, seed, host);
    return { metrics: withMetrics ? measure(data, table, train) : {}, buffers: train(table).toBuffers() };
  },
};
