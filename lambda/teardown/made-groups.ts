// Dataset groups that configuration files made for a deployment: marked with its tag, they go with it.
import {
  ListTagsForResourceCommand,
  type PersonalizeClient,
  paginateListDatasetGroups,
} from '@aws-sdk/client-personalize';
import { unlessGone } from '../shared/personalize/life-cycle';
import { deploymentTag } from '../shared/pipeline/deployment-tag';
import type { Remaining } from './inventory';
import { deleteSchemas, inventory, pass } from './teardown';

export interface MadeGroup {
  readonly arn: string;
  /** Found before anything is deleted: schemas outlive the datasets that they are found by. */
  readonly schemas: readonly string[];
}

/** @param datasetGroupArn the gallery's own group, whose name the tag has; it need not exist any more */
export async function findMadeGroups(
  client: PersonalizeClient,
  datasetGroupArn: string,
): Promise<MadeGroup[]> {
  const owner = datasetGroupArn.slice(datasetGroupArn.indexOf('/') + 1);
  const groups: MadeGroup[] = [];
  for await (const { datasetGroups = [] } of paginateListDatasetGroups({ client }, {})) {
    for (const { datasetGroupArn: arn } of datasetGroups) {
      if (!arn || arn === datasetGroupArn || !(await isMadeFor(client, arn, owner))) continue;
      const items = await inventory(client, arn, 'everything');
      groups.push({
        arn,
        schemas: items.filter(({ kind }) => kind === 'schema').map((schema) => schema.arn),
      });
    }
  }
  return groups;
}

async function isMadeFor(client: PersonalizeClient, resourceArn: string, owner: string): Promise<boolean> {
  const answer = await unlessGone(client.send(new ListTagsForResourceCommand({ resourceArn })));
  return (answer?.tags ?? []).some(({ tagKey, tagValue }) => tagKey === deploymentTag && tagValue === owner);
}

/** One pass over all of them; the schemas of a group go when the group is gone. */
export async function passOverMadeGroups(
  client: PersonalizeClient,
  groups: readonly MadeGroup[],
): Promise<Remaining[]> {
  const left: Remaining[] = [];
  for (const { arn, schemas } of groups) {
    const items = await pass(client, arn, 'everything');
    if (items.length === 0) await deleteSchemas(client, schemas);
    left.push(...items);
  }
  return left;
}
