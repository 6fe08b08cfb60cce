// A bit that flips anywhere in a state folder: the start stops with the file's name, or everything is there; never silently less.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import type { AwsService, Shape } from '../../src/service';
import { createCloudWatch } from '../../src/services/cloudwatch';
import { createDynamoDb } from '../../src/services/dynamodb';
import { createEvents } from '../../src/services/events';
import { createLogs } from '../../src/services/logs';
import { createS3 } from '../../src/services/s3';
import { createSecretsManager } from '../../src/services/secretsmanager';
import { createSqs } from '../../src/services/sqs';
import { type Harness, ROOT, startServices } from './harness';

const ROUNDS = 60;
let services: Harness;

const call = (service: string, operation: string, input: Shape) =>
  services.service<AwsService>(service).call(operation, input, ROOT);

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile() && statSync(path).size > 0)
    .sort();
}

function flip(file: string, at: number, bit: number): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
  writeFileSync(file, bytes);
}

async function everything(): Promise<unknown> {
  const { Contents } = await call('s3', 'ListObjectsV2', { Bucket: 'bucket' });
  const { Items } = await call('dynamodb', 'Scan', { TableName: 'likes' });
  const { events } = await call('logs', 'FilterLogEvents', { logGroupName: '/group' });
  const { SecretString } = await call('secretsmanager', 'GetSecretValue', { SecretId: 'secret' });
  const { Attributes } = await call('sqs', 'GetQueueAttributes', {
    QueueUrl: 'queue',
    AttributeNames: ['All'],
  });
  return JSON.stringify([Contents, Items, events, SecretString, Attributes]);
}

beforeAll(async () => {
  services = await startServices({
    s3: createS3,
    dynamodb: createDynamoDb,
    sqs: createSqs,
    events: createEvents,
    logs: createLogs,
    monitoring: createCloudWatch,
    secretsmanager: createSecretsManager,
  });
  await call('s3', 'CreateBucket', { Bucket: 'bucket' });
  await call('dynamodb', 'CreateTable', {
    TableName: 'likes',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  await call('sqs', 'CreateQueue', { QueueName: 'queue' });
  await call('logs', 'CreateLogGroup', { logGroupName: '/group' });
  await call('logs', 'CreateLogStream', { logGroupName: '/group', logStreamName: 'stream' });
  await call('secretsmanager', 'CreateSecret', { Name: 'secret', SecretString: 'kept' });
  for (let i = 0; i < 10; i += 1) {
    await call('s3', 'PutObject', {
      Bucket: 'bucket',
      Key: `key-${i}`,
      Body: Buffer.from(`body ${i} `.repeat(200)),
    });
    await call('dynamodb', 'PutItem', { TableName: 'likes', Item: { id: { S: `like-${i}` } } });
    await call('sqs', 'SendMessage', { QueueUrl: 'queue', MessageBody: `message ${i}` });
    const logEvents = [{ timestamp: Date.now(), message: `line ${i} `.repeat(20) }];
    await call('logs', 'PutLogEvents', { logGroupName: '/group', logStreamName: 'stream', logEvents });
  }
  await services.restart();
});
afterAll(() => services.close());

test('the start stops with the name of the file, or everything is there', async () => {
  const random = seededRandom(11);
  const whole = await everything();
  let stops = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    let damage: [file: string, at: number, bit: number] | undefined;
    const failure = await services
      .restart(() => {
        const files = filesIn(services.stateDir);
        const file = files[Math.floor(random() * files.length)] as string;
        damage = [file, Math.floor(random() * statSync(file).size), Math.floor(random() * 8)];
        flip(...damage);
      })
      .then(
        () => undefined,
        (error: Error) => error,
      );
    const [file, at, bit] = damage as NonNullable<typeof damage>;
    if (failure) {
      expect(failure.message).toContain(basename(file));
      stops += 1;
    } else expect(await everything()).toEqual(whole);
    await services.restart(() => flip(file, at, bit));
    expect(await everything()).toEqual(whole);
  }
  expect(stops).toBeGreaterThan(ROUNDS / 2);
});
