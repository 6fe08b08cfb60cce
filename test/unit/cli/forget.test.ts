// npm run gallery -- forget: nothing of a visitor is left, the others keep all, and it may be called again.
import { CreateDataDeletionJobCommand, DescribeDataDeletionJobCommand } from '@aws-sdk/client-personalize';
import { UserError } from '../../../cli/command';
import { forget } from '../../../cli/commands/forget';
import { likeStore } from '../../../lambda/like/store';
import { readTotals } from '../../../lambda/shared/data/totals';
import { FakeDynamoDB } from '../lambda/support/fake-dynamodb';
import { FakeS3 } from '../lambda/support/fake-s3';
import { serviceError } from '../lambda/support/world';

const TABLES = { visitors: 'visitors', likes: 'likes', totals: 'totals', undelivered: 'undelivered' };
const OUTPUTS = {
  VisitorsTableName: 'visitors',
  LikesTableName: 'likes',
  TotalsTableName: 'totals',
  UndeliveredTableName: 'undelivered',
  BucketName: 'gallery',
  DatasetGroupArn: 'group',
  PersonalizeRoleArn: 'role',
};
const [ANN, BEN] = ['0b5cf5a1-64a5-4e1c-8c5e-6a4f4a0f0a01', '0b5cf5a1-64a5-4e1c-8c5e-6a4f4a0f0a02'] as const;

let dynamodb: FakeDynamoDB;
let s3: FakeS3;
/** What the service is told to forget, and how its job ends. */
let csv: string[];
let ending: object;
let refusal: Error | undefined;

const cloudFormation = {
  send: (async () => ({
    Stacks: [
      { Outputs: Object.entries(OUTPUTS).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })) },
    ],
  })) as never,
};

const personalize = {
  send: (async (command: object) => {
    if (command instanceof CreateDataDeletionJobCommand) {
      if (refusal) throw refusal;
      const key = command.input.dataSource?.dataLocation?.replace('s3://gallery/', '') ?? '';
      csv.push(String(s3.objects.get(key)?.body));
      return { dataDeletionJobArn: 'job' };
    }
    if (command instanceof DescribeDataDeletionJobCommand) return { dataDeletionJob: ending };
    throw new Error('unexpected');
  }) as never,
};

beforeEach(async () => {
  dynamodb = new FakeDynamoDB();
  dynamodb.pageSize = 2;
  s3 = new FakeS3();
  csv = [];
  ending = { status: 'COMPLETED', numDeleted: 4 };
  refusal = undefined;
  for (const [visitorId, count] of [
    [ANN, 3],
    [BEN, 1],
  ] as const) {
    dynamodb.put('visitors', { visitorId, likes: 0 });
    const rim = { now: () => 0, random: () => 0, sleep: async () => undefined };
    for (let index = 0; index < count; index += 1) {
      const event = {
        eventId: `${index}`,
        eventType: 'like',
        itemId: 'i',
        occurredAt: '2026-05-01',
      } as const;
      await likeStore({ client: dynamodb, tables: TABLES, ...rim }).store({
        ...{ visitorId, sessionId: 's', requestId: `${visitorId} ${index}`, trackingId: 't' },
        likes: [{ ...event, emotion: 'calm' }],
      });
    }
  }
});

const run = (visitorId: string) =>
  forget({ cloudFormation, dynamodb, personalize, s3: s3 as never }, async () => undefined).run(
    {},
    [visitorId],
    {
      now: () => 1,
      progress: () => undefined,
    },
  );

const of = (table: string) => dynamodb.rows(table).map(({ visitorId }) => visitorId);

test('tables, what is on its way and Amazon Personalize forget the visitor, and nobody else', async () => {
  const { json } = await run(ANN);
  expect(json).toEqual({ visitorId: ANN, visitor: true, likes: 3, undelivered: 3, personalizeRecords: 4 });
  for (const table of ['visitors', 'likes', 'undelivered']) expect(of(table)).toEqual([BEN]);
  expect(csv).toEqual([`USER_ID\n${ANN}\n`]);
  expect(s3.objects.size).toBe(0);
});

test('what they gave is no longer counted', async () => {
  await run(ANN);
  const totals = await readTotals(dynamodb, 'totals', { random: () => 0, sleep: async () => undefined });
  expect(totals).toMatchObject({ users: 1, qualifiedUsers: 0, interactions: 1 });
});

test('who was interrupted calls it again: what is left goes, and nothing is subtracted twice', async () => {
  refusal = serviceError('LimitExceededException');
  await expect(run(ANN)).rejects.toThrow('call it again later');
  refusal = undefined;
  expect((await run(ANN.toUpperCase())).json).toMatchObject({
    visitor: false,
    likes: 0,
    personalizeRecords: 4,
  });
  const totals = await readTotals(dynamodb, 'totals', { random: () => 0, sleep: async () => undefined });
  expect(totals.interactions).toBe(1);
});

test('a like that comes in between is deleted and subtracted too', async () => {
  let between = true;
  dynamodb.fault = (command) => {
    if (command.constructor.name !== 'TransactWriteItemsCommand' || !between) return undefined;
    between = false;
    dynamodb.put('visitors', { visitorId: ANN, likes: 4 });
    dynamodb.put('likes', { visitorId: ANN, eventId: 'late' });
    return undefined;
  };
  expect((await run(ANN)).json).toMatchObject({ visitor: true, likes: 4 });
});

test.each(['', 'ann', '*'])('"%s" is no id of a visitor, and nothing is deleted', async (visitorId) => {
  await expect(run(visitorId)).rejects.toThrow(UserError);
  expect(of('visitors')).toEqual([ANN, BEN]);
});

test('a job that failed says so, with the reason', async () => {
  ending = { status: 'FAILED', failureReason: 'the role may not read' };
  await expect(run(ANN)).rejects.toThrow('the role may not read');
});
