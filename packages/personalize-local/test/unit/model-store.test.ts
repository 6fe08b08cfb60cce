// Models on disk: what is read, how, and what a damaged folder does.
import { mkdtemp, rm, truncate, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Buffers, bytesOf, float32, updateBuffer } from '../../src/engine/buffers';
import type { Model, Recipe } from '../../src/model/recipe';
import { findRecipe } from '../../src/recipes';
import { ModelStore } from '../../src/state/model-store';
import { snapshot } from './recipes/data';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'personalize-models-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const weights = Float32Array.from({ length: 5000 }, (_, i) => Math.sin(i));
const buffers: Buffers = new Map([
  ['weights', bytesOf(weights)],
  [updateBuffer('state'), Uint8Array.of(1, 2, 3)],
]);
const model = {} as Model;

/** A recipe that shows what it was given to load. */
function watching(): { recipe: Recipe; seen: Buffers[] } {
  const seen: Buffers[] = [];
  const load = (loaded: Buffers) => {
    seen.push(loaded);
    return model;
  };
  return { recipe: { ...findRecipe('aws-popularity-count')!, load }, seen };
}

async function saved(): Promise<ModelStore> {
  await (await ModelStore.start(dir, new Set())).save('one', model, buffers);
  return ModelStore.start(dir, new Set(['one']));
}

test('loading makes views on the files in memory: nothing is copied, and what only an UPDATE reads stays on disk', async () => {
  const store = await saved();
  const { recipe, seen } = watching();
  await store.load('one', recipe, (loaded) => loaded);
  expect([...seen[0]!.keys()]).toEqual(['weights']);
  const bytes = seen[0]!.get('weights')!;
  const view = float32(seen[0]!, 'weights');
  expect(view).toEqual(weights);
  expect(view.buffer).toBe(bytes.buffer);
  // One piece of memory a file, which a training thread can read where it is.
  expect(bytes.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(bytes.buffer.byteLength).toBe(weights.byteLength);
  expect([...(await store.readAll('one')).keys()].sort()).toEqual([updateBuffer('state'), 'weights']);
});

test('a model is read once, and again after a read that failed', async () => {
  const store = await saved();
  const { recipe, seen } = watching();
  await Promise.all([1, 2, 3].map(() => store.load('one', recipe, (loaded) => loaded)));
  expect(seen.length).toBe(1);
  await expect(store.load('none', recipe, (loaded) => loaded)).rejects.toThrow('ENOENT');
  await expect(store.load('none', recipe, (loaded) => loaded)).rejects.toThrow('ENOENT');
});

test('models that nobody asked for lately leave memory to the others, and come back from disk', async () => {
  const two = 2.5 * weights.byteLength;
  const names = ['one', 'two', 'three'];
  const store = await ModelStore.start(dir, new Set(), two);
  for (const name of names) await store.save(name, model, buffers);
  const { recipe, seen } = watching();
  const ask = (name: string) => store.load(name, recipe, (loaded) => loaded);
  // Two have room; the oldest was let go.
  await ask('three');
  await ask('two');
  expect(seen.length).toBe(0);
  await ask('one');
  expect(seen.length).toBe(1);
  await ask('two');
  expect(seen.length).toBe(1);
  await ask('three');
  expect(seen.length).toBe(2);
  // One that is larger than the room serves all the same.
  const tight = await ModelStore.start(dir, new Set(names), 1);
  const first = await tight.load('one', recipe, (loaded) => loaded);
  expect(await tight.load('one', recipe, (loaded) => loaded)).toBe(first);
  expect(seen.length).toBe(3);
});

test('a folder with a missing or cut buffer is told, not served', async () => {
  const recipe = findRecipe('aws-user-personalization')!;
  const rows = Array.from({ length: 60 }, (_, i) => ({ user: `u${i % 6}`, item: `i${i % 10}`, at: i }));
  const trained = await recipe.train(snapshot(rows), { hyperParameters: {}, seed: 1, withMetrics: false });
  const restarted = async () => {
    await (await ModelStore.start(dir, new Set())).save('one', trained.model, trained.buffers);
    return ModelStore.start(dir, new Set(['one']));
  };
  const file = (name: string) => join(dir, 'models', 'one', encodeURIComponent(name));
  const load = (store: ModelStore) => store.load('one', recipe, (loaded) => loaded);
  const whole = await load(await restarted());
  const request = {
    user: { userId: 'u', events: [{ itemId: 'i3', timestamp: 1 }] },
    limit: 5,
    now: 0,
    seed: 1,
  };
  expect(whole.recommend(request)).toEqual(trained.model.recommend(request));
  const missing = await restarted();
  await unlink(file('counts'));
  await expect(load(missing)).rejects.toThrow('the model has no buffer counts');
  const cut = await restarted();
  await truncate(file('weights'), 7);
  await expect(load(cut)).rejects.toThrow('weights is damaged');
});
