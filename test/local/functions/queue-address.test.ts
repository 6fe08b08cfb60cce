// A queue whose URL was made by an endpoint on another port, as after a start with another one.
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { queueLimits } from '../../../lambda/shared/clients';
import { createSqs } from '../../../packages/aws-local/src/services/sqs';
import { type Harness, startServices } from '../../../packages/aws-local/test/local/harness';

let harness: Harness;
const { AWS_ENDPOINT_URL } = process.env;

beforeAll(async () => {
  harness = await startServices({ sqs: createSqs });
});
afterAll(async () => {
  if (AWS_ENDPOINT_URL === undefined) delete process.env.AWS_ENDPOINT_URL;
  else process.env.AWS_ENDPOINT_URL = AWS_ENDPOINT_URL;
  await harness.close();
});

test('the functions reach it by the client’s endpoint', async () => {
  // As the functions learn it. An endpoint in the client's settings would win over the URL anyway.
  process.env.AWS_ENDPOINT_URL = harness.endpoint;
  const { endpoint: _, ...settings } = harness.client;
  const sqs = new SQSClient({ ...settings, ...queueLimits(), maxAttempts: 1 });
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'retry' }));
  const elsewhere = QueueUrl.replace(/:\d+\//, ':1/');
  expect(elsewhere).not.toBe(QueueUrl);
  await sqs.send(new SendMessageCommand({ QueueUrl: elsewhere, MessageBody: 'likes' }));
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(Messages?.map(({ Body }) => Body)).toEqual(['likes']);
  sqs.destroy();
});
