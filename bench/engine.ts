// Measures the recommendation engine: `npm run bench:engine [-- ratingsFile | 100000x10000x9500000 …]`. It leaves each user's last item out, trains
// on the rest, and ranks that item among 99 seeded others and among the whole catalogue, beside popularity and item-kNN
// on the same split. Ratings files: u.data (tabs), ratings.csv (commas), ratings.dat (::); columns user, item, rating, time.
import { readFileSync } from 'node:fs';
import { itemNeighbours } from '../local/personalize/engine/item-knn';
import { seededRandom } from '../local/personalize/engine/random';
import type { SparseMatrix } from '../local/personalize/engine/sparse';
import { findRecipe, prepareTraining } from '../local/personalize/recipes';
import { AffinityModel } from '../local/personalize/recipes/personalization/affinity-model';
import { buildDesign } from '../local/personalize/recipes/personalization/design';
import type { DataSnapshot, Model } from '../local/personalize/recipes/recipe';
import { type LeftOut, leaveLastOut, measure, type Scorer } from './engine-measures';
import { type Interactions, synthetic } from './synthetic';

const seed = 20260101;

function readRatings(path: string): Interactions {
  const users = new Map<string, number>();
  const items = new Map<string, number>();
  const numberOf = (ids: Map<string, number>, id: string) => {
    const known = ids.get(id);
    if (known !== undefined) return known;
    ids.set(id, ids.size);
    return ids.size - 1;
  };
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.split(/\t|,|::/))
    .filter(([, , , time]) => time !== undefined && !Number.isNaN(Number(time)));
  return {
    name: path,
    user: Int32Array.from(rows, ([user]) => numberOf(users, user!)),
    item: Int32Array.from(rows, ([, item]) => numberOf(items, item!)),
    timestamp: Float64Array.from(rows, ([, , , time]) => Number(time)),
    users: users.size,
    items: items.size,
  };
}

function snapshotOf({ user, item, timestamp, users, items }: Interactions): DataSnapshot {
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

function popularityScorer(counts: Float64Array): Scorer {
  return () => Float32Array.from(counts);
}

function neighbourScorer(sets: SparseMatrix): Scorer {
  const { width, items, similarities } = itemNeighbours(sets, { width: 100, shrinkage: 0 });
  return (past) => {
    const scores = new Float32Array(sets.columnCount);
    for (const item of new Set(past)) {
      for (let at = item * width; at < (item + 1) * width && items[at]! >= 0; at++) {
        scores[items[at]!]! += similarities[at]!;
      }
    }
    return scores;
  };
}

async function bench(all: Interactions): Promise<void> {
  console.log(`\n${all.name}: ${all.users} users × ${all.items} items, ${all.user.length} interactions`);
  const { training, cases } = leaveLastOut(all, seed);
  const data = snapshotOf(training);
  const recipe = findRecipe('aws-user-personalization-v2')!;
  const options = { hyperParameters: { apply_recency_bias: 'true' }, seed: 1, withMetrics: false };
  const wall = performance.now();
  const cpu = process.cpuUsage();
  const { model, note } = await recipe.train(data, options);
  const used = process.cpuUsage(cpu);
  const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(2);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `trained in ${seconds(performance.now() - wall)} s (CPU ${seconds((used.user + used.system) / 1000)} s), peak RSS so far ${peak} MB`,
  );
  if (note) console.log(note);
  const buffers = model.toBuffers();
  const affinity = AffinityModel.load(buffers);
  console.log(JSON.stringify(affinity.parts.settings.parameters));
  const design = buildDesign(data);
  const scorers: Record<string, Scorer> = {
    popularity: popularityScorer(design.counts),
    'item-kNN, cosine, 100': neighbourScorer(design.sets),
    'user-personalization-v2': (past, user) =>
      affinity.logits({
        userId: `u${user}`,
        events: Array.from(past, (item, timestamp) => ({ itemId: `i${item}`, timestamp })),
      }),
  };
  console.log('model                      HR@10  NDCG@10 (99 negatives)  full-ranking NDCG@10');
  for (const [name, scorer] of Object.entries(scorers)) {
    const { hitRate, ndcg, fullNdcg } = measure(scorer, cases, all.items);
    console.log(
      `${name.padEnd(26)} ${hitRate.toFixed(3)}  ${ndcg.toFixed(3)}                   ${fullNdcg.toFixed(3)}`,
    );
  }
  timeRequests(model, cases);
}

function timeRequests(model: Model, cases: readonly LeftOut[]): void {
  const random = seededRandom(seed);
  const times = Array.from({ length: 300 }, () => {
    const { past, user } = cases[Math.floor(random() * cases.length)]!;
    const events = Array.from(past, (item, timestamp) => ({ itemId: `i${item}`, timestamp }));
    const start = performance.now();
    model.recommend({ user: { userId: `u${user}`, events }, limit: 25, now: 0, seed: 1 });
    return performance.now() - start;
  }).sort((a, b) => a - b);
  console.log(`recommend: p50 ${times[150]!.toFixed(2)} ms, p99 ${times[297]!.toFixed(2)} ms`);
}

/** Arguments are ratings files, or sizes of synthetic sets as users×items×interactions with the letter x. */
async function main(): Promise<void> {
  const given = process.argv.slice(2);
  await prepareTraining();
  for (const argument of given.length > 0 ? given : ['25x240x1000', '6000x3700x1000000']) {
    const [users, items, interactions] = argument.split('x').map(Number);
    const sized = users && items && interactions;
    await bench(sized ? synthetic({ users, items, interactions, seed }) : readRatings(argument));
  }
}

void main();
