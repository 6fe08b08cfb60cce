// Solutions of a hand-made dataset group: made, trained, measured.
import {
  CreateSolutionCommand,
  CreateSolutionVersionCommand,
  DescribeSolutionVersionCommand,
  GetSolutionMetricsCommand,
  ListSolutionVersionsCommand,
  ResourceNotFoundException,
  type SolutionVersion,
} from '@aws-sdk/client-personalize';
import { findRecipe, type RecipeFacts, recipeArn, recipes } from '@emotion-gallery/personalize-rules/recipes';
import type { Clients } from '../clients';
import { type Rim, UserError } from '../command';
import { solutionsOf } from '../solutions';
import { both } from '../text';
import type { Group } from './group';
import { untilActive } from './settle';

type Used = Pick<Clients, 'personalize'>;

export interface Trained {
  readonly solution: string;
  readonly recipe: string;
  readonly isTuned: boolean;
  readonly solutionVersionArn: string;
  /** As the service bills them; undefined where it does not tell. */
  readonly trainingHours?: number;
  /** From its creation to its end. */
  readonly seconds: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** `aws-sims`, or `sims`. @throws UserError that names what there is */
export function recipeNamed(name: string): RecipeFacts {
  const recipe = findRecipe(name) ?? findRecipe(`aws-${name}`);
  if (recipe && !recipe.domain) return recipe;
  const known = recipes.filter(({ domain }) => !domain).map((each) => each.name);
  throw new UserError(
    both(
      `there is no recipe ${name}; there are: ${known.join(', ')}`,
      `레시피 ${name}이(가) 없습니다. 있는 레시피: ${known.join(', ')}`,
    ),
    true,
  );
}

export const solutionName = (group: string, recipe: string, isTuned: boolean): string =>
  `${group}-${recipe.replace(/^aws-/, '')}${isTuned ? '-hpo' : ''}`.slice(-63);

/** Starts it unless there is one already. @returns the version's ARN */
export async function startTraining(
  { personalize }: Used,
  group: Group,
  recipe: RecipeFacts,
  isTuned: boolean,
  isAnew: boolean,
): Promise<{ readonly solution: string; readonly solutionVersionArn: string }> {
  const solution = solutionName(group.name, recipe.name, isTuned);
  let solutionArn = await solutionArnOf(personalize, group, solution);
  solutionArn ??= (
    await personalize.send(
      new CreateSolutionCommand({
        name: solution,
        datasetGroupArn: group.arn,
        recipeArn: recipeArn(recipe.name),
        performHPO: isTuned,
        performAutoTraining: false,
      }),
    )
  ).solutionArn;
  const { solutionVersions = [] } = await personalize.send(new ListSolutionVersionsCommand({ solutionArn }));
  const usable = solutionVersions.filter(({ status = '' }) => !/FAILED|STOPP/.test(status));
  const newest = usable.sort((a, b) => Number(b.creationDateTime) - Number(a.creationDateTime))[0];
  if (newest?.solutionVersionArn && !isAnew)
    return { solution, solutionVersionArn: newest.solutionVersionArn };
  const created = await personalize.send(new CreateSolutionVersionCommand({ solutionArn }));
  return { solution, solutionVersionArn: created.solutionVersionArn ?? '' };
}

async function solutionArnOf(client: Used['personalize'], group: Group, name: string) {
  for await (const { solution } of solutionsOf(client, group.arn)) {
    if (solution.name === name) return solution.solutionArn;
  }
  return undefined;
}

/** @throws UserError when the training failed */
export async function trainedVersion(
  { personalize }: Used,
  { solution, solutionVersionArn }: { readonly solution: string; readonly solutionVersionArn: string },
  recipe: RecipeFacts,
  isTuned: boolean,
  rim: Rim,
): Promise<Trained> {
  const version = await untilActive<SolutionVersion>(
    `training of ${solution}`,
    async () =>
      (await personalize.send(new DescribeSolutionVersionCommand({ solutionVersionArn }))).solutionVersion,
    rim,
    both(
      'Once the cause is gone, run the same command again: what is trained already is not trained anew.',
      '원인을 없앤 뒤 같은 명령을 다시 실행하세요. 이미 훈련된 것은 다시 훈련하지 않습니다.',
    ),
  );
  return {
    solution,
    recipe: recipe.name,
    isTuned,
    solutionVersionArn,
    trainingHours: version.trainingHours,
    seconds: (Number(version.lastUpdatedDateTime) - Number(version.creationDateTime)) / 1000,
    metrics: await metricsOf(personalize, solutionVersionArn),
  };
}

/** Some recipes have none. */
async function metricsOf(client: Used['personalize'], solutionVersionArn: string) {
  try {
    const { metrics = {} } = await client.send(new GetSolutionMetricsCommand({ solutionVersionArn }));
    return metrics;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return {};
    throw error;
  }
}
