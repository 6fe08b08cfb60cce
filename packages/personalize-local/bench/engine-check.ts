// An independent check: what the engine fits and measures on a set, beside numpy (engine-check.py).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSnapshot } from '../src/model/recipe';
import { rankingMetrics } from '../src/recipes/evaluation/ranking-metrics';
import { listLength, usableSplit } from '../src/recipes/evaluation/user-split';
import { buildDesign, everyItem } from '../src/recipes/personalization/design';
import { denseLimit, openCompute } from '../src/recipes/personalization/fit';
import { fitEase } from '../src/recipes/personalization/fit-ease';
import { trainers } from '../src/recipes/training/trainers';
import { type LeftOut, measure } from './engine-measures';
import { BadArgument } from './ratings';

const lambda = 300;
/** numpy inverts in double precision and on one thread perhaps. */
const mostItems = 6000;

/** @throws BadArgument where python3 with numpy is not there, or the set is too large for it */
export function benchCheck(data: DataSnapshot, cases: readonly LeftOut[]): void {
  const items = data.items.ids.length;
  if (items > mostItems) {
    console.log(
      `check: left out, ${items} items are more than the ${mostItems} that numpy is asked to invert`,
    );
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'engine-check-'));
  try {
    write(folder, data, cases);
    console.log('check: the engine beside numpy');
    const { status, error } = spawnSync('python3', [join(__dirname, 'engine-check.py'), folder], {
      stdio: 'inherit',
    });
    if (error) throw new BadArgument(`The check needs python3 with numpy (python3-numpy): ${error.message}`);
    if (status !== 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What was fitted and measured, and what from. */
function write(folder: string, data: DataSnapshot, cases: readonly LeftOut[]): void {
  const design = buildDesign(data);
  const { sets, itemCount, counts } = design;
  const compute = openCompute(design, { threads: 1 }, denseLimit());
  const { weights } = fitEase(compute, design, sets, everyItem(itemCount), {
    lambda,
    itemMetadata: 0,
    userMetadata: 0,
  });
  compute.close();
  writeFileSync(join(folder, 'ease.f32'), weights);
  const split = usableSplit(data, 1)!;
  const options = { hyperParameters: {}, seed: 1, withMetrics: false };
  const trainer = trainers['aws-popularity-count']!;
  const popular = trainer.load(trainer.train(split.training, options, { threads: 1 }).buffers);
  const lists = split.test.map(({ history }) =>
    popular.recommend({ user: history, limit: listLength, now: 0, seed: 1 }).map(({ itemId }) => itemId),
  );
  const popularity = Float32Array.from(counts);
  const about = {
    lambda,
    items: itemCount,
    sets: Array.from({ length: sets.rows }, (_, user) =>
      Array.from(sets.columns.subarray(sets.offsets[user]!, sets.offsets[user + 1]!)),
    ),
    catalogue: itemCount,
    lists,
    truths: split.test.map(({ truth }) => [...truth.keys()]),
    metrics: rankingMetrics(lists, split.test, data, {}),
    cases: cases.map(({ past, truth, negatives }) => ({
      past: Array.from(past),
      truth,
      negatives: Array.from(negatives),
    })),
    measures: measure(() => popularity, cases, itemCount),
  };
  writeFileSync(join(folder, 'case.json'), JSON.stringify(about));
}
