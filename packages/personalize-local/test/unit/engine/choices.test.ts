// What people choose: the conditional logit and the transitions against what made the data.
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { type Choice, fitConditionalLogit } from '../../../src/engine/conditional-logit';
import { addFollowers, transitionsOf } from '../../../src/engine/transitions';
import { timelinesOf } from './fits';

const truth = [1.2, -0.5, 0];

/** Choices among 30 alternatives by people who weigh three features as `truth` says. */
function choices(count: number): Choice[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, () => {
    const features = Float64Array.from({ length: 30 * truth.length }, () => 4 * random() - 2);
    const utilities = Array.from({ length: 30 }, (_, a) => {
      const gumbel = -Math.log(-Math.log(random() || 0.5));
      return truth.reduce((sum, weight, f) => sum + weight * features[f * 30 + a]!, gumbel);
    });
    return { features, chosen: [utilities.indexOf(Math.max(...utilities))] };
  });
}

test('the conditional logit finds the weights that people chose by', () => {
  const found = fitConditionalLogit(choices(1500), 3, { ridge: 1, atLeastZero: [false, false, false] });
  for (const [f, weight] of truth.entries()) expect(Math.abs(found[f]! - weight)).toBeLessThan(0.1);
});

test('a feature that may only speak for an alternative gets no weight where it speaks against it', () => {
  const found = fitConditionalLogit(choices(300), 3, { ridge: 1, atLeastZero: [true, true, true] });
  expect(found[0]).toBeGreaterThan(0.8);
  expect(found[1]).toBe(0);
});

test('a choice that counts three times is three choices', () => {
  const options = { ridge: 1, atLeastZero: [false, false, false] };
  const some = choices(40);
  const counted = fitConditionalLogit(
    some.map((one) => ({ ...one, weight: 3 })),
    3,
    options,
  );
  const repeated = fitConditionalLogit([...some, ...some, ...some], 3, options);
  for (const [f, weight] of repeated.entries()) expect(counted[f]).toBeCloseTo(weight, 8);
});

test('of what nothing was chosen by, the assumed weights stay', () => {
  const centre = [0.3, -0.2, 0.1];
  const found = fitConditionalLogit([], 3, { ridge: 5, centre, atLeastZero: [false, false, false] });
  expect([...found]).toEqual(centre);
});

test('what often follows an item is lifted above what is merely popular; unknown items keep their place', () => {
  // 0 is followed by 1; 2 is as popular as 1 but follows nothing in particular; -1 stands between 3 and 1.
  const lists = Array.from({ length: 40 }, () => [0, 1, 2, 3, -1, 1]);
  const transitions = transitionsOf(timelinesOf(lists), 4);
  const scores = new Float32Array(4);
  addFollowers(scores, transitions, 0, 2);
  expect(scores[1]).toBeGreaterThan(0);
  expect([scores[0], scores[2], scores[3]]).toEqual([0, 0, 0]);
  // 40 of 240 events, and a half each, of 0 → 1; 1 has 80.
  expect(scores[1]! / 2).toBeCloseTo(Math.log1p((40 * (240 + 2)) / (50 * 80.5)), 5);
  const after = new Float32Array(4);
  addFollowers(after, transitions, 3, 1);
  expect([...after]).toEqual([0, 0, 0, 0]);
});
