// Made-up interactions with what real ones have: popular and rare items, tastes, and runs of like items.
import { seededRandom } from '@emotion-gallery/local-kit/random';
import type { DataSnapshot } from '../src/model/recipe';

export interface Interactions {
  readonly name: string;
  readonly users: number;
  readonly items: number;
  readonly user: Int32Array;
  readonly item: Int32Array;
  readonly timestamp: Float64Array;
}

const topics = 40;

/**
 * Items fall into topics and are popular by a power law; a user has three topics, stays with one for a while, and takes an
 * item nobody would predict one time in five. About `interactions` rows; no user has an item twice.
 */
export function synthetic({
  users,
  items,
  interactions,
  seed,
}: {
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
  readonly seed: number;
}): Interactions {
  const random = seededRandom(seed);
  const user = new Int32Array(interactions);
  const item = new Int32Array(interactions);
  const timestamp = new Float64Array(interactions);
  const perTopic = Math.floor(items / topics);
  const popular = (count: number) => Math.floor(count * random() ** 2.2);
  let at = 0;
  for (let u = 0; u < users; u++) {
    const own = [0, 1, 2].map(() => Math.floor(random() * topics));
    // History lengths spread around the mean, as people's do.
    const left = interactions - at;
    const length = Math.min(items / 3, Math.ceil((left / (users - u)) * (0.25 + 1.5 * random())));
    const had = new Set<number>();
    let topic = own[0]!;
    for (let tries = 0; had.size < length && tries < length * 20 && at < interactions; tries++) {
      if (random() < 0.1) topic = own[Math.floor(random() * own.length)]!;
      const chosen = random() < 0.2 ? popular(items) : popular(perTopic) * topics + topic;
      if (chosen >= items || had.has(chosen)) continue;
      had.add(chosen);
      user[at] = u;
      item[at] = chosen;
      timestamp[at] = 1_700_000_000 + had.size * 60 + Math.floor(random() * 59);
      at++;
    }
  }
  return {
    name: 'synthetic',
    users,
    items,
    user: user.subarray(0, at),
    item: item.subarray(0, at),
    timestamp: timestamp.subarray(0, at),
  };
}

/** Some of the interactions; users and items keep their numbers. */
export function interactionsWhere(all: Interactions, keep: (row: number) => boolean): Interactions {
  const rows = Int32Array.from(all.user.keys()).filter(keep);
  return {
    ...all,
    user: rows.map((row) => all.user[row]!),
    item: rows.map((row) => all.item[row]!),
    timestamp: Float64Array.from(rows, (row) => all.timestamp[row]!),
  };
}

/** As a training gets to see them: users are u0, u1 …, items i0, i1 …, without metadata. */
export function snapshotOf({ user, item, timestamp, users, items }: Interactions): DataSnapshot {
  const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
  return {
    users: { ids: ids('u', users), columns: [] },
    items: { ids: ids('i', items), columns: [] },
    interactions: {
      user,
      item,
      timestamp,
      eventType: new Int32Array(user.length).fill(-1),
      eventTypes: [],
      value: new Float64Array(user.length).fill(Number.NaN),
      columns: [],
    },
    itemCreatedAt: new Float64Array(items),
  };
}
