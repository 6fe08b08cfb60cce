// The model of a recommender: read from disk when it is first asked for.

import type { Model } from '../model/recipe';
import { notFound } from '../protocol/errors';
import type { RecommenderRecord } from '../state/records';
import type { Context } from './context';
import { findRecipe } from './recipe-lookup';

export async function recommenderModel(context: Context, recommender: RecommenderRecord): Promise<Model> {
  if (recommender.modelFolder === undefined) throw notFound(`${recommender.arn} has no model yet.`);
  return context.models.load(
    recommender.modelFolder,
    findRecipe(context, recommender.recipeArn),
    (model) => model,
  );
}
