// import: checks a CSV file against the dataset's schema, row by row, and only then uploads it and runs an import job, so
// that a fault is found here, with its line, instead of after the upload.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  CreateDatasetImportJobCommand,
  DescribeDatasetCommand,
  DescribeDatasetImportJobCommand,
  DescribeSchemaCommand,
} from '@aws-sdk/client-personalize';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DataJobFailed, readCsvFiles } from '@emotion-gallery/personalize-rules/csv';
import { parseSchema } from '@emotion-gallery/personalize-rules/schemas';
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import { datasetOption, datasetTypeOf } from '../dataset-type';
import { GROUP_OPTIONS, readTarget } from '../target';
import { pollingInterval, waitFor } from '../wait-for';

type Used = Pick<Clients, 'cloudFormation' | 'personalize' | 's3'>;

export function importDataset(clients: Used): Command {
  return {
    name: 'import',
    summary: 'Checks a CSV file row by row, uploads it and imports it into a dataset.',
    positionals: ['FILE'],
    options: {
      ...GROUP_OPTIONS,
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
      const records = await checkCsv(file, await schemaOf(clients.personalize, datasetArn));
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

/** @throws UserError naming the first faulty rows */
async function checkCsv(file: string, schema: string): Promise<number> {
  const source = { name: basename(file), open: async () => createReadStream(file) };
  try {
    return (await readCsvFiles(parseSchema(schema), [source])).records;
  } catch (error) {
    if (error instanceof DataJobFailed) throw new UserError(`${error.message}\nNothing was uploaded.`);
    throw error;
  }
}
