// What serves in a dataset group, as its row tells it: console and commands read it there, and ask Amazon Personalize for nothing.
import type { Actual } from './actual';
import type { Serving } from './group-row';

/** The recipe's name at the end of its ARN. */
const nameOf = (arn = ''): string => arn.slice(arn.lastIndexOf('/') + 1);

export function servingOf({ campaigns, recommenders, solutions }: Actual): Serving[] {
  return [
    ...campaigns.map(
      ({ name, status, solution, solutionVersionArn, minProvisionedTPS = 1 }): Serving => ({
        ...{ kind: 'campaign', name, status, minProvisionedTps: minProvisionedTPS },
        recipe: nameOf(solutions.find((each) => each.name === solution)?.recipeArn),
        solutionVersion: solutionVersionArn,
      }),
    ),
    ...recommenders.map(
      ({ name, status, recipeArn, recommenderConfig }): Serving => ({
        ...{ kind: 'recommender', name, status, recipe: nameOf(recipeArn) },
        minProvisionedTps: recommenderConfig.minRecommendationRequestsPerSecond ?? 1,
      }),
    ),
  ];
}
