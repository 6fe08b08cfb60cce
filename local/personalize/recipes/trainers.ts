// Which code trains which recipe.
import { PersonalizedRankingModel } from './personalization/personalized-ranking';
import { affinityTrainer } from './personalization/train';
import {
  firstGeneration,
  type Generation,
  secondGeneration,
  UserPersonalizationModel,
} from './personalization/user-personalization';
import { popularityCount } from './popularity-count';
import type { Trainer } from './training/trainer';

const userPersonalization = (recipe: string, generation: Generation): Trainer =>
  affinityTrainer(recipe, (affinity) => new UserPersonalizationModel(affinity, generation));

const personalizedRanking = (recipe: string): Trainer =>
  affinityTrainer(recipe, (affinity) => new PersonalizedRankingModel(affinity));

export const trainers: Readonly<Record<string, Trainer>> = {
  'aws-user-personalization-v2': userPersonalization('aws-user-personalization-v2', secondGeneration),
  'aws-user-personalization': userPersonalization('aws-user-personalization', firstGeneration),
  'aws-personalized-ranking-v2': personalizedRanking('aws-personalized-ranking-v2'),
  'aws-personalized-ranking': personalizedRanking('aws-personalized-ranking'),
  'aws-popularity-count': popularityCount,
};
