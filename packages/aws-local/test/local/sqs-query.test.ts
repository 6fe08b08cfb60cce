// SQS as SDKs spoke with it before 2023: forms in, XML out; and what newer ones read in errors.
import { createHash, createHmac } from 'node:crypto';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import { signingKey } from '../../src/gateway/sigv4';
import { createSqs } from '../../src/services/sqs';
import { type Harness, startServices } from './harness';

let harness: Harness;
beforeAll(async () => {
  harness = await startServices({ sqs: createSqs });
});
afterAll(() => harness.close());

const QUEUE = '000000000000/letters';
/** Unsigned requests find their service by the signing name alone, so it is said without a signature that counts. */
async function ask(form: Record<string, string>): Promise<string> {
  const service = harness.service<Awaited<ReturnType<typeof createSqs>>>('sqs');
  const response = await service.handle({
    method: 'POST',
    path: '/',
    query: {},
    queryString: '',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams({ ...form, Version: '2012-11-05' }).toString()),
    principal: { kind: 'root', arn: 'arn:aws:iam::000000000000:root', accountId: '000000000000' },
    requestId: 'request',
  });
  return String(response.body);
}

test('a queue is made, filled, read and tagged with forms, and answers in XML', async () => {
  const made = await ask({
    Action: 'CreateQueue',
    QueueName: 'letters',
    'Attribute.1.Name': 'VisibilityTimeout',
    'Attribute.1.Value': '0',
    'Tag.1.Key': 'colour',
    'Tag.1.Value': 'red',
  });
  expect(made).toContain(`<QueueUrl>${harness.endpoint}/${QUEUE}</QueueUrl>`);
  expect(made).toMatch(
    /^<\?xml.*<CreateQueueResponse xmlns="http:\/\/queue.amazonaws.com\/doc\/2012-11-05\/">/s,
  );

  const sent = await ask({
    Action: 'SendMessage',
    QueueUrl: QUEUE,
    MessageBody: 'Dear <reader>',
    DelaySeconds: '0',
    'MessageAttribute.1.Name': 'mood',
    'MessageAttribute.1.Value.DataType': 'String',
    'MessageAttribute.1.Value.StringValue': 'calm',
  });
  expect(sent).toMatch(/<SendMessageResult><MessageId>[\w-]{36}<\/MessageId><MD5OfMessageBody>/);

  const received = await ask({
    Action: 'ReceiveMessage',
    QueueUrl: QUEUE,
    MaxNumberOfMessages: '5',
    'AttributeName.1': 'SentTimestamp',
    'MessageAttributeName.1': 'All',
  });
  expect(received).toContain('<Body>Dear &lt;reader&gt;</Body>');
  expect(received).toMatch(/<Attribute><Name>SentTimestamp<\/Name><Value>\d+<\/Value><\/Attribute>/);
  expect(received).toMatch(/<MessageAttribute><Name>mood<\/Name><Value>.*<StringValue>calm</);

  const tags = await ask({ Action: 'ListQueueTags', QueueUrl: QUEUE });
  expect(tags).toContain('<Tag><Key>colour</Key><Value>red</Value></Tag>');
  const batch = await ask({
    Action: 'SendMessageBatch',
    QueueUrl: QUEUE,
    'SendMessageBatchRequestEntry.1.Id': 'one',
    'SendMessageBatchRequestEntry.1.MessageBody': 'again',
  });
  expect(batch).toContain('<SendMessageBatchResultEntry><Id>one</Id>');
});

test('errors tell newer SDKs what they were called in the query protocol', async () => {
  const client = new SQSClient(harness.client);
  const failure = await client.send(new DeleteQueueCommand({ QueueUrl: 'nowhere' })).catch((error) => error);
  expect(failure).toMatchObject({
    name: 'QueueDoesNotExist',
    Code: 'AWS.SimpleQueueService.NonExistentQueue',
  });
  client.destroy();
});

test.each([
  [{ QueueName: 'a.fifo' }, 'FIFO queues are not supported on localhost'],
  [
    {
      QueueName: 'a',
      'Attribute.1.Name': 'RedrivePolicy',
      'Attribute.1.Value':
        '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:gone","maxReceiveCount":3}',
    },
    'Dead letter target does not exist',
  ],
])('%j makes no queue: %s', async (form, reason) => {
  await expect(ask({ Action: 'CreateQueue', ...form } as Record<string, string>)).rejects.toThrow(reason);
});

/** A link to a queue with an action, as AWS's own tools sign it: with the hash of a body that is empty. */
function link(address: string, form: Record<string, string>): string {
  const timestamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${timestamp.slice(0, 8)}/us-east-1/sqs/aws4_request`;
  const query = new URLSearchParams({
    ...form,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `AKIATEST/${scope}`,
    'X-Amz-Date': timestamp,
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'host',
  });
  query.sort();
  const { host, pathname } = new URL(address);
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const canonical = ['GET', pathname, query, `host:${host}\n`, 'host', sha256('')].join('\n');
  const claim = { date: timestamp.slice(0, 8), region: 'us-east-1', service: 'sqs' };
  const signature = createHmac('sha256', signingKey('secret', claim))
    .update(['AWS4-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n'))
    .digest('hex');
  return `${address}?${query}&X-Amz-Signature=${signature}`;
}

test('a signed link to a queue sends and tells; what no queue has is refused as AWS refuses it', async () => {
  await ask({ Action: 'CreateQueue', QueueName: 'linked' });
  const address = `${harness.endpoint}/000000000000/linked`;
  const open = async (form: Record<string, string>) => (await fetch(link(address, form))).text();
  expect(await open({ Action: 'SendMessage', MessageBody: 'foobar' })).toContain('<MD5OfMessageBody>');
  expect(await open({ Action: 'ReceiveMessage' })).toContain('<Body>foobar</Body>');
  expect(await open({ Action: 'GetQueueUrl', QueueName: 'letters' })).toContain(`${QUEUE}</QueueUrl>`);
  expect(await open({ Action: 'SendMessage' })).toContain(
    '<Code>MissingParameter</Code><Message>The request must contain the parameter MessageBody.</Message>',
  );
  expect(await open({ Action: 'GetQueueAttributes', 'AttributeName.1': 'Foobar' })).toContain(
    '<Code>InvalidAttributeName</Code><Message>Unknown Attribute Foobar.</Message>',
  );
  expect(await open({ Action: 'CreateQueue', QueueName: 'other' })).toContain('<Code>InvalidAction</Code>');
  await ask({ Action: 'DeleteQueue', QueueUrl: '000000000000/linked' });
  expect(await open({ Action: 'ReceiveMessage' })).toContain(
    '<Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>The specified queue does not exist for this wsdl version.',
  );
});

test('a dead letter goes on being counted: it tells how often it was received in both queues', async () => {
  await ask({ Action: 'CreateQueue', QueueName: 'dead' });
  const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
  await ask({
    ...{ Action: 'CreateQueue', QueueName: 'alive', 'Attribute.1.Name': 'RedrivePolicy' },
    'Attribute.1.Value': JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }),
  });
  await ask({ Action: 'SendMessage', QueueUrl: '000000000000/alive', MessageBody: 'm' });
  const receive = (queue: string) =>
    ask({
      ...{ Action: 'ReceiveMessage', QueueUrl: `000000000000/${queue}`, VisibilityTimeout: '0' },
      'AttributeName.1': 'ApproximateReceiveCount',
    });
  expect(await receive('alive')).toContain('<Name>ApproximateReceiveCount</Name><Value>1</Value>');
  expect(await receive('alive')).not.toContain('<Body>');
  expect(await receive('dead')).toContain('<Name>ApproximateReceiveCount</Name><Value>2</Value>');
});

test('with a fast clock a message that was received comes back sooner', async () => {
  const fast = await startServices({ sqs: createSqs }, { clock: new RealClock(1_000_000) });
  const client = new SQSClient(fast.client);
  try {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'letters' }));
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'Dear reader' }));
    const receive = async () => {
      const hidden = { VisibilityTimeout: 43_200, WaitTimeSeconds: 20 };
      const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl, ...hidden }));
      return Messages?.map(({ Body }) => Body);
    };
    expect(await receive()).toEqual(['Dear reader']);
    expect(await receive()).toEqual(['Dear reader']);
  } finally {
    client.destroy();
    await fast.close();
  }
});
