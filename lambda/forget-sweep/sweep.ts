// Has Amazon Personalize forget those who asked for it: each minute, all of them by one data deletion job, of which only a few may wait at
// a time. Everything is told by files and jobs of the same names, so whatever was interrupted is taken up by the next minute.
import { randomUUID } from 'node:crypto';
import {
  CreateDataDeletionJobCommand,
  DescribeDataDeletionJobCommand,
  type PersonalizeClient,
} from '@aws-sdk/client-personalize';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Logger } from '../shared/logger';
import { csvOf, JOBS_PREFIX, WAITING_PREFIX } from '../shared/personalize/forgotten-visitors';
import { unlessGone } from '../shared/personalize/life-cycle';

export interface SweepOptions {
  readonly personalize: Pick<PersonalizeClient, 'send'>;
  readonly s3: Pick<S3Client, 'send'>;
  readonly bucket: string;
  readonly datasetGroupArn: string;
  readonly roleArn: string;
  readonly logger: Pick<Logger, 'info'>;
  readonly now: () => number;
}

/** What of theirs was on its way when they asked has arrived by then. Milliseconds. */
const SETTLED_MS = 60_000;

/** @throws Error when a job has failed, after all else is done: another one is on its way, and the alarm rings. */
export async function sweep(options: SweepOptions): Promise<void> {
  const failures: string[] = [];
  for (const { key } of await list(options, JOBS_PREFIX)) failures.push(...(await follow(options, key)));
  await begin(options);
  if (failures.length > 0) throw new Error(`data deletion jobs failed: ${failures.join('; ')}`);
}

/** One job for all who wait. */
async function begin(options: SweepOptions): Promise<void> {
  const settled = options.now() - SETTLED_MS;
  const waiting = (await list(options, WAITING_PREFIX)).filter(({ since }) => since <= settled);
  if (waiting.length === 0) return;
  const visitorIds = waiting.map(({ key }) => key.slice(WAITING_PREFIX.length).replace(/\.csv$/, ''));
  const key = newKey();
  await put(options, key, csvOf(visitorIds));
  for (const each of waiting) await remove(options, each.key);
  await create(options, key);
}

/** Ends what a job's file stands for, or makes the job that it is for. @returns why the job has failed, if it has */
async function follow(options: SweepOptions, key: string): Promise<string[]> {
  const answer = await unlessGone(
    options.personalize.send(
      new DescribeDataDeletionJobCommand({ dataDeletionJobArn: arnOf(options, nameOf(key)) }),
    ),
  );
  const { status, numDeleted, failureReason } = answer?.dataDeletionJob ?? {};
  if (!answer) await create(options, key);
  else if (status === 'COMPLETED') {
    options.logger.info('visitors forgotten', { job: nameOf(key), records: numDeleted });
    await remove(options, key);
  } else if (status === 'FAILED') {
    const { Body } = await options.s3.send(new GetObjectCommand({ Bucket: options.bucket, Key: key }));
    await put(options, newKey(), (await Body?.transformToString()) ?? '');
    await remove(options, key);
    return [`${nameOf(key)} (${failureReason})`];
  }
  return [];
}

/** Of another job: two that are made in one sweep must not have one file. */
const newKey = (): string => `${JOBS_PREFIX}forget-${randomUUID()}.csv`;

const nameOf = (key: string): string => key.slice(JOBS_PREFIX.length).replace(/\.csv$/, '');

const arnOf = ({ datasetGroupArn }: SweepOptions, name: string): string =>
  datasetGroupArn.replace(/:dataset-group\/.*$/, `:data-deletion-job/${name}`);

async function create(options: SweepOptions, key: string): Promise<void> {
  const { personalize, bucket, datasetGroupArn, roleArn, logger } = options;
  try {
    await personalize.send(
      new CreateDataDeletionJobCommand({
        ...{ jobName: nameOf(key), datasetGroupArn, roleArn },
        dataSource: { dataLocation: `s3://${bucket}/${key}` },
      }),
    );
  } catch (error) {
    // Too many wait, or the group is not ready: the next minute tries again.
    const name = (error as Error).name;
    if (
      !['LimitExceededException', 'ResourceInUseException', 'ResourceAlreadyExistsException'].includes(name)
    )
      throw error;
    logger.info('a data deletion job has to wait', { reason: name });
  }
}

async function list({ s3, bucket }: SweepOptions, Prefix: string): Promise<{ key: string; since: number }[]> {
  // More than a thousand at a time are left to the next minute.
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
  return Contents.map(({ Key = '', LastModified }) => ({ key: Key, since: LastModified?.getTime() ?? 0 }));
}

async function put({ s3, bucket }: SweepOptions, Key: string, Body: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType: 'text/csv' }));
}

async function remove({ s3, bucket }: SweepOptions, Key: string): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
}
