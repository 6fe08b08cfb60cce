// After a deployment: a like through the site, until Amazon Personalize has it; and then everything about it is taken away again.
import { randomUUID } from 'node:crypto';
import { DeleteItemCommand, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateDataDeletionJobCommand,
  CreateDatasetExportJobCommand,
  DescribeDatasetExportJobCommand,
} from '@aws-sdk/client-personalize';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { ImagesResponse, VisitorResponse } from '../../lambda/shared/contract/schemas';
import { shardName } from '../../lambda/shared/data/totals';
import { verifyPrefix } from '../../lib/constructs/gallery-bucket';
import { type Check, check, type Finding, fails, ok, unknown } from '../checks';
import type { Clients } from '../clients';
import type { Rim } from '../command';
import type { Target } from '../target';
import { pollingInterval, waitFor } from '../wait-for';

type Used = Pick<Clients, 'dynamodb' | 'personalize' | 's3'>;

export interface LikeCheckProps {
  readonly clients: Used;
  readonly target: Target;
  /** Without a slash at the end. */
  readonly site: string;
  /** Without the export, which takes Amazon Personalize some minutes. */
  readonly quick: boolean;
  readonly rim: Rim;
}

export async function likeChecks(props: LikeCheckProps): Promise<Check[]> {
  let visitor: VisitorResponse | undefined;
  const checks = [
    await check('like', async () => {
      visitor = await call<VisitorResponse>(props.site, '/api/visitors', { locale: 'en' });
      return like(props.site, visitor);
    }),
  ];
  const { visitorId } = visitor ?? {};
  if (!visitorId) return checks;
  const isAccepted = checks[0]?.outcome === 'ok';
  if (isAccepted) checks.push(await check('like in Amazon Personalize', () => exported(props, visitorId)));
  checks.push(await check('clean-up', () => forget(props, visitorId, isAccepted)));
  return checks;
}

async function call<T>(site: string, path: string, body?: object, token?: string): Promise<T> {
  const answer = await fetch(site + path, {
    method: body ? 'POST' : 'GET',
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok)
    throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  return (await answer.json()) as T;
}

async function like(site: string, { token }: VisitorResponse): Promise<Finding> {
  const { images } = await call<ImagesResponse>(site, '/api/images?limit=1', undefined, token);
  const [image] = images;
  if (!image) return unknown('the gallery has no picture yet', 'Put one under emotions/ and verify again.');
  const event = {
    eventId: randomUUID(),
    itemId: image.itemId,
    liked: true,
    impression: [image.itemId],
    occurredAt: new Date().toISOString(),
  };
  await call(site, '/api/likes', { sessionId: randomUUID(), likes: [event] }, token);
  return ok(`a visitor was welcomed, and the like of ${image.itemId} accepted`);
}

/** How long a streamed event takes to be exported is documented nowhere: so many exports, each of minutes on AWS, are waited for. */
const EXPORTS = 3;

async function exported(props: LikeCheckProps, visitorId: string): Promise<Finding> {
  if (props.quick) return unknown('not looked for', 'Verify without --quick.');
  for (let attempt = 1; attempt <= EXPORTS; attempt += 1) {
    const finding = await exportedOnce(props, visitorId);
    if (finding) return finding;
  }
  return fails(`${EXPORTS} exports of the interactions lack it`, 'See the runbook, "given-up-likes".');
}

/** @returns nothing when the export lacks the like */
async function exportedOnce(
  { clients, target, rim }: LikeCheckProps,
  visitorId: string,
): Promise<Finding | undefined> {
  const jobName = `verify-${rim.now()}`;
  const prefix = `${verifyPrefix}${jobName}/`;
  const { datasetExportJobArn } = await clients.personalize.send(
    new CreateDatasetExportJobCommand({
      jobName,
      datasetArn: target.datasetArn('INTERACTIONS'),
      ingestionMode: 'PUT',
      roleArn: target.deployment.output('PersonalizeRoleArn'),
      jobOutput: { s3DataDestination: { path: `s3://${target.bucket}/${prefix}` } },
    }),
  );
  const job = await waitFor(
    {
      look: async () =>
        (await clients.personalize.send(new DescribeDatasetExportJobCommand({ datasetExportJobArn })))
          .datasetExportJob,
      isDone: (seen) => /ACTIVE|FAILED/.test(seen?.status ?? ''),
      tell: (seen) => `export of the interactions: ${seen?.status}`,
      everyMs: pollingInterval(process.env.AWS_ENDPOINT_URL),
    },
    rim,
  );
  if (job?.status !== 'ACTIVE')
    return fails(`the export failed: ${job?.failureReason}`, 'See the runbook, "training-failed".');
  const isThere = await removeLookingFor(clients.s3, target.bucket, prefix, visitorId);
  return isThere ? ok('the export of the interactions has it') : undefined;
}

/** Whether an object under the prefix has the text; deletes all of them. */
async function removeLookingFor(
  s3: Used['s3'],
  Bucket: string,
  Prefix: string,
  text: string,
): Promise<boolean> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  let isThere = false;
  for (const { Key } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    isThere ||= (await Body?.transformToString())?.includes(text) === true;
  }
  if (Contents.length > 0) {
    await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: Contents.map(({ Key }) => ({ Key })) } }),
    );
  }
  return isThere;
}

/** Takes the visitor and the like out of the tables and the totals, and asks Amazon Personalize to forget the user. */
async function forget(
  { clients, target, rim }: LikeCheckProps,
  visitorId: string,
  hasLiked: boolean,
): Promise<Finding> {
  const table = (name: string) => target.deployment.output(`${name}TableName`);
  const { Items = [] } = await clients.dynamodb.send(
    new QueryCommand({
      TableName: table('Likes'),
      KeyConditionExpression: 'visitorId = :visitor',
      ExpressionAttributeValues: marshall({ ':visitor': visitorId }),
    }),
  );
  const likes = Items.map((item) => unmarshall(item));
  if (likes.length > 0) {
    await clients.dynamodb.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          ...likes.map(({ eventId }) => ({
            Delete: { TableName: table('Likes'), Key: marshall({ visitorId, eventId }) },
          })),
          { Delete: { TableName: table('Visitors'), Key: marshall({ visitorId }) } },
          {
            Update: {
              TableName: table('Totals'),
              Key: marshall({ shard: shardName(0) }),
              UpdateExpression: 'ADD interactions :likes, #users :users',
              ExpressionAttributeNames: { '#users': 'users' },
              ExpressionAttributeValues: marshall({ ':likes': -likes.length, ':users': -1 }),
            },
          },
        ],
      }),
    );
  } else {
    await clients.dynamodb.send(
      new DeleteItemCommand({ TableName: table('Visitors'), Key: marshall({ visitorId }) }),
    );
  }
  if (!hasLiked) return ok('the visitor is out of the tables');
  const jobName = `verify-forget-${rim.now()}`;
  const key = `${verifyPrefix}${jobName}/users.csv`;
  await clients.s3.send(
    new PutObjectCommand({ Bucket: target.bucket, Key: key, Body: `USER_ID\n${visitorId}\n` }),
  );
  await clients.personalize.send(
    new CreateDataDeletionJobCommand({
      jobName,
      datasetGroupArn: target.datasetGroupArn,
      dataSource: { dataLocation: `s3://${target.bucket}/${key}` },
      roleArn: target.deployment.output('PersonalizeRoleArn'),
    }),
  );
  return ok(`the visitor is out of the tables, and Amazon Personalize was asked to forget them (${jobName})`);
}
