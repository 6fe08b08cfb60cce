// What the service owns: recipes, algorithms, feature transformations.

import {
  type HyperParameterRange,
  type RecipeFacts,
  recipeArn,
  withDefaults,
} from '@emotion-gallery/personalize-rules/recipes';
import { algorithmArn, featureTransformationArn, serviceOwnedName } from '../protocol/arns';
import { notFound } from '../protocol/errors';
import type {
  DescribeAlgorithmRequest,
  DescribeFeatureTransformationRequest,
  DescribeRecipeRequest,
  ListRecipesRequest,
} from '../protocol/requests';
import type { Context } from './context';
import { page } from './pagination';
import { findRecipe } from './recipe-lookup';

/** When AWS last changed what it keeps of all recipes, as recorded in August 2024; younger recipes are as old as they are. */
const LAST_CHANGED = Date.UTC(2024, 5, 19, 16, 47, 19, 191);
/** Recipes on a page of ListRecipes that nobody asked to be of another length, as recorded. */
const RECIPES_A_PAGE = 11;

function datesOf({ published }: RecipeFacts) {
  const creationDateTime = Date.parse(published);
  return { creationDateTime, lastUpdatedDateTime: Math.max(creationDateTime, LAST_CHANGED) };
}

function recipeRecord(recipe: RecipeFacts) {
  const { name, type, domain, description, algorithm, featureTransformation } = recipe;
  return {
    name,
    recipeArn: recipeArn(name),
    algorithmArn: algorithmArn(algorithm),
    featureTransformationArn: featureTransformation && featureTransformationArn(featureTransformation),
    status: 'ACTIVE',
    description,
    recipeType: type,
    domain,
    ...datesOf(recipe),
  };
}

function rangesOf(ranges: readonly HyperParameterRange[]) {
  const ofType = (type: HyperParameterRange['type']) => ranges.filter((range) => range.type === type);
  const numeric = ({ name, min, max, tunable }: HyperParameterRange) => ({
    name,
    minValue: min,
    maxValue: max,
    isTunable: tunable,
  });
  return {
    integerHyperParameterRanges: ofType('integer').map(numeric),
    continuousHyperParameterRanges: ofType('continuous').map(numeric),
    categoricalHyperParameterRanges: ofType('categorical').map(({ name, values, tunable }) => ({
      name,
      values,
      isTunable: tunable,
    })),
  };
}

export const catalogueOperations = {
  DescribeRecipe(input: DescribeRecipeRequest, context: Context) {
    return { recipe: recipeRecord(findRecipe(context, input.recipeArn)) };
  },

  ListRecipes(input: ListRecipesRequest, context: Context) {
    const { domain, recipeProvider, maxResults = RECIPES_A_PAGE } = input;
    const recipes = context.recipes
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((recipe, i) => ({ ...recipeRecord(recipe), sequence: i + 1 }));
    const list = ['ListRecipes', domain, recipeProvider];
    const { records, nextToken } = page(recipes, { ...input, maxResults }, list);
    // A page is cut before it is filtered: that of a domain may be short, or empty, and still have a successor.
    return { recipes: records.filter((r) => domain === undefined || r.domain === domain), nextToken };
  },

  DescribeAlgorithm(input: DescribeAlgorithmRequest, context: Context) {
    const name = serviceOwnedName(input.algorithmArn, 'algorithm');
    const recipe = context.recipes.find(({ algorithm }) => algorithm === name);
    if (!recipe) throw notFound(`Resource Arn ${input.algorithmArn} does not exist.`);
    return {
      algorithm: {
        name,
        algorithmArn: input.algorithmArn,
        defaultHyperParameters: withDefaults(recipe.hyperParameters),
        defaultHyperParameterRanges: rangesOf(recipe.hyperParameters),
        trainingInputMode: 'File',
        ...datesOf(recipe),
      },
    };
  },

  DescribeFeatureTransformation(input: DescribeFeatureTransformationRequest, context: Context) {
    const arn = input.featureTransformationArn;
    const name = serviceOwnedName(arn, 'feature-transformation');
    const recipe = context.recipes.find(({ featureTransformation }) => featureTransformation === name);
    if (!recipe || name === undefined) throw notFound(`Resource Arn ${arn} does not exist.`);
    return {
      featureTransformation: {
        name,
        featureTransformationArn: arn,
        defaultParameters: withDefaults(recipe.featureTransformationParameters),
        status: 'ACTIVE',
        ...datesOf(recipe),
      },
    };
  },
};
