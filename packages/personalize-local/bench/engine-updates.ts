// The life of a model after its training: stored, loaded as after a restart, and brought up to date (trainingMode UPDATE).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Buffers, float32, int32, servesRequests } from '../src/engine/buffers';
import type { DataSnapshot, Recipe, TrainingOptions, TrainingResult } from '../src/model/recipe';
import { findRecipe } from '../src/recipes';
import { selectInteractions, timelines } from '../src/recipes/evaluation/user-split';
import { ModelStore } from '../src/state/model-store';

/** So many of the people have come back since the FULL training, for so many events each. */
const changed = { share: 0.01, atLeast: 5, atMost: 200, events: 3 };
/** A larger catalogue is not fitted once more for the comparison: that takes as long as the FULL training. */
const comparedItems = 5000;

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const start = performance.now();
  const result = await work();
  return { result, ms: performance.now() - start };
}

/** The data without the newest events of some people, evenly drawn. */
function withoutNewest(data: DataSnapshot): { older: DataSnapshot; people: number } {
  const byUser = timelines(data.interactions, data.users.ids.length);
  const people = Math.min(
    byUser.length,
    changed.atMost,
    Math.max(changed.atLeast, Math.round(byUser.length * changed.share)),
  );
  const left = new Uint8Array(data.interactions.user.length);
  for (let at = 0; at < people; at++) {
    const rows = byUser[Math.floor((at * byUser.length) / people)]!;
    for (const row of rows.subarray(Math.max(1, rows.length - changed.events))) left[row] = 1;
  }
  const kept = Int32Array.from(left.keys()).filter((row) => left[row] === 0);
  return { older: { ...data, interactions: selectInteractions(data.interactions, kept) }, people };
}

/** Largest difference of two models' item-to-item weights. */
function easeDifference(one: Buffers, other: Buffers): number {
  const [a, b] = [float32(one, 'weights'), float32(other, 'weights')];
  return a.reduce((most, weight, at) => Math.max(most, Math.abs(weight - b[at]!)), 0);
}

/** The same of the sequence weights among the items that both cover; an update keeps to the items of its FULL training. */
function sequenceDifference(one: Buffers, other: Buffers): string {
  const [items, others] = [int32(one, 'sequence-items'), int32(other, 'sequence-items')];
  if (items.length === 0) return 'no sequence model';
  const [a, b] = [float32(one, 'sequence-weights'), float32(other, 'sequence-weights')];
  const placeOf = new Map(Array.from(others, (item, place) => [item, place]));
  const common = Array.from(items, (item, at) => ({ at, place: placeOf.get(item) ?? -1 })).filter(
    ({ place }) => place >= 0,
  );
  let largest = 0;
  for (const row of common) {
    for (const column of common) {
      const own = a[row.at * items.length + column.at]!;
      largest = Math.max(largest, Math.abs(own - b[row.place * others.length + column.place]!));
    }
  }
  const covered = `${common.length} of ${others.length} items the same`;
  return `of a sequence weight ${largest.toExponential(1)} (${covered})`;
}

/** As in the service: the first generation's recipe, with metrics, its hyperparameters at their defaults. */
export async function benchUpdates(data: DataSnapshot): Promise<void> {
  const recipe = findRecipe('aws-user-personalization')!;
  const all = [...recipe.hyperParameters, ...recipe.featureTransformationParameters];
  const hyperParameters = Object.fromEntries(all.map(({ name, default: value }) => [name, value]));
  const options: TrainingOptions = { hyperParameters, seed: 1, withMetrics: true };
  const { older, people } = withoutNewest(data);
  const full = await timed(() => recipe.train(older, options));
  console.log(`FULL training with metrics, as the service does it: ${seconds(full.ms)} s`);
  const dir = mkdtempSync(join(tmpdir(), 'bench-engine-'));
  try {
    await benchLoading(dir, recipe, full.result);
    const previous = await (await ModelStore.start(dir, new Set(['full']))).readAll('full');
    const update = await timed(() => recipe.train(data, { ...options, withMetrics: false, previous }));
    console.log(
      `UPDATE after ${changed.events} more events of each of ${people} people: ${seconds(update.ms)} s, ` +
        `${(full.ms / update.ms).toFixed(1)} times quicker. ${update.result.note}`,
    );
    if (data.items.ids.length > comparedItems) return;
    // Without what the FULL training left, an update is a new fit with the same parameters.
    const bare = new Map([...previous].filter(([name]) => servesRequests(name)));
    const anew = await timed(() => recipe.train(data, { ...options, withMetrics: false, previous: bare }));
    console.log(
      `the same fitted anew: ${seconds(anew.ms)} s; largest difference of an EASE weight ` +
        `${easeDifference(update.result.buffers, anew.result.buffers).toExponential(1)}, ` +
        sequenceDifference(update.result.buffers, anew.result.buffers),
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function benchLoading(dir: string, recipe: Recipe, { model, buffers }: TrainingResult): Promise<void> {
  const saved = await timed(async () =>
    (await ModelStore.start(dir, new Set())).save('full', model, buffers),
  );
  const megabytes = (some: Iterable<Uint8Array>) =>
    (Array.from(some).reduce((sum, { byteLength }) => sum + byteLength, 0) / 1024 ** 2).toFixed(1);
  const serving = [...buffers].filter(([name]) => servesRequests(name)).map(([, bytes]) => bytes);
  const restarted = await ModelStore.start(dir, new Set(['full']));
  const loaded = await timed(() => restarted.load('full', recipe, (some) => some));
  const answer = await timed(async () => loaded.result.recommend({ limit: 25, now: 0, seed: 1 }));
  console.log(
    `stored in ${seconds(saved.ms)} s (${megabytes(buffers.values())} MB); ` +
      `loaded in ${loaded.ms.toFixed(0)} ms (${megabytes(serving)} MB), first answer ${answer.ms.toFixed(1)} ms later`,
  );
}
