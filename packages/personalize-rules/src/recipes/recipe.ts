// What a recipe can do and takes, as the developer guide documents it: the one place that is asked, instead of names.
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

export interface Exploration {
  /** Share of places, 0 to 1. */
  readonly weight: number;
  readonly itemAgeCutOffDays: number;
}

/** A recipe without its code. Capabilities that are not named are not there. */
export interface RecipeFacts {
  /** For example `aws-user-personalization-v2`; the ARN is `arn:aws:personalize:::recipe/<name>`. */
  readonly name: string;
  readonly type: RecipeType;
  /** Set for domain recommenders only. */
  readonly domain?: Domain;
  readonly description: string;
  /** A retired recipe that is trained as this one. */
  readonly aliasOf?: string;
  readonly algorithm: string;
  readonly featureTransformation?: string;
  readonly hyperParameters: readonly HyperParameterRange[];
  readonly featureTransformationParameters: readonly HyperParameterRange[];
  /** The day on which it appeared, `2019-06-10`; as ListRecipes was recorded. */
  readonly published: string;

  /** What a request for recommendations must name. */
  readonly asksFor: ReadonlyArray<'userId' | 'itemId'>;
  /** Items come with a score. */
  readonly scores?: true;
  /** Some places of a list go to young items; these settings hold until somebody configures others. */
  readonly exploration?: Exploration;
  /** Metadata is there without enableMetadataWithRecommendations. */
  readonly metadataEnabled?: true;
  /** Campaigns and batch jobs take rankingInfluence. */
  readonly influencesRanking?: true;
  /** The interactions that a use case counts, by event type; absent: all of them. */
  readonly countsEventType?: string;
  /** Items with such an event in the user's history are not recommended. */
  readonly leavesOutEventType?: string;
  /** What a query of a batch segment job names. */
  readonly segmentsBy?: 'itemId' | 'itemAttributes';

  /** New events change the next answer for that user. */
  readonly realTime?: true;
  /** The two-hourly update picks up new items. */
  readonly autoUpdate?: true;
  /** trainingMode UPDATE is allowed. */
  readonly updatable?: true;
  /** Batch jobs take it. */
  readonly batch?: true;
  /** It is trained without interactions. */
  readonly withoutInteractions?: true;
  /** Solutions take solutionConfig.optimizationObjective. */
  readonly optimizesObjective?: true;
  /** Solutions take solutionConfig.eventsConfig. */
  readonly weighsEvents?: true;
  /** Solutions take performIncrementalUpdate. */
  readonly updatesIncrementally?: true;
  /** AutoML tries it when the solution names no recipes: it needs nothing but interactions. */
  readonly autoMlCandidate?: true;
}

const PREFIX = 'arn:aws:personalize:::recipe/';

export const recipeArn = (name: string): string => `${PREFIX}${name}`;

/** `aws-sims` of its ARN in whatever partition; undefined for what is no recipe's ARN. */
export const recipeName = (arn: string): string | undefined =>
  /^arn:[a-z\d-]+:personalize:.*:.*:recipe\/(.+)$/.exec(arn)?.[1];
