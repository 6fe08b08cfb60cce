// A ranking with a part of everything, for tests that do not look for one.
import type { Ranking } from '../../../src/recipes/personalization/ranking';

const scales = { flatScale: 0.5, nextScale: 0.1 };

export const someRanking: Ranking = [
  { length: 0, flat: 1, next: 0, follows: 0, popularity: 0.5, had: -30, ...scales },
  { length: 10, flat: 1.2, next: 0.8, follows: 0.1, popularity: -0.2, had: -30, ...scales },
];
