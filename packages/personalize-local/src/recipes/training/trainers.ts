// Which code trains which recipe.

import { type RecipeFacts, recipes, retiredRecipes } from '@emotion-gallery/personalize-rules/recipes';
import type { Trainer } from '../../model/trainer';
import { nextBestAction } from '../personalization/next-best-action';
import { PersonalizedRankingModel } from '../personalization/personalized-ranking';
import { affinityTrainer } from '../personalization/train';
import {
  firstGeneration,
  type Generation,
  secondGeneration,
  UserPersonalizationModel,
} from '../personalization/user-personalization';
import { domainTrainer } from '../popularity/domain-recommenders';
import { popularityCount } from '../popularity/popularity-count';
import { trendingTrainer } from '../popularity/trending-now';
import { similarItems, sims } from '../related-items/related-items';
import { semanticSimilarity } from '../related-items/semantic-similarity';
import { segmentTrainer } from '../segments/segment-model';

const userPersonalization =
  (generation: Generation) =>
  ({ name, updatable }: RecipeFacts): Trainer =>
    affinityTrainer(name, (affinity) => new UserPersonalizationModel(affinity, generation), updatable);

const personalizedRanking = ({ name }: RecipeFacts): Trainer =>
  affinityTrainer(name, (affinity) => new PersonalizedRankingModel(affinity));

const segments = ({ name }: RecipeFacts): Trainer => segmentTrainer(name);

/** A use case of a domain on top of a custom recipe. */
const on =
  (base: Trainer) =>
  ({ name, countsEventType, leavesOutEventType }: RecipeFacts): Trainer =>
    domainTrainer(name, { base, eventType: countsEventType, leaveOut: leavesOutEventType });

const domainPersonalization = affinityTrainer(
  'aws-user-personalization-v2',
  (affinity) => new UserPersonalizationModel(affinity, secondGeneration),
);
const trendingNow = trendingTrainer('aws-trending-now');

const makers: Readonly<Record<string, (facts: RecipeFacts) => Trainer>> = {
  'aws-user-personalization-v2': userPersonalization(secondGeneration),
  'aws-user-personalization': userPersonalization(firstGeneration),
  'aws-personalized-ranking-v2': personalizedRanking,
  'aws-personalized-ranking': personalizedRanking,
  'aws-similar-items': () => similarItems,
  'aws-sims': () => sims,
  'aws-semantic-similarity': () => semanticSimilarity,
  'aws-popularity-count': () => popularityCount,
  'aws-trending-now': () => trendingNow,
  'aws-next-best-action': () => nextBestAction,
  'aws-item-affinity': segments,
  'aws-item-attribute-affinity': segments,
  'aws-ecomm-popular-items-by-views': on(popularityCount),
  'aws-ecomm-popular-items-by-purchases': on(popularityCount),
  'aws-ecomm-frequently-bought-together': on(similarItems),
  'aws-ecomm-customers-who-viewed-x-also-viewed': on(similarItems),
  'aws-ecomm-recommended-for-you': on(domainPersonalization),
  'aws-vod-because-you-watched-x': on(similarItems),
  'aws-vod-more-like-x': on(similarItems),
  'aws-vod-most-popular': on(popularityCount),
  'aws-vod-trending-now': on(trendingNow),
  'aws-vod-top-picks': on(domainPersonalization),
};

function trainerOf(facts: RecipeFacts): Trainer {
  const make = makers[facts.aliasOf ?? facts.name];
  if (!make) throw new Error(`recipe ${facts.name} has no trainer`);
  return make(facts);
}

export const trainers: Readonly<Record<string, Trainer>> = Object.fromEntries(
  [...recipes, ...retiredRecipes].map((facts) => [facts.name, trainerOf(facts)]),
);
