// A recipe as the developer guide describes it.
import type { Domain } from '../schemas/types';

export interface HyperParameterRange {
  readonly name: string;
  readonly type: 'integer' | 'continuous' | 'categorical';
  readonly default: string;
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly string[];
  readonly tunable: boolean;
}

export type RecipeType =
  | 'USER_PERSONALIZATION'
  | 'POPULAR_ITEMS'
  | 'RELATED_ITEMS'
  | 'PERSONALIZED_RANKING'
  | 'PERSONALIZED_ACTIONS'
  | 'USER_SEGMENTATION';

export interface RecipeFacts {
  /** For example `aws-user-personalization-v2`; the ARN is `arn:aws:personalize:::recipe/<name>`. */
  readonly name: string;
  readonly type: RecipeType;
  /** Set for domain recommenders only. */
  readonly domain?: Domain;
  readonly description: string;
  readonly algorithm: string;
  readonly featureTransformation?: string;
  readonly hyperParameters: readonly HyperParameterRange[];
  readonly featureTransformationParameters: readonly HyperParameterRange[];
  /** New events change the next answer for that user. */
  readonly realTime: boolean;
  /** The two-hourly update picks up new items. */
  readonly autoUpdate: boolean;
  /** trainingMode UPDATE is allowed. */
  readonly updatable: boolean;
  readonly batch: boolean;
  /** Takes solutionConfig.optimizationObjective. */
  readonly optimizesObjective?: boolean;
  /** Takes solutionConfig.eventsConfig. */
  readonly weighsEvents?: boolean;
  /** Takes campaignConfig.rankingInfluence. */
  readonly influencesRanking?: boolean;
  /** Takes performIncrementalUpdate. */
  readonly updatesIncrementally?: boolean;
}

const PREFIX = 'arn:aws:personalize:::recipe/';

export const recipeArn = (name: string): string => `${PREFIX}${name}`;

/** `aws-sims` of its ARN in whatever partition; undefined for what is no recipe's ARN. */
export const recipeName = (arn: string): string | undefined =>
  /^arn:[a-z\d-]+:personalize:.*:.*:recipe\/(.+)$/.exec(arn)?.[1];
