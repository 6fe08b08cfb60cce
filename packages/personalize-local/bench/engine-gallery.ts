// The small gallery that the application starts as: how many of the ten best pictures are of a person's own emotions.
import { findRecipe } from '../src/recipes';
import { makeGallery } from '../test/unit/recipes/gallery';
import { atLeast, atMost, galleryGoals } from './engine-goals';

const galleries = 8;
const listLength = 10;

async function inPreferred(metadata: boolean, seed: number): Promise<{ share: number; ms: number }> {
  const { data, preferred } = makeGallery({ metadata, seed });
  const options = { hyperParameters: { apply_recency_bias: 'true' }, seed: 1, withMetrics: true };
  const start = performance.now();
  const { model } = await findRecipe('aws-user-personalization-v2')!.train(data, options);
  const ms = performance.now() - start;
  const { interactions, items, users } = data;
  let hits = 0;
  for (const [userId, own] of preferred) {
    const rows = [...interactions.user.keys()].filter((row) => users.ids[interactions.user[row]!] === userId);
    const events = rows.map((row) => ({
      itemId: items.ids[interactions.item[row]!]!,
      timestamp: interactions.timestamp[row]!,
    }));
    const had = new Set(events.map(({ itemId }) => itemId));
    const request = { limit: listLength, now: 0, seed: 1, exploration: { weight: 0, itemAgeCutOffDays: 1 } };
    const list = model.recommend({ ...request, user: { userId, events }, allowed: (id) => !had.has(id) });
    hits += list.filter(({ itemId }) => own.includes(itemId.split('/')[1]!)).length;
  }
  return { share: hits / (preferred.size * listLength), ms };
}

export async function benchGallery(): Promise<void> {
  console.log(`\ngallery: 25 people × 240 pictures, 1,000 likes, 25 % noise, mean of ${galleries}`);
  for (const metadata of [true, false]) {
    const results: { share: number; ms: number }[] = [];
    for (let seed = 1; seed <= galleries; seed++) results.push(await inPreferred(metadata, seed));
    const mean = (of: (result: { share: number; ms: number }) => number) =>
      results.reduce((sum, result) => sum + of(result), 0) / galleries;
    const share = mean((result) => result.share);
    const seconds = mean(({ ms }) => ms) / 1000;
    const goal = metadata ? galleryGoals.withMetadata : galleryGoals.without;
    console.log(
      `${metadata ? 'with metadata:   ' : 'without metadata:'} ${share.toFixed(3)} of the ten best in the preferred emotions` +
        `${atLeast(share, goal)}; trained with metrics in ${seconds.toFixed(2)} s${atMost(seconds, galleryGoals.seconds, 's')}`,
    );
  }
}
