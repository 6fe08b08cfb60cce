// export: writes a dataset as CSV into the gallery bucket, by a dataset export job.
import { CreateDatasetExportJobCommand, DescribeDatasetExportJobCommand } from '@aws-sdk/client-personalize';
import type { Command } from '../command';
import { datasetOption, jobEnd, meantDataset } from '../jobs';
import { GROUP_OPTIONS, readTarget, type TargetClients } from '../target';

export function exportDataset(clients: TargetClients): Command {
  return {
    name: 'export',
    summary: 'Exports a dataset as CSV into the gallery bucket and waits for it.',
    options: { ...GROUP_OPTIONS, dataset: datasetOption },
    async run(values, _, rim) {
      const { personalize } = clients;
      const target = await readTarget(clients, values);
      const { name, datasetArn } = await meantDataset(personalize, target, values);
      const jobName = `export-${name}-${rim.now()}`;
      const path = `s3://${target.bucket}/personalize/exports/${jobName}/`;
      const { datasetExportJobArn } = await personalize.send(
        new CreateDatasetExportJobCommand({
          jobName,
          datasetArn,
          ingestionMode: 'ALL',
          roleArn: target.deployment.output('PersonalizeRoleArn'),
          jobOutput: { s3DataDestination: { path } },
        }),
      );
      const look = async () =>
        (await personalize.send(new DescribeDatasetExportJobCommand({ datasetExportJobArn })))
          .datasetExportJob;
      await jobEnd(`export of ${name}`, look, rim);
      return { text: `Exported to ${path}`, json: { path, datasetExportJobArn } };
    },
  };
}
