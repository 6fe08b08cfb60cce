// Short histories: the first days of a gallery, whose visitors are strangers yet.
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { Compute } from '../../../src/engine/compute';
import { buildDesign } from '../../../src/recipes/personalization/design';
import { weightsFor } from '../../../src/recipes/personalization/ranking';
import { tune } from '../../../src/recipes/personalization/tune';
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

test('between two lengths the weights lie in between, beyond the longest they are its own', () => {
  const [none, ten] = someRanking as [(typeof someRanking)[number], (typeof someRanking)[number]];
  expect(weightsFor(someRanking, 0)).toEqual(none);
  expect(weightsFor(someRanking, 10).next).toBeCloseTo(ten.next, 10);
  expect(weightsFor(someRanking, 900)).toEqual(ten);
  const three = weightsFor(someRanking, 3).next;
  expect(three).toBeGreaterThan(none.next);
  expect(three).toBeLessThan(weightsFor(someRanking, 6).next);
});
