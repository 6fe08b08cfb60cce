// The dataset groups that the pipeline made for configuration files of a deployment: it marks them (`lambda/controller/planning.ts`).
import {
  ListTagsForResourceCommand,
  type PersonalizeClient,
  paginateListDatasetGroups,
} from '@aws-sdk/client-personalize';
import { deploymentTag } from '../../controller/declaration';
import { unlessGone } from './life-cycle';

/**
 * Their ARNs.
 *
 * @param datasetGroupArn the gallery's own group, whose name the tag has; it need not exist any more
 */
export async function groupsOfFiles(client: PersonalizeClient, datasetGroupArn: string): Promise<string[]> {
  const owner = datasetGroupArn.slice(datasetGroupArn.indexOf('/') + 1);
  const groups: string[] = [];
  for await (const { datasetGroups = [] } of paginateListDatasetGroups({ client }, {})) {
    for (const { datasetGroupArn: arn, status } of datasetGroups) {
      // One that is being deleted does not tell its tags.
      if (isBeingDeleted(status)) continue;
      if (arn && arn !== datasetGroupArn && (await isMadeFor(client, arn, owner))) groups.push(arn);
    }
  }
  return groups;
}

export const isBeingDeleted = (status = ''): boolean => status.startsWith('DELETE');

async function isMadeFor(client: PersonalizeClient, resourceArn: string, owner: string): Promise<boolean> {
  const answer = await unlessGone(client.send(new ListTagsForResourceCommand({ resourceArn })));
  return (answer?.tags ?? []).some(({ tagKey, tagValue }) => tagKey === deploymentTag && tagValue === owner);
}
