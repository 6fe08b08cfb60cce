// The gallery's own configuration: what is trained and served when nobody uploads a file.
import type { Configuration } from '../shared/configuration/configuration';
import { importPrefix } from '../shared/pipeline/import-prefix';
import type { PlannedImport } from '../shared/pipeline/plan';
import type { Surroundings } from './planner';

/** The solutions that can have a campaign. Each campaign costs money while it is up. */
export const servableSolutions = ['personal', 'similar', 'ranking'] as const;
export type ServableSolution = (typeof servableSolutions)[number];

/** Popularity is trained first: the others are compared with it. */
export const BASELINE = 'popularity';

const recipe = (name: string) => `arn:aws:personalize:::recipe/${name}`;
/** The v2 recipes weigh event types; others are told one type. Likes count, likes taken back do not. */
const weighedLikes = {
  solutionConfig: { eventsConfig: { eventParametersList: [{ eventType: 'like', weight: 1 }] } },
};
const onlyLikes = { eventType: 'like' };

const solutions = {
  [BASELINE]: { recipeArn: recipe('aws-popularity-count'), ...onlyLikes },
  personal: { recipeArn: recipe('aws-user-personalization-v2'), ...weighedLikes },
  similar: { recipeArn: recipe('aws-similar-items'), ...onlyLikes },
  ranking: { recipeArn: recipe('aws-personalized-ranking-v2'), ...weighedLikes },
};

/** Names begin with the dataset group's, so that two deployments can share an account. */
export function galleryConfiguration(
  datasetGroup: string,
  served: readonly ServableSolution[],
): Configuration {
  return {
    solutions: Object.entries(solutions).map(([kind, config]) => {
      const name = `${datasetGroup}-${kind}`;
      const hasCampaign = served.some((one) => one === kind);
      return {
        serviceConfig: { name, ...config },
        campaigns: hasCampaign ? [{ serviceConfig: { name, minProvisionedTPS: 1 } }] : [],
      };
    }),
  };
}

/**
 * About how many test users Amazon Personalize takes of the people whom it can test, those with two likes or more: a tenth
 * (Developer Guide, "Evaluating a solution version with metrics"). Nothing where nobody was counted: the data came another way.
 */
export function testUsersOf(qualifiedUsers: number): { testUsers?: number } {
  return qualifiedUsers > 0 ? { testUsers: Math.max(1, Math.round(qualifiedUsers / 10)) } : {};
}

/**
 * The gallery's datasets are made by its stacks and fed by streaming; a file for one of them, as `npm run gallery -- rebuild` writes,
 * is imported all the same.
 */
export function galleryImports({
  datasetGroup,
  bucket,
}: Pick<Surroundings, 'datasetGroup' | 'bucket'>): PlannedImport[] {
  const { name, arn } = datasetGroup;
  return (['Interactions', 'Items', 'Users'] as const).map((type) => ({
    datasetArn: `${arn.replace(':dataset-group/', ':dataset/')}/${type.toUpperCase()}`,
    bucket,
    prefix: importPrefix(name, type),
    mode: 'FULL',
    jobName: `${name}-${type.toLowerCase()}`,
    tags: [],
  }));
}
