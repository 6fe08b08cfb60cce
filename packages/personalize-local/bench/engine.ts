// npm run bench:engine: speed, memory and quality of the recommendation engine, beside popularity and item-kNN on the same
// split, with the goals.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { endWithOutput } from '@emotion-gallery/local-kit/command-line';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { itemNeighbours } from '../src/engine/item-knn';
import type { SparseMatrix } from '../src/engine/sparse';
import type { DataSnapshot, Model, TrainingResult } from '../src/model/recipe';
import { findRecipe, prepareTraining } from '../src/recipes';
import { AffinityModel } from '../src/recipes/personalization/affinity-model';
import { buildDesign } from '../src/recipes/personalization/design';
import { benchCheck } from './engine-check';
import { benchGallery } from './engine-gallery';
import { atLeast, atMost, type Goals, goalsOf } from './engine-goals';
import { type Estimate, type LeftOut, leaveLastOut, measure, type Scorer } from './engine-measures';
import { benchRows } from './engine-rows';
import { benchUpdates } from './engine-updates';
import { BadArgument, readRatings } from './ratings';
import { type Interactions, snapshotOf, synthetic } from './synthetic';

const seed = 20260101;
const gallery = 'gallery';
const standard = [gallery, '6000x3700x1000000'];

interface Split {
  readonly all: Interactions;
  readonly training: Interactions;
  readonly data: DataSnapshot;
  readonly cases: readonly LeftOut[];
  readonly goals: Goals;
}

/** Trains alone and judges the model; judges by who is asked for; trains as the service does; lives on with a model; numpy. */
const parts = {
  model: benchModel,
  rows: ({ all, training, cases }: Split) => benchRows(all, training, cases),
  service: benchService,
  updates: ({ data }: Split) => benchUpdates(data),
  check: ({ data, cases }: Split) => benchCheck(data, cases),
};
type Part = keyof typeof parts;

const help = `npm run bench:engine -- [data …]

Trains aws-user-personalization-v2 without each user's last item, ranks that item among 99 seeded others and among the whole
catalogue (the measure; sampled ranks can order models otherwise, Krichene and Rendle 2020), by length of history, for people and
items that are hardly known, after one moment in time for all, and on a gallery's first day; stores and loads the model, brings
one up to date, and checks EASE and every metric beside numpy (python3-numpy). Every part of every set runs in a process of its own, so
that peak memory is the part's.

  gallery                    25 people, 240 pictures, 1,000 likes, with and without metadata
  USERSxITEMSxINTERACTIONS   a synthetic set of that size, as 100000x10000x9500000
  FILE                       ratings: user, item, rating, time; tabs (u.data), commas (ratings.csv) or :: (ratings.dat)

  --part PART                only this part of each set: ${Object.keys(parts).join(', ')}

Without data: ${standard.join(' ')}
`;

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

/** @throws BadArgument */
function split(all: Interactions): Split {
  const { training, cases } = leaveLastOut(all, seed);
  if (cases.length === 0) throw new BadArgument(`${all.name}: nobody has two interactions`);
  return { all, training, data: snapshotOf(training), cases, goals: goalsOf(all) };
}

async function benchModel({ data, cases, goals }: Split): Promise<void> {
  const { model } = await benchTraining('model alone', data, goals, false);
  benchQuality(model, data, cases, goals);
  timeRequests(model, cases);
}

async function benchService({ data, goals }: Split): Promise<void> {
  const { model, metrics } = await benchTraining('as the service trains, with metrics', data, goals, true);
  console.log(JSON.stringify(AffinityModel.load(model.toBuffers()).parts.settings.parameters));
  console.log(JSON.stringify(metrics));
}

async function benchTraining(
  way: string,
  data: DataSnapshot,
  goals: Goals,
  withMetrics: boolean,
): Promise<TrainingResult> {
  const recipe = findRecipe('aws-user-personalization-v2')!;
  const options = { hyperParameters: { apply_recency_bias: 'true' }, seed: 1, withMetrics };
  const start = performance.now();
  const before = process.cpuUsage();
  const result = await recipe.train(data, options);
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(before);
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `${way}: trained in ${seconds.toFixed(2)} s${atMost(seconds, goals.seconds, 's')}, CPU ${((used.user + used.system) / 1e6).toFixed(2)} s, ` +
      `peak memory ${megabytes} MB${atMost(megabytes, goals.megabytes, 'MB')}`,
  );
  if (result.note) console.log(result.note);
  return result;
}

function benchQuality(model: Model, data: DataSnapshot, cases: readonly LeftOut[], goals: Goals): void {
  const affinity = AffinityModel.load(model.toBuffers());
  console.log(JSON.stringify(affinity.parts.settings.parameters));
  const design = buildDesign(data);
  const own = 'user-personalization-v2';
  const scorers: Record<string, Scorer> = {
    popularity: popularityScorer(design.counts),
    'item-kNN, cosine, 100': neighbourScorer(design.sets),
    [own]: (past, user) =>
      affinity.logits({
        userId: `u${user}`,
        events: Array.from(past, (item, timestamp) => ({ itemId: `i${item}`, timestamp })),
      }),
  };
  console.log('one standard error behind ±');
  console.log(
    'model                      full-ranking NDCG@10  full-ranking HR@10  NDCG@10 (99)   HR@10 (99)',
  );
  const told = ({ mean, error }: Estimate) => `${mean.toFixed(3)} ± ${error.toFixed(3)}`;
  for (const [name, scorer] of Object.entries(scorers)) {
    const { hitRate, ndcg, fullHitRate, fullNdcg } = measure(scorer, cases, data.items.ids.length);
    console.log(
      `${name.padEnd(26)} ${told(fullNdcg)}         ${told(fullHitRate)}       ${told(ndcg)}  ${told(hitRate)}`,
    );
    if (name !== own) continue;
    const reached = {
      'HR@10': atLeast(hitRate.mean, goals.hitRate),
      'NDCG@10': atLeast(ndcg.mean, goals.ndcg),
      'full-ranking NDCG@10': atLeast(fullNdcg.mean, goals.fullNdcg),
    };
    for (const [what, goal] of Object.entries(reached)) {
      if (goal) console.log(`${what}${goal}`);
    }
  }
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

/** @throws BadArgument */
function interactionsOf(argument: string): Interactions {
  const size = /^(\d+)x(\d+)x(\d+)$/i.exec(argument);
  if (!size) return readRatings(argument);
  const [users, items, interactions] = size.slice(1).map(Number) as [number, number, number];
  if (users < 1 || items < 40 || interactions < 2 * users || interactions > (users * items) / 4) {
    throw new BadArgument(
      `'${argument}': a synthetic set has 1 user, 40 items and 2 interactions a user at least, and at most a quarter of all pairs`,
    );
  }
  return synthetic({ users, items, interactions, seed });
}

/** A process for every set and part; in order. */
function benchInProcesses(sets: readonly string[], wanted: readonly string[]): void {
  for (const set of sets) {
    // The gallery has no parts.
    for (const part of set === gallery ? wanted.slice(0, 1) : wanted) {
      const { status } = spawnSync(
        process.execPath,
        [...process.execArgv, __filename, '--part', part, '--', set],
        { stdio: 'inherit' },
      );
      if (status === 0) continue;
      process.exitCode = 1;
      break;
    }
  }
}

/** @throws BadArgument */
async function benchHere(set: string, part: Part): Promise<void> {
  await prepareTraining();
  if (set === gallery) {
    await benchGallery();
    return;
  }
  const all = interactionsOf(set);
  if (part === 'model') {
    console.log(`\n${all.name}: ${all.users} users × ${all.items} items, ${all.user.length} interactions`);
  }
  await parts[part](split(all));
}

async function main(): Promise<void> {
  const options = { help: { type: 'boolean', short: 'h' }, part: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) {
    console.log(help);
    return;
  }
  const { part } = values;
  if (part !== undefined && !Object.hasOwn(parts, part)) {
    throw new BadArgument(`--part ${part}: expected one of ${Object.keys(parts).join(', ')}`);
  }
  const sets = positionals.length > 0 ? positionals : standard;
  if (sets.length === 1 && part !== undefined) await benchHere(sets[0]!, part as Part);
  else benchInProcesses(sets, part === undefined ? Object.keys(parts) : [part]);
}

endWithOutput();
main().catch((error: NodeJS.ErrnoException) => {
  const mistake = error instanceof BadArgument || error.code?.startsWith('ERR_PARSE_ARGS');
  console.error(mistake ? `${error.message}\n\n${help}` : error.stack);
  process.exitCode = 1;
});
