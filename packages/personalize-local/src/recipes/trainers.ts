// Which code trains which recipe.
import { domainTrainer } from './domain-recommenders';
import { nextBestAction } from './next-best-action';
import { PersonalizedRankingModel } from './personalization/personalized-ranking';
import { affinityTrainer } from './personalization/train';
import {
  domainGeneration,
  firstGeneration,
  type Generation,
  secondGeneration,
  UserPersonalizationModel,
} from './personalization/user-personalization';
import { popularityCount } from './popularity-count';
import { similarItems, sims } from './related-items/related-items';
import { segmentTrainer } from './segments/segment-model';
import { semanticSimilarity } from './semantic-similarity';
import type { Trainer } from './training/trainer';
import { trendingTrainer } from './trending-now';

const userPersonalization = (recipe: string, generation: Generation): Trainer =>
  affinityTrainer(
    recipe,
    (affinity) => new UserPersonalizationModel(affinity, generation),
    generation.updatable,
  );

const personalizedRanking = (recipe: string): Trainer =>
  affinityTrainer(recipe, (affinity) => new PersonalizedRankingModel(affinity));

const domainPersonalization = userPersonalization('aws-user-personalization-v2', domainGeneration);
const trendingNow = trendingTrainer('aws-trending-now');

const custom: Readonly<Record<string, Trainer>> = {
  'aws-user-personalization-v2': userPersonalization('aws-user-personalization-v2', secondGeneration),
  'aws-user-personalization': userPersonalization('aws-user-personalization', firstGeneration),
  'aws-personalized-ranking-v2': personalizedRanking('aws-personalized-ranking-v2'),
  'aws-personalized-ranking': personalizedRanking('aws-personalized-ranking'),
  'aws-similar-items': similarItems,
  'aws-sims': sims,
  'aws-semantic-similarity': semanticSimilarity,
  'aws-popularity-count': popularityCount,
  'aws-trending-now': trendingNow,
  'aws-next-best-action': nextBestAction,
  'aws-item-affinity': segmentTrainer('aws-item-affinity'),
  'aws-item-attribute-affinity': segmentTrainer('aws-item-attribute-affinity'),
};

const domain = {
  'aws-ecomm-popular-items-by-views': { base: popularityCount, eventType: 'View' },
  'aws-ecomm-popular-items-by-purchases': { base: popularityCount, eventType: 'Purchase' },
  'aws-ecomm-frequently-bought-together': { base: similarItems, eventType: 'Purchase' },
  'aws-ecomm-customers-who-viewed-x-also-viewed': { base: similarItems, eventType: 'View' },
  'aws-ecomm-recommended-for-you': { base: domainPersonalization, leaveOut: 'Purchase' },
  'aws-vod-because-you-watched-x': { base: similarItems, eventType: 'Watch' },
  'aws-vod-more-like-x': { base: similarItems },
  'aws-vod-most-popular': { base: popularityCount, eventType: 'Watch' },
  'aws-vod-trending-now': { base: trendingNow },
  'aws-vod-top-picks': { base: domainPersonalization, leaveOut: 'Watch' },
};

export const trainers: Readonly<Record<string, Trainer>> = {
  ...custom,
  ...Object.fromEntries(
    Object.entries(domain).map(([name, useCase]) => [name, domainTrainer(name, useCase)]),
  ),
};
