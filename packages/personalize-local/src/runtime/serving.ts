// What the three runtime operations share: the model that serves, filters, users, metadata.
import {
  RECOMMENDATIONS_ACCOUNT_RATE,
  RECOMMENDATIONS_RATE,
} from '@emotion-gallery/personalize-rules/limits';
import type { Exploration } from '@emotion-gallery/personalize-rules/recipes';
import { type FieldType, InvalidData } from '@emotion-gallery/personalize-rules/schemas';
import type { DatasetGroupData } from '../data';
import type { IdSet } from '../filters';
import type { Model, Recipe, ScoreRequest, UserHistory } from '../model/recipe';
import { invalidInput, notFound } from '../protocol/errors';
import type { Context } from '../resources/context';
import { compiledFilter } from '../resources/filters';
import { findResource } from '../resources/lookup';
import { findRecipe } from '../resources/recipe-lookup';
import { recommenderModel } from '../resources/recommender-models';
import { servingModel } from '../resources/serving-models';

const MOST_METADATA_COLUMNS = 10;

/** A campaign or recommender, ready to answer. */
export interface Serving {
  readonly arn: string;
  readonly datasetGroupArn: string;
  readonly recipe: Recipe;
  readonly model: Model;
  readonly data: DatasetGroupData;
  /** When the model was trained (epoch ms). */
  readonly trainedAt: number;
  readonly metadataEnabled: boolean;
  readonly exploration?: Exploration;
  readonly rankingInfluence?: ScoreRequest['rankingInfluence'];
}

/** @throws PersonalizeError ResourceNotFoundException when the campaign does not exist or does not serve yet. */
export async function servingCampaign(context: Context, campaignArn: string): Promise<Serving> {
  const campaign = findResource(context, 'campaign', campaignArn);
  if (campaign.status !== 'ACTIVE') {
    throw notFound(`${campaignArn} is in status ${campaign.status}; it answers once it is ACTIVE.`);
  }
  takeRate(context, campaignArn);
  const version = findResource(context, 'solution-version', campaign.servedVersionArn);
  const recipe = findRecipe(context, version.recipeArn);
  const config = campaign.campaignConfig;
  const influence = config?.rankingInfluence;
  return {
    arn: campaignArn,
    datasetGroupArn: version.datasetGroupArn,
    recipe,
    model: await servingModel(context, version),
    data: dataOf(context, version.datasetGroupArn),
    trainedAt: version.trainedAt ?? version.creationDateTime,
    metadataEnabled: config?.enableMetadataWithRecommendations ?? recipe.metadataEnabled ?? false,
    exploration: explorationOf(recipe, config?.itemExplorationConfig),
    rankingInfluence: influence && {
      popularity: influence.POPULARITY ?? 0,
      freshness: influence.FRESHNESS ?? 0,
    },
  };
}

/** @throws PersonalizeError ResourceNotFoundException when the recommender does not exist or does not serve. */
export async function servingRecommender(context: Context, recommenderArn: string): Promise<Serving> {
  const recommender = findResource(context, 'recommender', recommenderArn);
  if (recommender.status !== 'ACTIVE') {
    throw notFound(`${recommenderArn} is in status ${recommender.status}; it answers once it is ACTIVE.`);
  }
  takeRate(context, recommenderArn);
  const recipe = findRecipe(context, recommender.recipeArn);
  const config = recommender.recommenderConfig;
  return {
    arn: recommenderArn,
    datasetGroupArn: recommender.datasetGroupArn,
    recipe,
    model: await recommenderModel(context, recommender),
    data: dataOf(context, recommender.datasetGroupArn),
    trainedAt: recommender.trainedAt ?? recommender.creationDateTime,
    metadataEnabled: config.enableMetadataWithRecommendations ?? false,
    exploration: explorationOf(recipe, config.itemExplorationConfig),
  };
}

function takeRate(context: Context, arn: string): void {
  context.rates.take(`recommendations ${arn}`, RECOMMENDATIONS_RATE);
  context.rates.take('recommendations', RECOMMENDATIONS_ACCOUNT_RATE);
}

function dataOf(context: Context, datasetGroupArn: string): DatasetGroupData {
  return context.data.of(findResource(context, 'dataset-group', datasetGroupArn));
}

/** The recipe's exploration, as it is configured; undefined where it explores nothing. */
export function explorationOf(
  { exploration }: Recipe,
  config: Readonly<Record<string, string | undefined>> = {},
): Exploration | undefined {
  const { explorationWeight, explorationItemAgeCutOff } = config;
  return (
    exploration && {
      weight: Number(explorationWeight ?? exploration.weight),
      itemAgeCutOffDays: Number(explorationItemAgeCutOff ?? exploration.itemAgeCutOffDays),
    }
  );
}

/** The history as the model sees it: recipes without real-time updates know only what they were trained with. */
export function historyOf({ recipe, data, trainedAt }: Serving, userId: string): UserHistory {
  const history = data.userHistory(userId, { trainedAt });
  if (recipe.realTime) return history;
  const events = history.events.filter(({ timestamp }) => timestamp * 1000 <= trainedAt);
  return { ...history, events };
}

export interface FilterChoice {
  readonly filterArn?: string;
  readonly filterValues?: Readonly<Record<string, string | undefined>>;
}

/**
 * Evaluates a request's filter.
 *
 * @throws PersonalizeError ResourceNotFoundException, InvalidInputException
 * @throws InvalidFilterValues
 */
export function evaluateFilter(
  context: Context,
  { data, datasetGroupArn, recipe }: Pick<Serving, 'data' | 'datasetGroupArn' | 'recipe'>,
  { filterArn, filterValues }: FilterChoice,
  { userId, itemId }: { readonly userId?: string; readonly itemId?: string },
): IdSet | undefined {
  if (filterArn === undefined) {
    if (filterValues && Object.keys(filterValues).length > 0)
      throw invalidInput('filterValues need a filterArn.');
    return undefined;
  }
  const filter = findResource(context, 'filter', filterArn);
  if (filter.status !== 'ACTIVE')
    throw invalidInput(`${filterArn} is in status ${filter.status}, not ACTIVE.`);
  if (filter.datasetGroupArn !== datasetGroupArn) {
    throw invalidInput(`${filterArn} belongs to another dataset group.`);
  }
  const compiled = compiledFilter(context, filter);
  const wanted =
    recipe.type === 'PERSONALIZED_ACTIONS' ? 'ACTION' : recipe.type === 'USER_SEGMENTATION' ? 'USER' : 'ITEM';
  if (compiled.target !== wanted) {
    throw invalidInput(`${filterArn} filters ${compiled.target} ids, ${recipe.name} needs ${wanted} ids.`);
  }
  if (compiled.usesCurrentItem && itemId === undefined) {
    throw invalidInput(`${filterArn} compares with CurrentItem, so the request needs an itemId.`);
  }
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(filterValues ?? {})) {
    if (value !== undefined) values[name] = value;
  }
  return compiled.evaluate({ data, userId, itemId, values });
}

/** The columns to return with each item; undefined for none. @throws PersonalizeError InvalidInputException */
export function metadataColumnsOf(
  serving: Serving,
  requested: Readonly<Record<string, readonly string[] | undefined>> | undefined,
): readonly string[] | undefined {
  const columns = requested?.ITEMS;
  if (!requested || !columns) return undefined;
  if (!serving.metadataEnabled) {
    throw invalidInput(`${serving.arn} was not set up with enableMetadataWithRecommendations.`);
  }
  if (columns.length > MOST_METADATA_COLUMNS) {
    throw invalidInput(
      `metadataColumns may name up to ${MOST_METADATA_COLUMNS} columns, got ${columns.length}.`,
    );
  }
  const fields = serving.data.schemas.get('ITEMS')?.fields ?? [];
  const unknown = columns.find((column) => !fields.some(({ name }) => name === column));
  if (unknown !== undefined) throw invalidInput(`The Items dataset has no column ${unknown}.`);
  return columns;
}

/** Numbers with a fraction as the service writes them: 250 in a float column is `250.0`, as recorded. */
function metadataText(value: string | number, type: FieldType | undefined): string {
  const isFloat = type === 'float' || type === 'double';
  return isFloat && Number.isInteger(value) ? `${value}.0` : String(value);
}

/** As recorded, a score has at most seven decimals. */
export const roundedScore = (score: number | undefined): number | undefined =>
  score === undefined ? undefined : Math.round(score * 1e7) / 1e7;

/** By column name in lower case, as recorded. */
export function metadataOf(
  { data }: Serving,
  itemId: string,
  columns: readonly string[] | undefined,
): Record<string, string> | undefined {
  if (!columns) return undefined;
  const row = data.metadata('ITEMS', itemId) ?? {};
  const types = new Map(data.schemas.get('ITEMS')?.fields.map(({ name, type }) => [name, type]));
  return Object.fromEntries(
    columns.flatMap((column) => {
      const value = row[column];
      return value === undefined ? [] : [[column.toLowerCase(), metadataText(value, types.get(column))]];
    }),
  );
}

/**
 * Counts a request by its outcome, as CloudWatch shows it: a successful one under the operation's name (developer guide, "CloudWatch metrics
 * for Amazon Personalize").
 */
export async function measured<T>(
  context: Context,
  arn: string,
  operation: string,
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  const dimensions = { CampaignArn: arn };
  try {
    const result = await work();
    context.putMetric(operation, 1, 'Count', dimensions);
    context.putMetric(`${operation}Latency`, performance.now() - startedAt, 'Milliseconds', dimensions);
    return result;
  } catch (error) {
    const isInternal = error instanceof Error && !('code' in error) && !(error instanceof InvalidData);
    context.putMetric(`${operation}${isInternal ? '5xx' : '4xx'}Errors`, 1, 'Count', dimensions);
    throw error;
  }
}
