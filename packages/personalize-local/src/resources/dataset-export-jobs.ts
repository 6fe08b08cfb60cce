// Export jobs: a dataset as a CSV file in S3.

import { Readable } from 'node:stream';
import { DataJobFailed } from '@emotion-gallery/personalize-rules/csv';
import type {
  CreateDatasetExportJobRequest,
  DescribeDatasetExportJobRequest,
  ListDatasetExportJobsRequest,
} from '../protocol/requests';
import type { DatasetExportJobRecord } from '../state/records';
import type { Context } from './context';
import { findActiveDataset } from './datasets';
import { JOB_MS } from './durations';
import { creation, lifeCycle } from './life-cycles';
import { findResource, newRecord, requireNewArn, save } from './lookup';
import { page } from './pagination';
import { folderKey, parseS3Location, withS3Failures } from './s3-location';

const INVALID_LOCATION = 'Invalid Data location.';

export const datasetExportJobLifeCycle = lifeCycle('dataset-export-job', {
  ...creation<'dataset-export-job'>({
    afterMs: JOB_MS,
    take: async (job, context) => {
      await writeExport(job, context);
      return { status: 'ACTIVE' };
    },
  }),
});

async function writeExport(job: DatasetExportJobRecord, context: Context): Promise<void> {
  const dataset = findResource(context, 'dataset', job.datasetArn);
  const data = context.data.of(findResource(context, 'dataset-group', dataset.datasetGroupArn));
  const location = parseS3Location(job.jobOutput.s3DataDestination.path);
  if (!location) throw new DataJobFailed(INVALID_LOCATION);
  const key = `${folderKey(location)}${job.jobName}/${dataset.datasetType.toLowerCase()}.csv`;
  const identity = { roleArn: job.roleArn, sourceArn: job.arn };
  const csv = Readable.from(data.exportCsv(dataset.datasetType, job.ingestionMode));
  await withS3Failures(
    INVALID_LOCATION,
    () => context.objectStore.write(identity, location.bucket, key, csv),
    `Failed to create a data export job for ${dataset.datasetType} dataset. `,
  );
}

export const datasetExportJobOperations = {
  CreateDatasetExportJob(input: CreateDatasetExportJobRequest, context: Context) {
    const { jobName, datasetArn, ingestionMode = 'PUT', roleArn, jobOutput } = input;
    findActiveDataset(context, datasetArn, 'be exported');
    const arn = context.arns.of('dataset-export-job', jobName);
    requireNewArn(context, arn);
    save(context, {
      ...newRecord(context, 'dataset-export-job', arn, input.tags),
      datasetExportJobArn: arn,
      jobName,
      datasetArn,
      ingestionMode,
      roleArn,
      jobOutput,
      status: 'CREATE PENDING',
    });
    return { datasetExportJobArn: arn };
  },

  DescribeDatasetExportJob(input: DescribeDatasetExportJobRequest, context: Context) {
    return { datasetExportJob: findResource(context, 'dataset-export-job', input.datasetExportJobArn) };
  },

  ListDatasetExportJobs(input: ListDatasetExportJobsRequest, context: Context) {
    const { datasetArn } = input;
    const jobs = context.store
      .all('dataset-export-job')
      .filter((job) => datasetArn === undefined || job.datasetArn === datasetArn);
    const { records, nextToken } = page(jobs, input, ['ListDatasetExportJobs', datasetArn]);
    return { datasetExportJobs: records, nextToken };
  },
};
