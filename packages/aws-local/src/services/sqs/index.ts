// Amazon SQS on localhost: standard queues with visibility timeouts, long polling, delays and dead-letter queues.
import { z } from 'zod';
import type { SqsService } from '../../ports';
import { AwsError, type AwsRequest, type ServiceContext, type Shape } from '../../service';
import { jsonService } from '../shared/json-protocol';
import { type Caller, type Operations, operation, withInvalidInput } from '../shared/operations';
import {
  checkBatch,
  checkBatchSize,
  checkMessage,
  each,
  entries,
  LONGEST_MESSAGE,
  MESSAGE,
  type Message,
} from './messages';
import { type MoveTask, MoveTasks } from './move-tasks';
import { handleQuery } from './query';
import { QUERY_ERRORS } from './query-errors';
import { md5, md5OfAttributes, Queue, type QueueRecord, type StoredMessage } from './queue';
import { publishMetrics } from './queue-metrics';
import {
  checkedSettings,
  DEFAULTS,
  requireAttributeNames,
  requireDeadLetterQueue,
  requireQueueName,
} from './settings';

const QUEUE = z.object({ QueueUrl: z.string() });
const RECEIVE = QUEUE.extend({
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  VisibilityTimeout: z.number().int().min(0).max(43_200).optional(),
  WaitTimeSeconds: z.number().int().min(0).max(20).optional(),
  AttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
  MessageAttributeNames: z.array(z.string()).default([]),
});
const OWNED = z.object({ QueueName: z.string(), QueueOwnerAWSAccountId: z.string().optional() });
const SETTINGS = z.record(z.string(), z.string()).default({});
const TAGS = z.record(z.string(), z.string()).default({});
const missingParameter = ([name]: readonly string[]) =>
  new AwsError('MissingRequiredParameterException', `The request must contain the parameter ${name}.`);
/** Results of batches have the older names of errors in both protocols. */
const queryCode = (code: string) => QUERY_ERRORS[code]?.[0] ?? code;
export async function createSqs(context: ServiceContext): Promise<SqsService> {
  const records = context.store.map<QueueRecord>('sqs/queues');
  const messages = context.store.map<StoredMessage>('sqs/messages');
  const queues = new Map<string, Queue>();
  const arnOf = (name: string) => `arn:aws:sqs:${context.region}:${context.accountId}:${name}`;
  const urlOf = (name: string) => `${context.endpoint}/${context.accountId}/${name}`;
  /** How long a message is hidden, by the wall clock: with a fast clock it comes back sooner. */
  const hiddenMs = (seconds: number) => (seconds * 1000) / context.clock.speed;
  const nameOf = (urlOrArn: string) => urlOrArn.split(/[/:]/).at(-1) ?? urlOrArn;

  const open = (record: QueueRecord) => {
    const find = (arn: string) => queues.get(nameOf(arn));
    queues.set(record.name, new Queue(record, messages, () => context.clock.now(), find, arnOf(record.name)));
  };
  for (const record of records.values()) open(record);
  for (const message of messages.values()) queues.get(message.queue)?.restore(message);

  function authorize(caller: Caller, action: string, name: string): void {
    const policy = queues.get(name)?.record.attributes.Policy;
    context.authorize({
      principal: caller.principal,
      action: `sqs:${action}`,
      resource: arnOf(name),
      context: caller.conditions,
      resourcePolicy: policy ? (JSON.parse(policy) as unknown) : undefined,
    });
  }

  /** @throws AccessDenied, QueueDoesNotExist */
  function known(caller: Caller, action: string, url: string): Queue {
    const name = nameOf(url);
    authorize(caller, action, name);
    const queue = queues.get(name);
    if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  function update(queue: Queue, changes: Partial<QueueRecord>): void {
    queue.record = { ...queue.record, ...changes, modifiedAt: context.clock.now() };
    records.put(queue.record.name, queue.record);
  }

  function send(queue: Queue, input: Message, caller: Caller): Shape {
    checkMessage(input, queue.seconds('MaximumMessageSize', LONGEST_MESSAGE));
    const delay = hiddenMs(input.DelaySeconds ?? queue.seconds('DelaySeconds', 0));
    const content = {
      body: input.MessageBody,
      attributes: input.MessageAttributes,
      group: input.MessageGroupId,
      traceHeader: input.MessageSystemAttributes.AWSTraceHeader?.StringValue ?? caller.traceHeader,
      sender: caller.principal.accountId,
    };
    const message = queue.send(content, delay);
    return {
      MessageId: message.id,
      MD5OfMessageBody: md5(message.body),
      MD5OfMessageAttributes: md5OfAttributes(message.attributes),
      MD5OfMessageSystemAttributes: md5OfAttributes(
        input.MessageSystemAttributes as Record<string, { DataType: string }>,
      ),
    };
  }

  const moveTasks = new MoveTasks({
    context,
    tasks: context.store.map<MoveTask>('sqs/move-tasks'),
    queues: () => [...queues.values()],
    authorize: (caller, action, arn) => authorize(caller, action, nameOf(arn)),
  });

  const operations: Operations = {
    ...moveTasks.operations,
    CreateQueue: operation(
      z.object({ QueueName: z.string(), Attributes: SETTINGS, tags: TAGS }),
      (input, caller) => {
        authorize(caller, 'CreateQueue', input.QueueName);
        requireQueueName(input.QueueName, input.Attributes);
        const attributes = checkedSettings(input.Attributes);
        requireDeadLetterQueue(attributes.RedrivePolicy, (arn) => queues.has(nameOf(arn)));
        const existing = queues.get(input.QueueName);
        if (existing) {
          const isSame = Object.entries(attributes).every(
            ([name, value]) => existing.record.attributes[name] === value,
          );
          if (!isSame) {
            throw new AwsError(
              'QueueNameExists',
              'A queue already exists with the same name and a different value for an attribute.',
            );
          }
        } else {
          const now = context.clock.now();
          const record = {
            name: input.QueueName,
            createdAt: now,
            modifiedAt: now,
            attributes,
            tags: input.tags,
          };
          records.put(record.name, record);
          open(record);
        }
        return { QueueUrl: urlOf(input.QueueName) };
      },
    ),
    DeleteQueue: operation(QUEUE, (input, caller) => {
      const queue = known(caller, 'DeleteQueue', input.QueueUrl);
      queue.purge();
      queue.close();
      records.delete(queue.record.name);
      queues.delete(queue.record.name);
    }),
    GetQueueUrl: operation(OWNED, (input, caller) => {
      known(caller, 'GetQueueUrl', input.QueueName);
      return { QueueUrl: urlOf(input.QueueName) };
    }),
    ListQueues: operation(z.object({ QueueNamePrefix: z.string().default('') }), (input, caller) => {
      authorize(caller, 'ListQueues', '*');
      const names = [...queues.keys()].filter((name) => name.startsWith(input.QueueNamePrefix));
      return names.length > 0 ? { QueueUrls: names.map(urlOf) } : {};
    }),
    GetQueueAttributes: operation(
      QUEUE.extend({ AttributeNames: z.array(z.string()).default([]) }),
      (input, caller) => {
        const queue = known(caller, 'GetQueueAttributes', input.QueueUrl);
        const all = describe(queue);
        requireAttributeNames(input.AttributeNames, Object.keys(all));
        const wanted = input.AttributeNames.includes('All') ? Object.keys(all) : input.AttributeNames;
        return {
          Attributes: Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name))),
        };
      },
    ),
    SetQueueAttributes: operation(QUEUE.extend({ Attributes: SETTINGS }), (input, caller) => {
      const queue = known(caller, 'SetQueueAttributes', input.QueueUrl);
      const merged = { ...queue.record.attributes, ...checkedSettings(input.Attributes) };
      requireDeadLetterQueue(input.Attributes.RedrivePolicy, (arn) => queues.has(nameOf(arn)));
      // An empty value takes a setting back.
      update(queue, {
        attributes: Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== '')),
      });
    }),
    TagQueue: operation(QUEUE.extend({ Tags: TAGS }), (input, caller) => {
      const queue = known(caller, 'TagQueue', input.QueueUrl);
      update(queue, { tags: { ...queue.record.tags, ...input.Tags } });
    }),
    UntagQueue: operation(QUEUE.extend({ TagKeys: z.array(z.string()) }), (input, caller) => {
      const queue = known(caller, 'UntagQueue', input.QueueUrl);
      const tags = Object.entries(queue.record.tags).filter(([key]) => !input.TagKeys.includes(key));
      update(queue, { tags: Object.fromEntries(tags) });
    }),
    ListQueueTags: operation(QUEUE, (input, caller) => ({
      Tags: { ...known(caller, 'ListQueueTags', input.QueueUrl).record.tags },
    })),
    SendMessage: operation(QUEUE.extend(MESSAGE.shape), (input, caller) =>
      send(known(caller, 'SendMessage', input.QueueUrl), input, caller),
    ),
    SendMessageBatch: operation(entries(MESSAGE), (input, caller) => {
      const queue = known(caller, 'SendMessage', input.QueueUrl);
      checkBatch('SendMessage', input.Entries);
      checkBatchSize(input.Entries);
      return each(input.Entries, (entry) => send(queue, entry, caller), queryCode);
    }),
    ReceiveMessage: operation(RECEIVE, async (input, caller) => {
      const queue = known(caller, 'ReceiveMessage', input.QueueUrl);
      const received = await queue.receive(
        input.MaxNumberOfMessages,
        hiddenMs(input.VisibilityTimeout ?? queue.seconds('VisibilityTimeout', 30)),
        (input.WaitTimeSeconds ?? queue.seconds('ReceiveMessageWaitTimeSeconds', 0)) * 1000,
      );
      return received.length === 0
        ? {}
        : { Messages: received.map((message) => describeMessage(message, input)) };
    }),
    DeleteMessage: operation(QUEUE.extend({ ReceiptHandle: z.string() }), (input, caller) => {
      known(caller, 'DeleteMessage', input.QueueUrl).delete(input.ReceiptHandle);
    }),
    DeleteMessageBatch: operation(entries(z.object({ ReceiptHandle: z.string() })), (input, caller) => {
      const queue = known(caller, 'DeleteMessage', input.QueueUrl);
      checkBatch('DeleteMessage', input.Entries);
      return each(input.Entries, (entry) => queue.delete(entry.ReceiptHandle), queryCode);
    }),
    ChangeMessageVisibility: operation(
      QUEUE.extend({ ReceiptHandle: z.string(), VisibilityTimeout: z.number().int().min(0).max(43_200) }),
      (input, caller) => {
        const queue = known(caller, 'ChangeMessageVisibility', input.QueueUrl);
        queue.changeVisibility(input.ReceiptHandle, hiddenMs(input.VisibilityTimeout));
      },
    ),
    ChangeMessageVisibilityBatch: operation(
      entries(
        z.object({ ReceiptHandle: z.string(), VisibilityTimeout: z.number().int().min(0).max(43_200) }),
      ),
      (input, caller) => {
        const queue = known(caller, 'ChangeMessageVisibility', input.QueueUrl);
        checkBatch('ChangeMessageVisibility', input.Entries);
        const change = (entry: (typeof input.Entries)[number]) =>
          queue.changeVisibility(entry.ReceiptHandle, hiddenMs(entry.VisibilityTimeout));
        return each(input.Entries, change, queryCode);
      },
    ),
    PurgeQueue: operation(QUEUE, (input, caller) => {
      known(caller, 'PurgeQueue', input.QueueUrl).purge();
    }),
  };

  function describe(queue: Queue): Record<string, string> {
    const counts = queue.counts();
    const { KmsDataKeyReusePeriodSeconds: reuse, ...attributes } = queue.record.attributes;
    return {
      ...DEFAULTS,
      ...attributes,
      ...(attributes.KmsMasterKeyId && reuse && { KmsDataKeyReusePeriodSeconds: reuse }),
      QueueArn: queue.arn,
      ApproximateNumberOfMessages: String(counts.visible),
      ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
      ApproximateNumberOfMessagesDelayed: String(counts.delayed),
      CreatedTimestamp: String(Math.floor(queue.record.createdAt / 1000)),
      LastModifiedTimestamp: String(Math.floor(queue.record.modifiedAt / 1000)),
    };
  }

  let endMetrics = () => {};
  const checked = withInvalidInput(operations, 'InvalidParameterValueException', missingParameter);
  const json = jsonService({
    id: 'sqs',
    version: '1.0',
    operations: checked,
    start: () => {
      endMetrics = publishMetrics(context, () => queues.values());
    },
    close: () => {
      endMetrics();
      moveTasks.close();
      for (const queue of queues.values()) queue.close();
    },
  });
  const handle = (request: AwsRequest) =>
    request.headers['x-amz-target'] ? json.handle(request) : handleQuery(checked, request);
  return { ...json, handle, urlOfArn: (arn) => urlOf(nameOf(arn)) };
}

function describeMessage(message: StoredMessage, wanted: z.output<typeof RECEIVE>): Shape {
  const system: Record<string, string | undefined> = {
    SenderId: message.sender,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    DeadLetterQueueSourceArn: message.deadLetterSource,
    MessageGroupId: message.group,
    AWSTraceHeader: message.traceHeader,
  };
  const names = [...wanted.AttributeNames, ...wanted.MessageSystemAttributeNames];
  const isWanted = (name: string) => names.includes('All') || names.includes(name);
  const Attributes = Object.fromEntries(
    Object.entries(system).filter(([name, value]) => value !== undefined && isWanted(name)),
  );
  const asked = wanted.MessageAttributeNames;
  const MessageAttributes = Object.fromEntries(
    Object.entries(message.attributes).filter(
      ([name]) =>
        asked.some(
          (pattern) => pattern === 'All' || pattern === '.*' || pattern === '*' || pattern === name,
        ) || asked.some((pattern) => pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -2))),
    ),
  );
  const hasAttributes = Object.keys(MessageAttributes).length > 0;
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: Object.keys(Attributes).length > 0 ? Attributes : undefined,
    MessageAttributes: hasAttributes ? MessageAttributes : undefined,
    MD5OfMessageAttributes: hasAttributes
      ? md5OfAttributes(MessageAttributes as Record<string, { DataType: string }>)
      : undefined,
  };
}
