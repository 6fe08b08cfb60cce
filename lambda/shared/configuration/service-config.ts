// The parts of a configuration file that are passed on to Amazon Personalize: its own parameter names, checked against its own
// limits (API reference of CreateSolution, CreateCampaign, …), without the ARNs that the pipeline fills in.
import {
  AUTO_ML_RECIPE,
  findRecipe,
  type Problem,
  recipeName,
  type SolutionSettings,
  solutionProblems,
} from '@emotion-gallery/personalize-rules/recipes';
import { z } from 'zod';

/** Names of resources and jobs (API reference, "Name"). */
export const resourceName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9\-_]*$/, 'a name has letters, digits, hyphens and underscores');

const eventType = z.string().min(1).max(256);
const column = z
  .string()
  .max(150)
  .regex(/^[A-Za-z_][A-Za-z\d_]*$/, 'a column name has letters, digits and underscores');
const columnsByDataset = z.partialRecord(z.enum(['INTERACTIONS', 'ITEMS', 'USERS']), z.array(column).max(50));
const parameters = z.record(z.string().max(256), z.string().max(1000));
const recipeArn = z
  .string()
  .max(256)
  .regex(
    /^arn:[a-z\d-]+:personalize:.*:.*:recipe\/.+$/,
    'a recipe ARN is arn:aws:personalize:::recipe/<name>',
  );
export const roleArn = z
  .string()
  .max(256)
  .regex(
    /^arn:[a-z\d-]+:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/,
    'a role ARN is arn:aws:iam::<account>:role/<name>',
  );
export const kmsKeyArn = z
  .string()
  .max(2048)
  .regex(/^arn:aws.*:kms:.*:[0-9]{12}:key\/.*$/, 'a key ARN is arn:aws:kms:<region>:<account>:key/<id>');

/** API reference, "Tag". */
const tagText = z
  .string()
  .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, 'a tag has letters, digits, blanks and _ . : / = + - @');

export const tags = z
  .array(z.strictObject({ tagKey: tagText.min(1).max(128), tagValue: tagText.max(256) }))
  .max(50)
  .check((context) => {
    const keys = new Set<string>();
    for (const [index, { tagKey }] of context.value.entries()) {
      if (keys.has(tagKey)) {
        context.issues.push({
          code: 'custom',
          message: `the tag ${tagKey} is there twice`,
          path: [index],
          input: context.value,
        });
      }
      keys.add(tagKey);
    }
  });

export const datasetGroupConfig = z.strictObject({
  name: resourceName,
  domain: z.enum(['ECOMMERCE', 'VIDEO_ON_DEMAND']).optional(),
  roleArn: roleArn.optional(),
  kmsKeyArn: kmsKeyArn.optional(),
  tags: tags.optional(),
});

const parameterName = z.string().min(1).max(256);
const whole = z.int().min(-1_000_000).max(1_000_000);
const integerRange = z.strictObject({ name: parameterName, minValue: whole, maxValue: whole });
const decimal = z.number().min(-1_000_000);
const continuousRange = z.strictObject({ name: parameterName, minValue: decimal, maxValue: decimal });
const categoricalRange = z.strictObject({
  name: parameterName,
  values: z.array(z.string().max(1000)).max(100),
});

const solutionSettings = z.strictObject({
  eventValueThreshold: z.string().max(256).optional(),
  hpoConfig: z
    .strictObject({
      hpoResourceConfig: z
        .strictObject({
          maxNumberOfTrainingJobs: z.string().max(256).optional(),
          maxParallelTrainingJobs: z.string().max(256).optional(),
        })
        .optional(),
      algorithmHyperParameterRanges: z
        .strictObject({
          integerHyperParameterRanges: z.array(integerRange).max(100).optional(),
          continuousHyperParameterRanges: z.array(continuousRange).max(100).optional(),
          categoricalHyperParameterRanges: z.array(categoricalRange).max(100).optional(),
        })
        .optional(),
    })
    .optional(),
  algorithmHyperParameters: parameters.optional(),
  featureTransformationParameters: parameters.optional(),
  autoMLConfig: z
    .strictObject({
      metricName: z.string().max(256).optional(),
      recipeList: z.array(recipeArn).max(100).optional(),
    })
    .optional(),
  eventsConfig: z
    .strictObject({
      eventParametersList: z
        .array(
          z.strictObject({
            eventType: eventType.optional(),
            eventValueThreshold: z.number().optional(),
            weight: z.number().min(0).max(1).optional(),
          }),
        )
        .max(10),
    })
    .optional(),
  optimizationObjective: z
    .strictObject({
      itemAttribute: z.string().max(150).optional(),
      objectiveSensitivity: z.enum(['LOW', 'MEDIUM', 'HIGH', 'OFF']).optional(),
    })
    .optional(),
  trainingDataConfig: z
    .strictObject({
      excludedDatasetColumns: columnsByDataset.optional(),
      includedDatasetColumns: columnsByDataset.optional(),
    })
    .optional(),
  autoTrainingConfig: z
    .strictObject({
      schedulingExpression: z.string().max(16),
    })
    .optional(),
});

export const solutionConfig = z
  .strictObject({
    name: resourceName,
    performHPO: z.boolean().optional(),
    performAutoML: z.boolean().optional(),
    performAutoTraining: z.boolean().optional(),
    performIncrementalUpdate: z.boolean().optional(),
    recipeArn: recipeArn.optional(),
    eventType: eventType.optional(),
    solutionConfig: solutionSettings.optional(),
    tags: tags.optional(),
  })
  .check((context) => {
    const { value } = context;
    for (const { path, message } of recipeProblems(value)) {
      context.issues.push({ code: 'custom', message, path: [...path], input: value });
    }
  });

type SolutionParameters = SolutionSettings & {
  readonly performAutoML?: boolean;
  readonly recipeArn?: string;
};

/** What the recipe does not take of a solution's parameters. */
function recipeProblems(solution: SolutionParameters): Problem[] {
  const { performAutoML, recipeArn: arn } = solution;
  const at = (message: string): Problem[] => [{ path: ['recipeArn'], message }];
  if (performAutoML && arn) return at('performAutoML chooses the recipe: leave recipeArn out');
  if (!performAutoML && !arn) return at('name a recipeArn, or let performAutoML choose one');
  const recipe = findRecipe(arn === undefined ? AUTO_ML_RECIPE : (recipeName(arn) ?? ''));
  if (!recipe) return at(`there is no recipe ${arn}`);
  if (recipe.domain) return at(`${recipe.name} is for recommenders in a domain, not for solutions`);
  return solutionProblems(recipe, solution);
}

export const campaignConfig = z.strictObject({
  name: resourceName,
  minProvisionedTPS: z.int().min(1).optional(),
  campaignConfig: z
    .strictObject({
      itemExplorationConfig: parameters.optional(),
      enableMetadataWithRecommendations: z.boolean().optional(),
      syncWithLatestSolutionVersion: z.boolean().optional(),
      rankingInfluence: z
        .partialRecord(z.enum(['POPULARITY', 'FRESHNESS']), z.number().min(0).max(1))
        .optional(),
    })
    .optional(),
  tags: tags.optional(),
});

export const filterConfig = z.strictObject({
  name: resourceName,
  filterExpression: z.string().min(1).max(2500),
  tags: tags.optional(),
});

export const eventTrackerConfig = z.strictObject({ name: resourceName, tags: tags.optional() });

export const recommenderConfig = z.strictObject({
  name: resourceName,
  recipeArn,
  recommenderConfig: z
    .strictObject({
      itemExplorationConfig: parameters.optional(),
      minRecommendationRequestsPerSecond: z.int().min(1).optional(),
      trainingDataConfig: z.strictObject({ excludedDatasetColumns: columnsByDataset.optional() }).optional(),
      enableMetadataWithRecommendations: z.boolean().optional(),
    })
    .optional(),
  tags: tags.optional(),
});

export const batchInferenceConfig = z.strictObject({
  batchInferenceJobMode: z.enum(['BATCH_INFERENCE', 'THEME_GENERATION']).optional(),
  numResults: z.int().min(1).max(500).optional(),
  filterName: resourceName.optional(),
  batchInferenceJobConfig: z.strictObject({ itemExplorationConfig: parameters.optional() }).optional(),
  themeGenerationConfig: z
    .strictObject({ fieldsForThemeGeneration: z.strictObject({ itemName: column }) })
    .optional(),
  tags: tags.optional(),
});

export const batchSegmentConfig = z.strictObject({
  numResults: z.int().min(1).max(5_000_000).optional(),
  filterName: resourceName.optional(),
  tags: tags.optional(),
});
