// Campaigns of a dataset group, whoever made them, with what their recipes do.
import {
  CreateCampaignCommand,
  CreateEventTrackerCommand,
  DescribeCampaignCommand,
  DescribeEventTrackerCommand,
  type PersonalizeClient,
  paginateListEventTrackers,
} from '@aws-sdk/client-personalize';
import type { RecipeFacts } from '@emotion-gallery/personalize-rules/recipes';
import { type Rim, UserError } from '../command';
import { readyVersions, recipeOf, solutionsOf } from '../solutions';
import { both } from '../text';
import type { Group } from './group';
import { untilActive } from './settle';

export interface GroupCampaign {
  readonly name: string;
  readonly arn: string;
  readonly recipe: RecipeFacts;
}

export interface GroupSolution {
  readonly name: string;
  readonly recipe: RecipeFacts;
  /** Of the newest version that is ready; undefined: none is. */
  readonly versionArn?: string;
  /** Those that are up. */
  readonly campaigns: readonly GroupCampaign[];
}

/** @param names those that are wanted; undefined: all. @throws UserError for one that is not there */
export async function groupSolutions(
  client: PersonalizeClient,
  group: Group,
  names: readonly string[] | undefined,
): Promise<GroupSolution[]> {
  const found: GroupSolution[] = [];
  for await (const { solution, campaigns } of solutionsOf(client, group.arn)) {
    const recipe = await recipeOf(client, solution);
    if (!recipe) continue;
    const [newest] = await readyVersions(client, solution);
    found.push({
      name: solution.name ?? '',
      recipe,
      versionArn: newest?.solutionVersionArn,
      campaigns: campaigns
        .filter(({ status }) => status === 'ACTIVE')
        .map(({ name = '', campaignArn: arn = '' }) => ({ name, arn, recipe })),
    });
  }
  const missing = names?.find((name) => !found.some((each) => each.name === name));
  if (missing === undefined) return found.filter(({ name }) => names?.includes(name) ?? true);
  const known = found.map(({ name }) => name).join(', ');
  throw new UserError(
    both(
      `${group.name} has no solution ${missing}; there are: ${known || 'none; "compare" makes some'}`,
      `${group.name}에 솔루션 ${missing}이(가) 없습니다. 있는 솔루션: ${known || '없음. "compare"로 만드세요'}`,
    ),
  );
}

/** @throws UserError when there is none, or not the one that is named */
export async function groupCampaigns(
  client: PersonalizeClient,
  group: Group,
  names: readonly string[] | undefined,
): Promise<GroupCampaign[]> {
  const all = (await groupSolutions(client, group, undefined)).flatMap(({ campaigns }) => campaigns);
  const known = all.map(({ name }) => name).join(', ');
  if (all.length === 0)
    throw new UserError(
      both(
        `${group.name} has no campaign that is up; "serve" makes some`,
        `${group.name}에 떠 있는 캠페인이 없습니다. "serve"로 만드세요`,
      ),
    );
  const missing = names?.find((name) => !all.some((each) => each.name === name));
  if (missing !== undefined)
    throw new UserError(
      both(
        `${group.name} has no campaign ${missing} that is up; there are: ${known}`,
        `${group.name}에 떠 있는 캠페인 ${missing}이(가) 없습니다. 있는 캠페인: ${known}`,
      ),
    );
  return all.filter(({ name }) => names?.includes(name) ?? true);
}

/** Starts it; `untilUp` waits. */
export async function startCampaign(
  client: PersonalizeClient,
  { name, recipe, versionArn }: GroupSolution,
): Promise<GroupCampaign> {
  const { campaignArn: arn = '' } = await client.send(
    new CreateCampaignCommand({ name, solutionVersionArn: versionArn, minProvisionedTPS: 1 }),
  );
  return { name, arn, recipe };
}

/** @throws UserError when it could not be made */
export async function untilUp(
  client: PersonalizeClient,
  { name, arn }: GroupCampaign,
  rim: Rim,
): Promise<void> {
  const look = async () => (await client.send(new DescribeCampaignCommand({ campaignArn: arn }))).campaign;
  await untilActive(`campaign ${name}`, look, rim);
}

export async function trackingIdOf(client: PersonalizeClient, group: Group): Promise<string | undefined> {
  const { arn: datasetGroupArn } = group;
  for await (const { eventTrackers = [] } of paginateListEventTrackers({ client }, { datasetGroupArn })) {
    for (const { eventTrackerArn } of eventTrackers) {
      const { eventTracker } = await client.send(new DescribeEventTrackerCommand({ eventTrackerArn }));
      if (eventTracker?.trackingId) return eventTracker.trackingId;
    }
  }
  return undefined;
}

export async function ensureTracker(client: PersonalizeClient, group: Group): Promise<string> {
  const known = await trackingIdOf(client, group);
  if (known !== undefined) return known;
  const { trackingId = '' } = await client.send(
    new CreateEventTrackerCommand({ name: group.name, datasetGroupArn: group.arn }),
  );
  return trackingId;
}
