// What the service owns: recipes, algorithms, feature transformations.

import type {
  DescribeAlgorithmRequest,
  DescribeFeatureTransformationRequest,
  DescribeRecipeRequest,
  ListRecipesRequest,
} from '@aws-sdk/client-personalize';
import {
  type HyperParameterRange,
  recipeArn,
  withDefaults,
} from '@emotion-gallery/personalize-rules/recipes';
import type { Checked } from '../protocol/checked';
import { notFound } from '../protocol/errors';
import type { Recipe } from '../recipes/recipe';
import { algorithmArn, featureTransformationArn, serviceOwnedName } from './arns';
import type { Context } from './context';
import { page } from './pagination';
import { findRecipe } from './recipe-lookup';

/** When the first recipes appeared; the real dates differ by recipe and are not documented. */
const PUBLISHED = Date.UTC(2019, 5, 10);

const DATES = { creationDateTime: PUBLISHED, lastUpdatedDateTime: PUBLISHED };

function recipeRecord(recipe: Recipe) {
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
    ...DATES,
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
  DescribeRecipe(input: Checked<DescribeRecipeRequest>, context: Context) {
    return { recipe: recipeRecord(findRecipe(context, input.recipeArn)) };
  },

  ListRecipes(input: Checked<ListRecipesRequest>, context: Context) {
    const { domain, recipeProvider } = input;
    const recipes = context.recipes
      .filter((recipe) => domain === undefined || recipe.domain === domain)
      .map((recipe, i) => ({ ...recipeRecord(recipe), sequence: i + 1 }));
    const { records, nextToken } = page(recipes, input, ['ListRecipes', domain, recipeProvider]);
    return { recipes: records, nextToken };
  },

  DescribeAlgorithm(input: Checked<DescribeAlgorithmRequest>, context: Context) {
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
        ...DATES,
      },
    };
  },

  DescribeFeatureTransformation(input: Checked<DescribeFeatureTransformationRequest>, context: Context) {
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
        ...DATES,
      },
    };
  },
};
