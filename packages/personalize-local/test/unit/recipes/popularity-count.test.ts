// aws-popularity-count: what it ranks by, and that it survives a restart.
import { findRecipe } from '../../../src/recipes';
import { snapshot } from './data';

const recipe = findRecipe('aws-popularity-count')!;
const options = { hyperParameters: {}, seed: 1, withMetrics: true };
const request = { limit: 10, now: 0, seed: 0 };
const rows = [
  { user: 'a', item: 'once' },
  { user: 'a', item: 'often' },
  { user: 'b', item: 'often' },
  { user: 'c', item: 'often' },
  { user: 'd', item: 'by one person' },
  { user: 'd', item: 'by one person' },
  { user: 'd', item: 'by one person' },
  { user: 'a', item: 'twice' },
  { user: 'b', item: 'twice' },
];

test('items are ranked by how many different people chose them', async () => {
  const { model } = await recipe.train(snapshot(rows), options);
  expect(model.recommend(request).map(({ itemId }) => itemId)).toEqual([
    'often',
    'twice',
    'once',
    'by one person',
  ]);
});

test('a loaded model answers as the trained one, and only with allowed items', async () => {
  const { model } = await recipe.train(snapshot(rows), options);
  const loaded = recipe.load(model.toBuffers());
  const allowed = (itemId: string) => itemId !== 'often';
  expect(loaded.recommend({ ...request, allowed })).toEqual(model.recommend({ ...request, allowed }));
  expect(loaded.recommend({ ...request, allowed })[0]).toEqual({ itemId: 'twice' });
});

test('an aborted training ends with the reason of the abort', async () => {
  const controller = new AbortController();
  const training = recipe.train(snapshot(rows), { ...options, signal: controller.signal });
  controller.abort(new Error('stopped'));
  await expect(training).rejects.toThrow('stopped');
});
