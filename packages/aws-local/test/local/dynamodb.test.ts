// DynamoDB through the SDK's own client: items, transactions, settings, survival.
import {
  BatchGetItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import { createDynamoDb } from '../../src/services/dynamodb';
import { eventually, type Harness, startServices } from './harness';

const TableName = 'likes';
let harness: Harness;
let client: DynamoDBClient;
const clock = new ManualClock();

beforeAll(async () => {
  harness = await startServices({ dynamodb: createDynamoDb }, { clock });
  client = new DynamoDBClient(harness.client);
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'visitorId', AttributeType: 'S' },
        { AttributeName: 'eventId', AttributeType: 'S' },
        { AttributeName: 'day', AttributeType: 'S' },
        { AttributeName: 'acceptedAt', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'visitorId', KeyType: 'HASH' },
        { AttributeName: 'eventId', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'latest',
          KeySchema: [
            { AttributeName: 'day', KeyType: 'HASH' },
            { AttributeName: 'acceptedAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      DeletionProtectionEnabled: true,
    }),
  );
});
afterAll(() => harness.close());

const key = (visitor: string, event: string) => ({ visitorId: { S: visitor }, eventId: { S: event } });
const putNew = (visitor: string, event: string, extra = {}) => ({
  Put: {
    TableName,
    Item: { ...key(visitor, event), ...extra },
    ConditionExpression: 'attribute_not_exists(eventId)',
  },
});
const count = async (visitor: string) => {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: key(visitor, '#count') }));
  return Number(Item?.n?.N ?? 0);
};
const increment = (visitor: string) => ({
  Update: {
    TableName,
    Key: key(visitor, '#count'),
    UpdateExpression: 'ADD n :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
  },
});

test('a table is active at once and describes itself', async () => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  expect(Table).toMatchObject({
    TableStatus: 'ACTIVE',
    DeletionProtectionEnabled: true,
    TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/likes',
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
  });
});

test('a transaction happens wholly or not at all, and says why not', async () => {
  await client.send(
    new TransactWriteItemsCommand({
      TransactItems: [putNew('v1', 'e1', { itemId: { S: 'i1' } }), increment('v1')],
    }),
  );
  const again = { ...putNew('v1', 'e1') };
  const failed = client.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        increment('v1'),
        { Put: { ...again.Put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
      ],
    }),
  );
  const error = await failed.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TransactionCanceledException);
  expect(error).toMatchObject({
    message:
      'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
    CancellationReasons: [
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Item: { itemId: { S: 'i1' } } },
    ],
  });
  expect(await count('v1')).toBe(1);
});

test('two operations on one item are refused', async () => {
  await expect(
    client.send(new TransactWriteItemsCommand({ TransactItems: [increment('v2'), increment('v2')] })),
  ).rejects.toThrow('Transaction request cannot include multiple operations on one item');
});

test('a repeated token does the work once, and other work under it is refused', async () => {
  const once = new TransactWriteItemsCommand({
    TransactItems: [increment('v3')],
    ClientRequestToken: 'token-3',
  });
  await client.send(once);
  await client.send(once);
  // The same work, whose members are named in another order.
  const { Update } = increment('v3');
  const members = Object.fromEntries(Object.entries(Update ?? {}).reverse());
  const again = [{ Update: members as unknown as NonNullable<typeof Update> }];
  await client.send(new TransactWriteItemsCommand({ TransactItems: again, ClientRequestToken: 'token-3' }));
  expect(await count('v3')).toBe(1);
  const other = new TransactWriteItemsCommand({
    TransactItems: [increment('v4')],
    ClientRequestToken: 'token-3',
  });
  await expect(client.send(other)).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
});

test('concurrent single writes and transactions lose nothing', async () => {
  const single = () => client.send(new UpdateItemCommand({ ...increment('v5').Update }));
  const both = () =>
    client.send(new TransactWriteItemsCommand({ TransactItems: [increment('v5'), increment('v6')] }));
  await Promise.all(Array.from({ length: 60 }, (_, index) => (index % 2 ? single() : both())));
  expect([await count('v5'), await count('v6')]).toEqual([60, 30]);
  const { Responses } = await client.send(
    new TransactGetItemsCommand({
      TransactItems: ['v5', 'nobody'].map((visitor) => ({ Get: { TableName, Key: key(visitor, '#count') } })),
    }),
  );
  expect(Responses?.map((response) => response.Item?.n?.N)).toEqual(['60', undefined]);
});

test('a sparse index holds only the items that have its keys, newest first on demand', async () => {
  for (const n of [1, 2, 3]) {
    const at = { day: { S: '2026-01-01' }, acceptedAt: { S: `2026-01-01T00:00:0${n}Z` } };
    await client.send(new PutItemCommand({ TableName, Item: { ...key('v7', `e${n}`), ...at } }));
  }
  await client.send(new PutItemCommand({ TableName, Item: key('v7', 'without') }));
  const query = new QueryCommand({
    TableName,
    IndexName: 'latest',
    KeyConditionExpression: '#d = :d',
    ExpressionAttributeNames: { '#d': 'day' },
    ExpressionAttributeValues: { ':d': { S: '2026-01-01' } },
    ScanIndexForward: false,
    Limit: 2,
  });
  expect((await client.send(query)).Items?.map((item) => item.eventId?.S)).toEqual(['e3', 'e2']);
  await client.send(new DeleteItemCommand({ TableName, Key: key('v7', 'e3') }));
  expect((await client.send(query)).Items?.map((item) => item.eventId?.S)).toEqual(['e2', 'e1']);
  expect(harness.asked.at(-1)?.resource).toBe(
    'arn:aws:dynamodb:us-east-1:000000000000:table/likes/index/latest',
  );
});

test('an index added later knows the items that were there', async () => {
  await client.send(
    new UpdateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'itemId', AttributeType: 'S' }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: 'byItem',
            KeySchema: [{ AttributeName: 'itemId', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        },
      ],
    }),
  );
  const found = await client.send(
    new QueryCommand({
      TableName,
      IndexName: 'byItem',
      KeyConditionExpression: 'itemId = :i',
      ExpressionAttributeValues: { ':i': { S: 'i1' } },
    }),
  );
  expect(found.Items).toEqual([{ ...key('v1', 'e1'), itemId: { S: 'i1' } }]);
});

test('a failed condition of a single write brings the item on request', async () => {
  const put = putNew('v1', 'e1').Put;
  const failed = client.send(new PutItemCommand({ ...put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }));
  await expect(failed).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    Item: { itemId: { S: 'i1' } },
  });
});

test('items whose time has come are removed in the background', async () => {
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName,
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' },
    }),
  );
  const past = String(Math.floor(clock.now() / 1000) - 10);
  await client.send(new PutItemCommand({ TableName, Item: { ...key('v8', 'old'), expires: { N: past } } }));
  clock.advance(60_000);
  await eventually(async () => {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: key('v8', 'old') }));
    return Item === undefined ? true : undefined;
  });
});

test('continuous backups can be switched on', async () => {
  const { ContinuousBackupsDescription } = await client.send(
    new UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe(
    'ENABLED',
  );
});

test('a transaction needs the permission of each of its operations', async () => {
  harness.deny = (request) => request.action === 'dynamodb:UpdateItem';
  const denied = client.send(
    new TransactWriteItemsCommand({ TransactItems: [putNew('v9', 'e'), increment('v9')] }),
  );
  await expect(denied).rejects.toMatchObject({ name: 'AccessDeniedException' });
  harness.deny = () => false;
});

test('a restart keeps items, settings and tokens', async () => {
  await harness.restart();
  expect(await count('v5')).toBe(60);
  await client.send(
    new TransactWriteItemsCommand({ TransactItems: [increment('v3')], ClientRequestToken: 'token-3' }),
  );
  expect(await count('v3')).toBe(1);
  expect((await client.send(new ScanCommand({ TableName, Select: 'COUNT' }))).Count).toBeGreaterThan(5);
  const consistent = new ScanCommand({ TableName, Select: 'COUNT', ConsistentRead: true });
  expect((await client.send(consistent)).Count).toBeGreaterThan(5);
  const { Responses } = await client.send(
    new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key('v1', 'e1')] } } }),
  );
  expect(Responses?.[TableName]).toHaveLength(1);
});

test('a protected table is deleted only after its protection is lifted', async () => {
  await expect(client.send(new DeleteTableCommand({ TableName }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  await client.send(new DeleteTableCommand({ TableName }));
  await expect(client.send(new DescribeTableCommand({ TableName }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
