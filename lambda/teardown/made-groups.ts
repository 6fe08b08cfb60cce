// Dataset groups that configuration files made for a deployment: marked with its tag, they go with it.
import { type PersonalizeClient, paginateListDatasetGroups } from '@aws-sdk/client-personalize';
import { groupsOfFiles, isBeingDeleted } from '../shared/personalize/groups-of-files';
import type { Remaining } from './inventory';
import { pass } from './teardown';

/**
 * One pass over all that are left.
 *
 * @param datasetGroupArn the gallery's own group, whose name the tag has; it need not exist any more
 */
export async function passOverMadeGroups(
  client: PersonalizeClient,
  datasetGroupArn: string,
): Promise<Remaining[]> {
  const left = await goingGroups(client, datasetGroupArn);
  for (const arn of await groupsOfFiles(client, datasetGroupArn)) {
    left.push(...(await pass(client, arn, 'everything')));
  }
  return left;
}

/** Whose they were cannot be told any more, so each is waited for: it is a matter of minutes. */
async function goingGroups(client: PersonalizeClient, datasetGroupArn: string): Promise<Remaining[]> {
  const going: Remaining[] = [];
  for await (const { datasetGroups = [] } of paginateListDatasetGroups({ client }, {})) {
    for (const { datasetGroupArn: arn = '', status = '' } of datasetGroups) {
      if (arn !== datasetGroupArn && isBeingDeleted(status))
        going.push({ kind: 'dataset group', arn, status });
    }
  }
  return going;
}
