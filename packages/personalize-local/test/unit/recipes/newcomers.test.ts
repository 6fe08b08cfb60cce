// Short histories: the first days of a gallery, whose visitors are strangers yet.
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { Compute } from '../../../src/engine/compute';
import { AffinityModel } from '../../../src/recipes/personalization/affinity-model';
import { buildDesign } from '../../../src/recipes/personalization/design';
import { weightsFor } from '../../../src/recipes/personalization/ranking';
import { tune } from '../../../src/recipes/personalization/tune';
import { trainers } from '../../../src/recipes/training/trainers';
import { snapshot } from './data';
import { someRanking } from './ranking';

test('where one taste is everybody’s, a newcomer’s few events count for nothing and popularity for all', () => {
  const random = seededRandom(5);
  const rows = Array.from({ length: 25 }, (_, person) => {
    const liked = new Set<number>();
    while (liked.size < 30) liked.add(Math.floor(120 * random() ** 2.5));
    return [...liked].map((item, at) => ({ user: `p${person}`, item: `i${item}`, at: person * 100 + at }));
  }).flat();
  const design = buildDesign(snapshot(rows));
  const { parameters } = tune(new Compute({ bytes: 64e6 }), design, { seed: 1, recency: true, window: 10 });
  for (const length of [1, 2, 3, 5]) {
    const { flat, next, follows, popularity } = weightsFor(parameters.ranking, length);
    expect([flat, next, follows]).toEqual([0, 0, 0]);
    expect(popularity).toBeGreaterThan(0);
  }
});

test('where tastes are apart, a stranger’s few events count: what they like comes first, not what once followed it', () => {
  // Thirty people who go through every second item in the same order, with one item of the other half in seven.
  const rows = Array.from({ length: 1200 }, (_, i) => {
    const [person, step] = [i % 30, Math.floor(i / 30)];
    const place = (step * 7 + person * 3) % 30;
    return { user: `p${person}`, item: `i${2 * place + ((person + Number(step % 7 === 0)) % 2)}`, at: i };
  });
  const options = { hyperParameters: {}, seed: 1, withMetrics: false };
  const model = AffinityModel.load(
    trainers['aws-personalized-ranking-v2']!.train(snapshot(rows), options, { threads: 1 }).buffers,
  );
  for (const liked of [
    [1, 3, 5, 7],
    [2, 4, 6, 8, 10, 12],
  ]) {
    const logits = model.logits({
      userId: 'stranger',
      events: liked.map((item, timestamp) => ({ itemId: `i${item}`, timestamp })),
    });
    const logitOf = (item: number) => logits[model.indexOf(`i${item}`)]!;
    const side = liked[0]! % 2;
    const own = [20, 22].map((item) => logitOf(item + side));
    const other = [20, 22].map((item) => logitOf(item + 1 - side));
    expect(Math.min(...own)).toBeGreaterThan(Math.max(...other));
  }
});

test('between two lengths the weights lie in between, beyond the longest they are its own', () => {
  const [none, ten] = someRanking as [(typeof someRanking)[number], (typeof someRanking)[number]];
  expect(weightsFor(someRanking, 0)).toEqual(none);
  expect(weightsFor(someRanking, 10).next).toBeCloseTo(ten.next, 10);
  expect(weightsFor(someRanking, 900)).toEqual(ten);
  const three = weightsFor(someRanking, 3).next;
  expect(three).toBeGreaterThan(none.next);
  expect(three).toBeLessThan(weightsFor(someRanking, 6).next);
});
