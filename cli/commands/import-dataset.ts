// import: checks a CSV file against the dataset's schema, row by row, and only then uploads it and runs an import job. The check is the
// one of Amazon Personalize on localhost, so that a fault is found here, with its line, instead of after the upload.
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  CreateDatasetImportJobCommand,
  DescribeDatasetCommand,
  DescribeDatasetImportJobCommand,
  DescribeSchemaCommand,
} from '@aws-sdk/client-personalize';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DataJobFailed, openDatasetGroup, parseSchema } from '../../packages/personalize-local/src/data';
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import { datasetOption, datasetTypeOf, type GalleryDataset } from '../dataset-type';
import { DEPLOYMENT_OPTIONS } from '../deployment';
import { readTarget } from '../target';
import { pollingInterval, waitFor } from '../wait-for';

type Used = Pick<Clients, 'cloudFormation' | 'personalize' | 's3'>;

export function importDataset(clients: Used): Command {
  return {
    name: 'import',
    summary: 'Checks a CSV file row by row, uploads it and imports it into a dataset.',
    positionals: ['FILE'],
    options: {
      ...DEPLOYMENT_OPTIONS,
      dataset: datasetOption,
      incremental: { type: 'boolean', description: 'add to the bulk data instead of replacing it' },
    },
    async run(values, [file = ''], rim) {
      const type = datasetTypeOf(values);
      const { size } = await stat(file).catch((error: NodeJS.ErrnoException) => {
        throw new UserError(`cannot read ${file}: ${error.code}`);
      });
      const target = await readTarget(clients.cloudFormation, values);
      const datasetArn = target.datasetArn(type);
      rim.progress(`checking ${file} (${(size / 1e6).toFixed(1)} MB)`);
      const records = await checkCsv(file, type, await schemaOf(clients.personalize, datasetArn));
      const jobName = `import-${type.toLowerCase()}-${rim.now()}`;
      const key = `personalize/imports/${jobName}/${basename(file)}`;
      rim.progress(`uploading ${records} records`);
      await clients.s3.send(
        new PutObjectCommand({
          Bucket: target.bucket,
          Key: key,
          Body: createReadStream(file),
          ContentLength: size,
        }),
      );
      const { datasetImportJobArn } = await clients.personalize.send(
        new CreateDatasetImportJobCommand({
          jobName,
          datasetArn,
          dataSource: { dataLocation: `s3://${target.bucket}/${key}` },
          roleArn: target.deployment.output('PersonalizeRoleArn'),
          importMode: values.incremental ? 'INCREMENTAL' : 'FULL',
        }),
      );
      const job = await waitFor(
        {
          look: async () =>
            (await clients.personalize.send(new DescribeDatasetImportJobCommand({ datasetImportJobArn })))
              .datasetImportJob,
          isDone: (seen) => /ACTIVE|FAILED/.test(seen?.status ?? ''),
          tell: (seen) => `import into ${type.toLowerCase()}: ${seen?.status}`,
          everyMs: pollingInterval(process.env.AWS_ENDPOINT_URL),
        },
        rim,
      );
      if (job?.status !== 'ACTIVE') throw new UserError(`the import failed: ${job?.failureReason}`);
      return { text: `Imported ${records} records of ${file}.`, json: { records, datasetImportJobArn } };
    },
  };
}

async function schemaOf(client: Clients['personalize'], datasetArn: string): Promise<string> {
  const { dataset } = await client.send(new DescribeDatasetCommand({ datasetArn }));
  const { schema } = await client.send(new DescribeSchemaCommand({ schemaArn: dataset?.schemaArn }));
  return schema?.schema ?? '';
}

/** Imports into a dataset group of its own in a temporary folder. @throws UserError naming the first faulty rows */
async function checkCsv(file: string, type: GalleryDataset, schema: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'gallery-import-'));
  try {
    const group = await openDatasetGroup(folder);
    try {
      await group.ensureDataset(type, parseSchema(schema));
      const source = { name: basename(file), open: async () => createReadStream(file) };
      return (await group.importCsv(type, 'FULL', [source])).records;
    } finally {
      await group.close();
    }
  } catch (error) {
    if (error instanceof DataJobFailed) throw new UserError(`${error.message}\nNothing was uploaded.`);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
