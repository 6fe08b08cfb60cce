// The account behind the app, as its administrator sees it: what is stored, and what Amazon Personalize holds.
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import {
  CreateDatasetExportJobCommand,
  DescribeCampaignCommand,
  DescribeDatasetExportJobCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { GetRecommendationsCommand, PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { parse } from 'csv-parse/sync';
import { REGION } from '../../../local/start/account';
import { accessOf, type Ready } from '../../../local/start/ready';

const JOB_PATIENCE_MS = 120_000;

/** Settings of an SDK client for the endpoint, as the account's administrator. */
export function administrator(ready: Pick<Ready, 'awsEndpoint' | 'credentials'>) {
  return { ...accessOf(ready), region: REGION };
}

/** An output of any stack. */
export function output({ outputs }: Pick<Ready, 'outputs'>, name: string): string {
  const value = Object.values(outputs).find((stack) => name in stack)?.[name];
  if (value === undefined) throw new Error(`no stack has the output ${name}`);
  return value;
}

/** A like or unlike, the same in the table and in the dataset. */
export interface StoredLike {
  readonly userId: string;
  readonly itemId: string;
  readonly eventType: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
}

/** One text a like, in an order that does not depend on where it is from. */
export function comparable(likes: readonly StoredLike[]): string[] {
  return likes
    .map(({ userId, itemId, eventType, timestamp }) => `${userId} ${itemId} ${eventType} ${timestamp}`)
    .sort();
}

export class Account {
  private readonly dynamodb: DynamoDBClient;
  private readonly personalize: PersonalizeClient;
  private readonly runtime: PersonalizeRuntimeClient;
  private readonly s3: S3Client;

  constructor(private readonly ready: Pick<Ready, 'awsEndpoint' | 'credentials' | 'outputs'>) {
    const client = administrator(ready);
    this.dynamodb = new DynamoDBClient(client);
    this.personalize = new PersonalizeClient(client);
    this.runtime = new PersonalizeRuntimeClient(client);
    this.s3 = new S3Client({ ...client, forcePathStyle: true });
  }

  close(): void {
    for (const client of [this.dynamodb, this.personalize, this.runtime, this.s3]) client.destroy();
  }

  /** All rows of the table that an output names. */
  async rows(tableOutput: string): Promise<Record<string, unknown>[]> {
    const rows: Record<string, unknown>[] = [];
    const TableName = output(this.ready, tableOutput);
    for await (const page of paginateScan({ client: this.dynamodb }, { TableName, ConsistentRead: true })) {
      rows.push(...(page.Items ?? []).map((row) => unmarshall(row)));
    }
    return rows;
  }

  /** The likes table. */
  async storedLikes(): Promise<StoredLike[]> {
    const rows = await this.rows('LikesTableName');
    return rows.map(({ visitorId, itemId, liked, occurredAt }) => ({
      userId: String(visitorId),
      itemId: String(itemId),
      eventType: liked ? 'like' : 'unlike',
      timestamp: Math.floor(Date.parse(String(occurredAt)) / 1000),
    }));
  }

  /** Amazon Personalize's interactions dataset, by an export job. */
  async datasetLikes(): Promise<StoredLike[]> {
    const rows = await this.exportDataset('INTERACTIONS');
    return rows.map(({ USER_ID, ITEM_ID, EVENT_TYPE, TIMESTAMP }) => ({
      userId: String(USER_ID),
      itemId: String(ITEM_ID),
      eventType: String(EVENT_TYPE),
      timestamp: Number(TIMESTAMP),
    }));
  }

  /** A dataset's rows. Rejects when the export job fails. */
  async exportDataset(type: 'INTERACTIONS' | 'ITEMS' | 'USERS'): Promise<Record<string, string>[]> {
    const group = output(this.ready, 'DatasetGroupArn');
    const Bucket = output(this.ready, 'BucketName');
    const jobName = `test-${type.toLowerCase()}-${Date.now()}`;
    const prefix = 'personalize/exports/';
    const { datasetExportJobArn } = await this.personalize.send(
      new CreateDatasetExportJobCommand({
        jobName,
        datasetArn: `${group.replace(':dataset-group/', ':dataset/')}/${type}`,
        ingestionMode: 'ALL',
        roleArn: output(this.ready, 'PersonalizeRoleArn'),
        jobOutput: { s3DataDestination: { path: `s3://${Bucket}/${prefix}` } },
      }),
    );
    await this.untilActive(String(datasetExportJobArn));
    const Key = `${prefix}${jobName}/${type.toLowerCase()}.csv`;
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket, Key }));
    return parse((await Body?.transformToString()) ?? '', { columns: true }) as Record<string, string>[];
  }

  /** What Amazon Personalize itself recommends of all pictures, without or with one of the gallery's filters. */
  async recommended(userId: string, filter?: 'in-gallery'): Promise<string[]> {
    const { itemList = [] } = await this.runtime.send(
      new GetRecommendationsCommand({
        ...{ campaignArn: this.arnOf('campaign', 'personal'), userId, numResults: 500 },
        ...(filter && { filterArn: this.arnOf('filter', filter) }),
      }),
    );
    return itemList.map(({ itemId }) => String(itemId));
  }

  private arnOf(kind: 'campaign' | 'filter', name: string): string {
    return `${output(this.ready, 'DatasetGroupArn').replace(':dataset-group/', `:${kind}/`)}-${name}`;
  }

  /** The solution version that a campaign of the gallery serves. */
  async servedVersion(model: 'personal' | 'similar' | 'ranking'): Promise<string | undefined> {
    const campaignArn = this.arnOf('campaign', model);
    const { campaign } = await this.personalize.send(new DescribeCampaignCommand({ campaignArn }));
    return campaign?.solutionVersionArn;
  }

  private async untilActive(datasetExportJobArn: string): Promise<void> {
    const end = Date.now() + JOB_PATIENCE_MS;
    for (;;) {
      const { datasetExportJob } = await this.personalize.send(
        new DescribeDatasetExportJobCommand({ datasetExportJobArn }),
      );
      if (datasetExportJob?.status === 'ACTIVE') return;
      if (datasetExportJob?.status?.includes('FAILED')) throw new Error(datasetExportJob.failureReason);
      if (Date.now() > end) throw new Error(`${datasetExportJobArn} is still ${datasetExportJob?.status}`);
      await sleep(250);
    }
  }
}
