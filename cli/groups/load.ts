// Makes a dataset group of files: group, schemas, datasets, imports. What is there already is kept and used.
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import {
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateDatasetImportJobCommand,
  CreateSchemaCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeDatasetImportJobCommand,
  DescribeSchemaCommand,
} from '@aws-sdk/client-personalize';
import { DataJobFailed, readCsvFiles } from '@emotion-gallery/personalize-rules/csv';
import { parseSchema } from '@emotion-gallery/personalize-rules/schemas';
import { unlessGone } from '../../lambda/shared/personalize/life-cycle';
import type { Clients } from '../clients';
import { type Rim, UserError } from '../command';
import type { FileDescription } from '../data/describe';
import { type Kind, kindName } from '../data/kinds';
import { sizeOf } from '../files';
import { both } from '../text';
import { uploadFile } from '../upload-file';
import { findGroup, type Group } from './group';
import type { Place } from './place';
import { untilActive } from './settle';

type Used = Pick<Clients, 'personalize' | 's3'>;

export async function ensureGroup({ personalize }: Used, name: string, rim: Rim): Promise<Group> {
  const known = await findGroup(personalize, name);
  const arn =
    known?.arn ?? (await personalize.send(new CreateDatasetGroupCommand({ name }))).datasetGroupArn ?? '';
  await untilActive(
    `dataset group ${name}`,
    async () =>
      (await personalize.send(new DescribeDatasetGroupCommand({ datasetGroupArn: arn }))).datasetGroup,
    rim,
  );
  return { name, arn, arnBase: arn.slice(0, arn.lastIndexOf(':')) };
}

export interface Loaded {
  readonly dataset: string;
  readonly file: string;
  readonly rows: number;
  readonly datasetArn: string;
}

/** Starts nothing before the file is right by the schema that the dataset has. */
export async function loadFile(
  clients: Used,
  group: Group,
  place: Place,
  { file, kind, schema, rows }: FileDescription,
  rim: Rim,
): Promise<Loaded> {
  const { personalize, s3 } = clients;
  const datasetArn = await ensureDataset(clients, group, kind, schema, file, rim);
  const key = `imports/${kindName(kind)}-${rim.now()}/${basename(file)}`;
  await uploadFile(s3, { path: file, size: await sizeOf(file), bucket: place.bucket, key });
  const { datasetImportJobArn } = await personalize.send(
    new CreateDatasetImportJobCommand({
      jobName: `${group.name}-${kindName(kind)}-${rim.now()}`.slice(-63).replace(/^[-_]+/, ''),
      datasetArn,
      dataSource: { dataLocation: `s3://${place.bucket}/${key}` },
      roleArn: place.roleArn,
      importMode: 'FULL',
    }),
  );
  await untilActive(
    `import of ${file}`,
    async () =>
      (await personalize.send(new DescribeDatasetImportJobCommand({ datasetImportJobArn }))).datasetImportJob,
    rim,
    both(
      'Once the cause is gone, run the same command again: what was made already is used.',
      '원인을 없앤 뒤 같은 명령을 다시 실행하세요. 이미 만든 것은 그대로 씁니다.',
    ),
  );
  return { dataset: kindName(kind), file, rows, datasetArn };
}

async function ensureDataset(
  { personalize }: Used,
  group: Group,
  kind: Kind,
  document: object,
  file: string,
  rim: Rim,
): Promise<string> {
  const datasetArn = `${group.arnBase}:dataset/${group.name}/${kind}`;
  const look = async () =>
    (await unlessGone(personalize.send(new DescribeDatasetCommand({ datasetArn }))))?.dataset;
  const known = await look();
  if (known) {
    const { schema } = await personalize.send(new DescribeSchemaCommand({ schemaArn: known.schemaArn }));
    await check(file, schema?.schema ?? '');
    return datasetArn;
  }
  const name = `${group.name}-${kindName(kind)}`;
  const { schemaArn } = await personalize.send(
    new CreateSchemaCommand({
      name: `${name}-${rim.now().toString(36)}`.slice(-63),
      schema: JSON.stringify(document),
    }),
  );
  await personalize.send(
    new CreateDatasetCommand({
      name: name.slice(-63),
      datasetType: kind,
      datasetGroupArn: group.arn,
      schemaArn,
    }),
  );
  await untilActive(`dataset of ${kindName(kind)}`, look, rim);
  return datasetArn;
}

/** By the schema of the dataset that is there. */
async function check(file: string, schema: string): Promise<void> {
  try {
    await readCsvFiles(parseSchema(schema), [
      { name: basename(file), open: async () => createReadStream(file) },
    ]);
  } catch (error) {
    if (error instanceof DataJobFailed)
      throw new UserError(
        both(`${error.message}\nNothing was uploaded.`, `${error.message}\n아무것도 올리지 않았습니다.`),
      );
    throw error;
  }
}
