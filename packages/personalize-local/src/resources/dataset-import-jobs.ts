// Import jobs: CSV files from S3 into a dataset.

import {
  MAX_IMPORT_BYTES,
  MOST_IMPORT_JOBS_UNDER_WAY,
  TOO_MANY_UNDER_WAY,
} from '@emotion-gallery/personalize-rules/limits';
import { csvFilesAt } from '../data';
import { invalidInput } from '../protocol/errors';
import type {
  CreateDatasetImportJobRequest,
  DescribeDatasetImportJobRequest,
  ListDatasetImportJobsRequest,
} from '../protocol/requests';
import { AttributionReport } from './attribution-report';
import type { Context } from './context';
import { JOB_MS } from './durations';
import { creation, lifeCycle } from './life-cycles';
import {
  findResource,
  isUnderWay,
  newRecord,
  requireNewArn,
  requireRoom,
  requireStatus,
  save,
} from './lookup';
import { page } from './pagination';

export const datasetImportJobLifeCycle = lifeCycle('dataset-import-job', {
  ...creation<'dataset-import-job'>({
    afterMs: JOB_MS,
    take: async (job, context) => {
      const startedAt = context.clock.elapsed();
      const dataset = findResource(context, 'dataset', job.datasetArn);
      const { datasetType, datasetGroupArn } = dataset;
      const data = context.data.of(findResource(context, 'dataset-group', datasetGroupArn));
      const identity = { roleArn: job.roleArn, sourceArn: job.arn };
      const location = job.dataSource.dataLocation ?? '';
      const files = await csvFilesAt(context.objectStore, identity, location, {
        datasetType,
        mostBytes: MAX_IMPORT_BYTES[job.importMode],
      });
      const report = AttributionReport.of(context, job, dataset, data);
      const { records } = await data.importCsv(
        datasetType,
        job.importMode,
        files,
        report && ((interaction) => report.add(interaction)),
      );
      await report?.publish(job);
      const dimensions = { DatasetArn: job.datasetArn };
      context.putMetric(
        'DatasetImportJobExecutionTime',
        context.clock.elapsed() - startedAt,
        'Milliseconds',
        dimensions,
      );
      context.putMetric('DatasetSize', records, 'Count', dimensions);
      return { status: 'ACTIVE' };
    },
  }),
});

export const datasetImportJobOperations = {
  CreateDatasetImportJob(input: CreateDatasetImportJobRequest, context: Context) {
    const { jobName, datasetArn, dataSource, roleArn, importMode = 'FULL' } = input;
    // The model leaves roleArn optional; the guide says that a job needs one.
    if (roleArn === undefined) throw invalidInput('roleArn is required to read the data from Amazon S3.');
    if (dataSource.dataLocation === undefined) throw invalidInput('dataSource.dataLocation is required.');
    const dataset = findResource(context, 'dataset', datasetArn);
    // As recorded, a job can be made right after its dataset; it waits longer than the dataset takes.
    requireStatus(dataset, ['ACTIVE', 'CREATE PENDING', 'CREATE IN_PROGRESS'], 'import data');
    const group = findResource(context, 'dataset-group', dataset.datasetGroupArn);
    if (importMode === 'INCREMENTAL' && !context.data.of(group).hasBulkImport(dataset.datasetType)) {
      throw invalidInput('The first import job of a dataset must have the import mode FULL.');
    }
    const arn = context.arns.of('dataset-import-job', jobName);
    requireNewArn(context, arn);
    requireRoom(
      context,
      context.store.all('dataset-import-job').filter(({ status }) => isUnderWay(status)).length,
      MOST_IMPORT_JOBS_UNDER_WAY,
      TOO_MANY_UNDER_WAY(MOST_IMPORT_JOBS_UNDER_WAY),
    );
    save(context, {
      ...newRecord(context, 'dataset-import-job', arn, input.tags),
      datasetImportJobArn: arn,
      jobName,
      datasetArn,
      dataSource,
      roleArn,
      importMode,
      publishAttributionMetricsToS3: input.publishAttributionMetricsToS3,
      status: 'CREATE PENDING',
    });
    context.putMetric('DatasetImportJobRequests', 1, 'Count', { DatasetArn: datasetArn });
    return { datasetImportJobArn: arn };
  },

  DescribeDatasetImportJob(input: DescribeDatasetImportJobRequest, context: Context) {
    return { datasetImportJob: findResource(context, 'dataset-import-job', input.datasetImportJobArn) };
  },

  ListDatasetImportJobs(input: ListDatasetImportJobsRequest, context: Context) {
    const { datasetArn } = input;
    const jobs = context.store
      .all('dataset-import-job')
      .filter((job) => datasetArn === undefined || job.datasetArn === datasetArn);
    const { records, nextToken } = page(jobs, input, ['ListDatasetImportJobs', datasetArn]);
    return { datasetImportJobs: records, nextToken };
  },
};
