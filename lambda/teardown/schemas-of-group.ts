// The schemas of a dataset group that is taken down. They outlive the datasets that they are found by, so their names are written into tags
// of the group before the first dataset goes, and they go before the group: a pass that comes later finds them, and nothing else keeps state.
import {
  DescribeDatasetCommand,
  ListTagsForResourceCommand,
  type PersonalizeClient,
  TagResourceCommand,
} from '@aws-sdk/client-personalize';
import { unlessGone } from '../shared/personalize/life-cycle';
import type { Remaining } from './inventory';

const TAG = 'emotion-gallery-schema-';

/** Writes down what the datasets use, unless it is written down. Of a type there is one dataset, so there are five schemas at most. */
export async function rememberSchemas(
  client: PersonalizeClient,
  datasetGroupArn: string,
  datasets: readonly Remaining[],
): Promise<void> {
  const known = await rememberedSchemas(client, datasetGroupArn);
  const tags: { tagKey: string; tagValue: string }[] = [];
  for (const { arn } of datasets.filter(({ kind }) => kind === 'dataset')) {
    const answer = await unlessGone(client.send(new DescribeDatasetCommand({ datasetArn: arn })));
    const { schemaArn, datasetType = '' } = answer?.dataset ?? {};
    if (schemaArn && !known.includes(schemaArn)) {
      // A name fits into a tag, an ARN does not always.
      tags.push({ tagKey: TAG + datasetType.toLowerCase(), tagValue: nameOf(schemaArn) });
    }
  }
  if (tags.length > 0) await client.send(new TagResourceCommand({ resourceArn: datasetGroupArn, tags }));
}

/** ARNs of the schemas that are written down. */
export async function rememberedSchemas(
  client: PersonalizeClient,
  datasetGroupArn: string,
): Promise<string[]> {
  const answer = await unlessGone(
    client.send(new ListTagsForResourceCommand({ resourceArn: datasetGroupArn })),
  );
  const base = datasetGroupArn.slice(0, datasetGroupArn.lastIndexOf(':'));
  return (answer?.tags ?? []).flatMap(({ tagKey = '', tagValue = '' }) =>
    tagKey.startsWith(TAG) ? [`${base}:schema/${tagValue}`] : [],
  );
}

const nameOf = (arn: string) => arn.slice(arn.indexOf('/') + 1);
