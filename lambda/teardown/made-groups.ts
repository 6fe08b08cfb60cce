// Dataset groups that configuration files made for a deployment: marked with its tag, they go with it.
import type { PersonalizeClient } from '@aws-sdk/client-personalize';
import { groupsOfFiles } from '../shared/personalize/groups-of-files';
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
  const left: Remaining[] = [];
  for (const arn of await groupsOfFiles(client, datasetGroupArn)) {
    left.push(...(await pass(client, arn, 'everything')));
  }
  return left;
}
