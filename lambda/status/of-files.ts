// What configuration files keep up beside the gallery's own campaigns: each costs money, asked or not.
import {
  DescribeCampaignCommand,
  type PersonalizeClient,
  paginateListCampaigns,
  paginateListRecommenders,
  paginateListSolutions,
} from '@aws-sdk/client-personalize';
import type { ServedByFile } from '../shared/contract/schemas';
import { groupsOfFiles } from '../shared/personalize/groups-of-files';
import { unlessGone } from '../shared/personalize/life-cycle';

export interface OfFilesOptions {
  /** The gallery's own, in which files may have campaigns too. */
  readonly datasetGroupArn: string;
  /** The campaigns that the gallery has without any file. */
  readonly ownCampaigns: readonly string[];
}

/** The name at the end of an ARN. */
const nameOf = (arn = ''): string => arn.slice(arn.lastIndexOf('/') + 1);

/** Some calls for each dataset group that a file made, and one for each campaign of the account that is not the gallery's own. */
export async function readServedByFiles(
  client: PersonalizeClient,
  { datasetGroupArn, ownCampaigns }: OfFilesOptions,
): Promise<ServedByFile[]> {
  const made = await groupsOfFiles(client, datasetGroupArn);
  const campaigns = await campaignsBeside(client, [datasetGroupArn, ...made], ownCampaigns);
  const recommenders = await Promise.all(made.map((group) => recommendersOf(client, group)));
  return [...campaigns, ...recommenders.flat()];
}

async function campaignsBeside(
  client: PersonalizeClient,
  groups: readonly string[],
  ownCampaigns: readonly string[],
): Promise<ServedByFile[]> {
  const others: string[] = [];
  for await (const { campaigns = [] } of paginateListCampaigns({ client }, {})) {
    for (const { campaignArn = '' } of campaigns) {
      if (!ownCampaigns.includes(campaignArn)) others.push(campaignArn);
    }
  }
  if (others.length === 0) return [];
  const recipes = await recipesOf(client, groups);
  const found: ServedByFile[] = [];
  for (const campaignArn of others) {
    const answer = await unlessGone(client.send(new DescribeCampaignCommand({ campaignArn })));
    // Its version's ARN is the solution's, and a part more.
    const recipe = recipes.get(answer?.campaign?.solutionVersionArn?.replace(/\/[^/]+$/, '') ?? '');
    if (!answer?.campaign || recipe === undefined) continue;
    const { name = '', status = 'unknown', minProvisionedTPS = 1 } = answer.campaign;
    found.push({ kind: 'campaign', name, status, recipe, minProvisionedTps: minProvisionedTPS });
  }
  return found;
}

/** The recipe's name by the ARN of its solution; a solution whose recipe the service chose has none. */
async function recipesOf(client: PersonalizeClient, groups: readonly string[]): Promise<Map<string, string>> {
  const recipes = new Map<string, string>();
  for (const datasetGroupArn of groups) {
    for await (const { solutions = [] } of paginateListSolutions({ client }, { datasetGroupArn })) {
      for (const { solutionArn = '', recipeArn } of solutions) recipes.set(solutionArn, nameOf(recipeArn));
    }
  }
  return recipes;
}

async function recommendersOf(client: PersonalizeClient, datasetGroupArn: string): Promise<ServedByFile[]> {
  const found: ServedByFile[] = [];
  for await (const { recommenders = [] } of paginateListRecommenders({ client }, { datasetGroupArn })) {
    for (const { name = '', status = 'unknown', recipeArn, recommenderConfig } of recommenders) {
      const minProvisionedTps = recommenderConfig?.minRecommendationRequestsPerSecond ?? 1;
      found.push({ kind: 'recommender', name, status, recipe: nameOf(recipeArn), minProvisionedTps });
    }
  }
  return found;
}
