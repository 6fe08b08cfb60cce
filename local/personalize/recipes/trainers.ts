// Which code trains which recipe.
import { popularityCount } from './popularity-count';
import type { Trainer } from './training/trainer';

export const trainers: Readonly<Record<string, Trainer>> = {
  'aws-popularity-count': popularityCount,
};
