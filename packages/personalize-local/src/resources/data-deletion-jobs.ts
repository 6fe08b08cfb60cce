// Data deletion jobs: forget the users that CSV files name. Their statuses differ from all others.

import {
  MAX_DELETION_BYTES,
  MOST_DELETION_JOBS_PENDING,
  TOO_MANY_UNDER_WAY,
} from '@emotion-gallery/personalize-rules/limits';
import { csvFilesAt, readUserIds } from '../data';
import { invalidInput } from '../protocol/errors';
import type {
  CreateDataDeletionJobRequest,
  DescribeDataDeletionJobRequest,
  ListDataDeletionJobsRequest,
} from '../protocol/requests';
import type { Context } from './context';
import { findActiveGroup } from './dataset-groups';
import { JOB_MS, PENDING_MS } from './durations';
import { lifeCycle } from './life-cycles';
import { findResource, newRecord, requireNewArn, requireRoom, save } from './lookup';
import { page } from './pagination';

const failed = (_job: unknown, failureReason: string) => ({ status: 'FAILED', failureReason });

export const dataDeletionJobLifeCycle = lifeCycle('data-deletion-job', {
  PENDING: { afterMs: PENDING_MS, take: () => ({ status: 'IN_PROGRESS' }), failed },
  IN_PROGRESS: {
    afterMs: JOB_MS,
    take: async (job, context) => {
      const identity = { roleArn: job.roleArn, sourceArn: job.arn };
      const files = await csvFilesAt(context.objectStore, identity, job.dataSource.dataLocation ?? '', {
        datasetType: 'USERS',
        recursive: true,
        mostBytes: MAX_DELETION_BYTES,
      });
      const users = await readUserIds(files);
      const data = context.data.of(findResource(context, 'dataset-group', job.datasetGroupArn));
      return { status: 'COMPLETED', numDeleted: await data.deleteUsers(users) };
    },
    failed,
  },
});

export const dataDeletionJobOperations = {
  CreateDataDeletionJob(input: CreateDataDeletionJobRequest, context: Context) {
    const { jobName, datasetGroupArn, dataSource, roleArn } = input;
    if (dataSource.dataLocation === undefined) throw invalidInput('dataSource.dataLocation is required.');
    findActiveGroup(context, datasetGroupArn, 'delete data');
    const arn = context.arns.of('data-deletion-job', jobName);
    requireNewArn(context, arn);
    const pending = context.store
      .all('data-deletion-job')
      .filter((job) => job.datasetGroupArn === datasetGroupArn && job.status === 'PENDING');
    requireRoom(
      context,
      pending.length,
      MOST_DELETION_JOBS_PENDING,
      TOO_MANY_UNDER_WAY(MOST_DELETION_JOBS_PENDING),
    );
    save(context, {
      ...newRecord(context, 'data-deletion-job', arn, input.tags),
      dataDeletionJobArn: arn,
      jobName,
      datasetGroupArn,
      dataSource,
      roleArn,
      status: 'PENDING',
    });
    return { dataDeletionJobArn: arn };
  },

  DescribeDataDeletionJob(input: DescribeDataDeletionJobRequest, context: Context) {
    return { dataDeletionJob: findResource(context, 'data-deletion-job', input.dataDeletionJobArn) };
  },

  ListDataDeletionJobs(input: ListDataDeletionJobsRequest, context: Context) {
    const { datasetGroupArn } = input;
    const jobs = context.store
      .all('data-deletion-job')
      .filter((job) => datasetGroupArn === undefined || job.datasetGroupArn === datasetGroupArn);
    const { records, nextToken } = page(jobs, input, ['ListDataDeletionJobs', datasetGroupArn]);
    return { dataDeletionJobs: records, nextToken };
  },
};
