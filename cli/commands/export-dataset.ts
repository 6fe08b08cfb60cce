// export: writes a dataset as CSV into the gallery bucket, by a dataset export job.
import { CreateDatasetExportJobCommand, DescribeDatasetExportJobCommand } from '@aws-sdk/client-personalize';
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import { datasetOption, datasetTypeOf } from '../dataset-type';
import { GROUP_OPTIONS, readTarget } from '../target';
import { pollingInterval, waitFor } from '../wait-for';

export function exportDataset(clients: Pick<Clients, 'cloudFormation' | 'personalize'>): Command {
  return {
    name: 'export',
    summary: 'Exports a dataset as CSV into the gallery bucket and waits for it.',
    options: { ...GROUP_OPTIONS, dataset: datasetOption },
    async run(values, _, rim) {
      const target = await readTarget(clients.cloudFormation, values);
      const type = datasetTypeOf(values);
      const jobName = `export-${type.toLowerCase()}-${rim.now()}`;
      const path = `s3://${target.bucket}/personalize/exports/${jobName}/`;
      const { datasetExportJobArn } = await clients.personalize.send(
        new CreateDatasetExportJobCommand({
          jobName,
          datasetArn: target.datasetArn(type),
          ingestionMode: 'ALL',
          roleArn: target.deployment.output('PersonalizeRoleArn'),
          jobOutput: { s3DataDestination: { path } },
        }),
      );
      const job = await waitFor(
        {
          look: async () =>
            (await clients.personalize.send(new DescribeDatasetExportJobCommand({ datasetExportJobArn })))
              .datasetExportJob,
          isDone: (seen) => /ACTIVE|FAILED/.test(seen?.status ?? ''),
          tell: (seen) => `export of ${type.toLowerCase()}: ${seen?.status}`,
          everyMs: pollingInterval(process.env.AWS_ENDPOINT_URL),
        },
        rim,
      );
      if (job?.status !== 'ACTIVE') throw new UserError(`the export failed: ${job?.failureReason}`);
      return { text: `Exported to ${path}`, json: { path, datasetExportJobArn } };
    },
  };
}
