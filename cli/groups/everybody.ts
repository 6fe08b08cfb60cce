// Everybody who is in a dataset group, or every item: the ids of its interactions, imported and streamed, by a dataset export job.
import { CreateDatasetExportJobCommand, DescribeDatasetExportJobCommand } from '@aws-sdk/client-personalize';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { CsvTokenizer } from '@emotion-gallery/personalize-rules/csv';
import type { Clients } from '../clients';
import { type Rim, UserError } from '../command';
import { both } from '../text';
import type { Group } from './group';
import type { Place } from './place';
import { untilActive } from './settle';

type Used = Pick<Clients, 'personalize' | 's3'>;

/** @returns each id once. @throws UserError when the export failed, or there is none */
export async function everybody(
  { personalize, s3 }: Used,
  group: Group,
  { bucket, roleArn }: Place,
  column: 'USER_ID' | 'ITEM_ID',
  rim: Rim,
): Promise<string[]> {
  const folder = `exports/interactions-${rim.now()}/`;
  const { datasetExportJobArn } = await personalize.send(
    new CreateDatasetExportJobCommand({
      jobName: `${group.name}-everybody-${rim.now()}`.slice(-63).replace(/^[-_]+/, ''),
      datasetArn: `${group.arnBase}:dataset/${group.name}/INTERACTIONS`,
      ingestionMode: 'ALL',
      roleArn,
      jobOutput: { s3DataDestination: { path: `s3://${bucket}/${folder}` } },
    }),
  );
  await untilActive(
    `export of the interactions of ${group.name}`,
    async () =>
      (await personalize.send(new DescribeDatasetExportJobCommand({ datasetExportJobArn }))).datasetExportJob,
    rim,
  );
  const ids = new Set<string>();
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: s3 },
    { Bucket: bucket, Prefix: folder },
  )) {
    for (const { Key = '' } of Contents) {
      if (Key.endsWith('.csv')) await addIds(s3, bucket, Key, column, ids);
    }
  }
  if (ids.size === 0)
    throw new UserError(
      both(
        `${group.name} has no interactions: there is nobody to answer for`,
        `${group.name}에 상호작용이 없어 추천할 사람이 없습니다`,
      ),
    );
  return [...ids];
}

async function addIds(
  s3: Used['s3'],
  Bucket: string,
  Key: string,
  column: string,
  ids: Set<string>,
): Promise<void> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  let at: number | undefined;
  const tokenizer = new CsvTokenizer((cells) => {
    if (at === undefined) at = cells.indexOf(column);
    else if (cells[at]) ids.add(cells[at] as string);
  });
  const decoder = new TextDecoder();
  for await (const chunk of Body as AsyncIterable<Uint8Array>) {
    tokenizer.push(decoder.decode(chunk, { stream: true }));
  }
  tokenizer.end();
}
