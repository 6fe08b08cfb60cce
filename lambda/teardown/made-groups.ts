// Dataset groups that configuration files made for a deployment: marked with its tag, they go with it.
import type { PersonalizeClient } from '@aws-sdk/client-personalize';
import { groupsOfFiles } from '../shared/personalize/groups-of-files';
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
  const groups: MadeGroup[] = [];
  for (const arn of await groupsOfFiles(client, datasetGroupArn)) {
    const items = await inventory(client, arn, 'everything');
    groups.push({
      arn,
      schemas: items.filter(({ kind }) => kind === 'schema').map((schema) => schema.arn),
    });
  }
  return groups;
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
