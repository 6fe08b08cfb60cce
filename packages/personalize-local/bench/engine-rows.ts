// Full ranking by who is asked for: rows by length of history, newcomers, rare items; a global split in time; calibration; and
// the first day of a gallery. Everything beside popularity, with the standard error of the difference.
import { seededRandom, shuffle } from '@emotion-gallery/local-kit/random';
import { softmax } from '../src/engine/softmax';
import { AffinityModel } from '../src/recipes/personalization/affinity-model';
import { trainers } from '../src/recipes/training/trainers';
import { type Estimate, estimate, type LeftOut, ndcgOf } from './engine-measures';
import { type Interactions, interactionsWhere, snapshotOf } from './synthetic';

/** Ten newest events, or first ones, or all. */
const lengths = [1, 2, 3, 5, 10, Number.POSITIVE_INFINITY] as const;
/** An item with fewer users is a rare one. */
const rare = 10;
const calibrationBins = 10;
/** The first day: so many people with so many events among so many items; others are asked for. */
const firstDay = { people: 25, events: 40, items: 240, others: 200, draws: 8 } as const;

const own = 'user-personalization-v2';

interface Question {
  readonly past: readonly number[];
  readonly truth: readonly number[];
}

/** A model and popularity, trained on the same events; both score by the numbers of the set. */
class Rivals {
  private readonly counts: Float32Array;
  private readonly places: Int32Array;

  private constructor(
    private readonly model: AffinityModel,
    { users, items, user, item }: Interactions,
  ) {
    this.counts = new Float32Array(items);
    const seen = new Set<number>();
    for (const [row, own] of item.entries()) {
      const pair = user[row]! * items + own;
      if (!seen.has(pair)) this.counts[own]!++;
      seen.add(pair);
    }
    this.places = Int32Array.from({ length: items }, (_, index) => model.indexOf(`i${index}`));
    if (users === 0) throw new RangeError('nobody to learn from');
  }

  static trained(training: Interactions): Rivals {
    const { buffers } = trainers[`aws-${own}`]!.train(
      snapshotOf(training),
      { hyperParameters: { apply_recency_bias: 'true' }, seed: 1, withMetrics: false },
      { threads: 1 },
    );
    return new Rivals(AffinityModel.load(buffers), training);
  }

  usersOf(item: number): number {
    return this.counts[item]!;
  }

  logits(past: readonly number[]): Float32Array {
    const events = past.map((item, timestamp) => ({ itemId: `i${item}`, timestamp }));
    const logits = this.model.logits({ userId: 'somebody', events });
    return Float32Array.from(this.places, (place) => logits[place]!);
  }

  /** NDCG@10 among all that the person did not have. */
  compare(name: string, questions: readonly Question[]): void {
    if (questions.length === 0) return;
    const popular = questions.map(({ past, truth }) => ndcgOf(this.counts, new Set(past), truth));
    const personal = questions.map(({ past, truth }) => ndcgOf(this.logits(past), new Set(past), truth));
    tell(name, popular, personal);
  }
}

const told = ({ mean, error }: Estimate) => `${mean.toFixed(4)} ± ${error.toFixed(4)}`;

function tell(name: string, popular: readonly number[], personal: readonly number[]): void {
  const difference = estimate(personal.map((value, at) => value - popular[at]!));
  const verdict = difference.mean < -difference.error ? ', BELOW POPULARITY' : '';
  console.log(
    `${name.padEnd(34)} ${String(popular.length).padStart(5)}  ${told(estimate(popular))}  ${told(estimate(personal))}  ${told(difference)}${verdict}`,
  );
}

/** @param all every interaction; @param training without the left-out ones */
export function benchRows(all: Interactions, training: Interactions, cases: readonly LeftOut[]): void {
  console.log('\nfull ranking, NDCG@10, one standard error behind ±');
  console.log(`${'who is asked for'.padEnd(34)} ${'cases'}  popularity       ${own}  difference`);
  const rivals = Rivals.trained(training);
  const questions = cases.map(({ past, truth }) => ({ past: Array.from(past), truth: [truth] }));
  for (const length of lengths) {
    const cut = questions.map(({ past, truth }) => ({ past: past.slice(-length), truth }));
    rivals.compare(length === Number.POSITIVE_INFINITY ? 'all events' : `newest ${length} events`, cut);
  }
  rivals.compare(
    `rare items (fewer than ${rare} users)`,
    questions.filter(({ truth }) => rivals.usersOf(truth[0]!) < rare),
  );
  calibrate(rivals, questions);
  benchNewcomers(all);
  benchTimeSplit(all);
  benchFirstDay(all);
}

/** How often the likeliest item is chosen, by how likely it is said to be: the expected calibration error (Guo et al. 2017). */
function calibrate(rivals: Rivals, questions: readonly Question[]): void {
  const found = questions
    .map(({ past, truth }) => {
      const logits = rivals.logits(past);
      for (const item of past) logits[item] = Number.NEGATIVE_INFINITY;
      const shares = softmax(logits);
      const best = shares.reduce((most, share, item) => (share > shares[most]! ? item : most), 0);
      return { said: shares[best]!, chosen: Number(best === truth[0]), truth: shares[truth[0]!]! };
    })
    .sort((a, b) => a.said - b.said);
  let error = 0;
  for (let bin = 0; bin < calibrationBins; bin++) {
    const [from, to] = [bin, bin + 1].map((edge) => Math.floor((edge * found.length) / calibrationBins));
    const own = found.slice(from, to);
    if (own.length === 0) continue;
    const mean = (of: (one: (typeof own)[number]) => number) => estimate(own.map(of)).mean;
    error += (own.length / found.length) * Math.abs(mean(({ said }) => said) - mean(({ chosen }) => chosen));
  }
  const said = estimate(found.map((one) => one.said));
  const chosen = estimate(found.map((one) => one.chosen));
  const surprise = estimate(found.map(({ truth }) => -Math.log(truth || Number.MIN_VALUE)));
  console.log(
    `calibration of the first place: said ${told(said)}, chosen ${told(chosen)}, expected calibration error ${error.toFixed(4)}; ` +
      `log loss ${told(surprise)}`,
  );
}

/** People whom the model has not seen: a fifth of them, by their first events; what they chose next ten times is the truth. */
function benchNewcomers(all: Interactions): void {
  const fresh = new Set(
    shuffle(
      Array.from({ length: all.users }, (_, user) => user),
      seededRandom(5),
    ).slice(0, Math.ceil(all.users / 5)),
  );
  const rivals = Rivals.trained(interactionsWhere(all, (row) => !fresh.has(all.user[row]!)));
  const lines = timelinesOf(all).filter((_, user) => fresh.has(user));
  for (const length of lengths) {
    if (length === Number.POSITIVE_INFINITY) continue;
    const questions = lines
      .filter((line) => line.length > length)
      .map((line) => ({ past: line.slice(0, length), truth: line.slice(length, length + 10) }));
    rivals.compare(`unseen people, first ${length} events`, questions);
  }
}

/** One moment for everybody: nine tenths of all events are known, the first of each person after that is the truth. */
function benchTimeSplit(all: Interactions): void {
  const moment = all.timestamp.toSorted()[Math.floor(all.timestamp.length * 0.9)]!;
  const rivals = Rivals.trained(interactionsWhere(all, (row) => all.timestamp[row]! < moment));
  const before = timelinesOf(interactionsWhere(all, (row) => all.timestamp[row]! < moment));
  const after = timelinesOf(interactionsWhere(all, (row) => all.timestamp[row]! >= moment));
  const questions = after.flatMap((line, user) => {
    const past = before[user]!;
    const next = line.find((item) => !past.includes(item));
    return next === undefined ? [] : [{ past, truth: [next] }];
  });
  rivals.compare(
    'global time split, people with a past',
    questions.filter(({ past }) => past.length > 0),
  );
  rivals.compare(
    'global time split, newcomers',
    questions.filter(({ past }) => past.length === 0),
  );
}

function benchFirstDay(all: Interactions): void {
  const { people, events, items, others, draws } = firstDay;
  const counts = new Float64Array(all.items);
  for (const item of all.item) counts[item]!++;
  const top = new Map(
    [...counts.keys()]
      .sort((a, b) => counts[b]! - counts[a]! || a - b)
      .slice(0, items)
      .map((item, place) => [item, place]),
  );
  const lines = timelinesOf(all)
    .map((line) => line.flatMap((item) => top.get(item) ?? []).slice(0, events))
    .filter((line) => line.length === events);
  if (lines.length < people + others) return;
  const found = new Map<number, { popular: number[]; personal: number[] }>();
  for (let draw = 1; draw <= draws; draw++) {
    const order = shuffle([...lines], seededRandom(draw));
    const rivals = Rivals.trained(interactionsOf(order.slice(0, people), items));
    for (const length of [1, 2, 3, 5, 10, 20]) {
      const own = found.get(length) ?? { popular: [], personal: [] };
      found.set(length, own);
      for (const line of order.slice(people, people + others)) {
        const [past, truth] = [line.slice(0, length), line.slice(length)];
        const scores = Float32Array.from({ length: items }, (_, item) => rivals.usersOf(item));
        own.popular.push(ndcgOf(scores, new Set(past), truth));
        own.personal.push(ndcgOf(rivals.logits(past), new Set(past), truth));
      }
    }
  }
  for (const [length, { popular, personal }] of found) {
    tell(`first day, first ${length} events`, popular, personal);
  }
}

function interactionsOf(lines: readonly (readonly number[])[], items: number): Interactions {
  const rows = lines.flatMap((line, user) => line.map((item, at) => ({ user, item, at })));
  return {
    name: 'first day',
    users: lines.length,
    items,
    user: Int32Array.from(rows, ({ user }) => user),
    item: Int32Array.from(rows, ({ item }) => item),
    timestamp: Float64Array.from(rows, ({ at }) => at),
  };
}

/** Items by user, oldest first. */
function timelinesOf({ user, item, timestamp, users }: Interactions): number[][] {
  const rows = [...user.keys()].sort((a, b) => timestamp[a]! - timestamp[b]! || a - b);
  const lines: number[][] = Array.from({ length: users }, () => []);
  for (const row of rows) lines[user[row]!]!.push(item[row]!);
  return lines;
}
