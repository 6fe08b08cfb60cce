// The solutions of a dataset group and their campaigns, as the commands look for them.
import {
  type CampaignSummary,
  DescribeSolutionCommand,
  type PersonalizeClient,
  paginateListCampaigns,
  paginateListSolutions,
  paginateListSolutionVersions,
  type SolutionSummary,
  type SolutionVersionSummary,
} from '@aws-sdk/client-personalize';
import { findRecipe, type RecipeFacts, recipeName } from '@emotion-gallery/personalize-rules/recipes';

export interface SolutionWithCampaigns {
  readonly solution: SolutionSummary;
  readonly campaigns: readonly CampaignSummary[];
}

export async function* solutionsOf(
  client: PersonalizeClient,
  datasetGroupArn: string,
): AsyncGenerator<SolutionWithCampaigns> {
  for await (const { solutions = [] } of paginateListSolutions({ client }, { datasetGroupArn })) {
    for (const solution of solutions) {
      const campaigns: CampaignSummary[] = [];
      const { solutionArn } = solution;
      for await (const page of paginateListCampaigns({ client }, { solutionArn })) {
        campaigns.push(...(page.campaigns ?? []));
      }
      yield { solution, campaigns };
    }
  }
}

/** Versions that are ready, the newest first. */
export async function readyVersions(
  client: PersonalizeClient,
  { solutionArn }: SolutionSummary,
): Promise<SolutionVersionSummary[]> {
  const found: SolutionVersionSummary[] = [];
  for await (const { solutionVersions = [] } of paginateListSolutionVersions({ client }, { solutionArn })) {
    found.push(...solutionVersions.filter(({ status }) => status === 'ACTIVE'));
  }
  return found.sort((a, b) => Number(b.creationDateTime) - Number(a.creationDateTime));
}

/** The recipe of a solution; of one for which Amazon Personalize chose it (AutoML), the one that it chose. */
export async function recipeOf(
  client: PersonalizeClient,
  { solutionArn, recipeArn }: SolutionSummary,
): Promise<RecipeFacts | undefined> {
  if (recipeArn) return findRecipe(recipeName(recipeArn) ?? '');
  const { solution } = await client.send(new DescribeSolutionCommand({ solutionArn }));
  return findRecipe(recipeName(solution?.autoMLResult?.bestRecipeArn ?? '') ?? '');
}
