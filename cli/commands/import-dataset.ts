// import: checks a CSV file against the dataset's schema, row by row, and only then uploads it and runs an import job, so
// that a fault is found here, with its line, instead of after the upload.
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { CreateDatasetImportJobCommand, DescribeDatasetImportJobCommand } from '@aws-sdk/client-personalize';
import { DataJobFailed, readCsvFiles } from '@emotion-gallery/personalize-rules/csv';
import { parseSchema } from '@emotion-gallery/personalize-rules/schemas';
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import { sizeOf } from '../files';
import { datasetOption, jobEnd, meantDataset, typeOf } from '../jobs';
import { GROUP_OPTIONS, readTarget, type TargetClients } from '../target';
import { uploadFile } from '../upload-file';

export function importDataset(clients: TargetClients & Pick<Clients, 's3'>): Command {
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
      const { personalize } = clients;
      typeOf(values);
      const size = await sizeOf(file);
      const target = await readTarget(clients, values);
      const { name, datasetArn, schema } = await meantDataset(personalize, target, values);
      rim.progress(`checking ${file} (${(size / 1e6).toFixed(1)} MB)`);
      const records = await checkCsv(file, schema);
      const jobName = `import-${name}-${rim.now()}`;
      const key = `personalize/imports/${jobName}/${basename(file)}`;
      rim.progress(`uploading ${records} records`);
      await uploadFile(clients.s3, { path: file, size, bucket: target.bucket, key });
      const { datasetImportJobArn } = await personalize.send(
        new CreateDatasetImportJobCommand({
          jobName,
          datasetArn,
          dataSource: { dataLocation: `s3://${target.bucket}/${key}` },
          roleArn: target.deployment.output('PersonalizeRoleArn'),
          importMode: values.incremental ? 'INCREMENTAL' : 'FULL',
        }),
      );
      const look = async () =>
        (await personalize.send(new DescribeDatasetImportJobCommand({ datasetImportJobArn })))
          .datasetImportJob;
      await jobEnd(`import into ${name}`, look, rim);
      return { text: `Imported ${records} records of ${file}.`, json: { records, datasetImportJobArn } };
    },
  };
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
