// SQS in the query protocol, which SDKs spoke before 2023 and Debian 12's AWS CLI still does: forms in, XML out. Lists and maps are
// flattened there and have names of their own; the operations are the same.
import { AwsError, type AwsRequest, type AwsResponse, type Shape } from '../../service';
import { decodeQuery } from '../../wire/query';
import { type XmlElement, xmlDocument } from '../../wire/xml';
import { callerOf, type Operations, runOperation } from '../shared/operations';

const NAMESPACE = 'http://queue.amazonaws.com/doc/2012-11-05/';

/** Lists of requests: the member for each flattened name. */
const LISTS: Readonly<Record<string, string>> = {
  AttributeName: 'AttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  TagKey: 'TagKeys',
  SendMessageBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
};

/** Maps of requests: the member, and what an entry's key and value are called. */
const MAPS: Readonly<Record<string, readonly [member: string, key: string, value: string]>> = {
  Attribute: ['Attributes', 'Name', 'Value'],
  MessageAttribute: ['MessageAttributes', 'Name', 'Value'],
  MessageSystemAttribute: ['MessageSystemAttributes', 'Name', 'Value'],
  Tag: ['Tags', 'Key', 'Value'],
};

/** Operations that no queue's own address has. */
const OF_NO_QUEUE = ['CreateQueue', 'ListQueues'];

const NUMBERS = [
  'DelaySeconds',
  'MaxNumberOfMessages',
  'MaxNumberOfMessagesPerSecond',
  'MaxResults',
  'VisibilityTimeout',
  'WaitTimeSeconds',
];

/** A form's input as the operations take it. */
function fromForm(form: Shape, action: string): Shape {
  const input: Shape = {};
  for (const [name, value] of Object.entries(form)) {
    // Of the signature, in a request that is a link.
    if (name.startsWith('X-Amz-')) continue;
    const map = MAPS[name];
    const list = LISTS[name];
    if (map) {
      const [member, key, content] = map;
      const entries = (value as readonly Shape[]).map((entry) => [entry[key], entry[content]]);
      // CreateQueue alone spells its tags in lower case.
      input[action === 'CreateQueue' && member === 'Tags' ? 'tags' : member] = Object.fromEntries(entries);
    } else if (list) {
      input[list] = (value as readonly unknown[]).map((one) =>
        typeof one === 'object' && one !== null ? fromForm(one as Shape, '') : one,
      );
    } else input[name] = NUMBERS.includes(name) ? Number(value) : value;
  }
  return input;
}

const pairs = (map: unknown, key: string) =>
  Object.entries((map ?? {}) as Shape).map(([name, value]) => ({ [key]: name, Value: value }));

/** An output with the names that its lists and maps have in XML. */
function toXml(output: Shape, action: string): XmlElement {
  const element: Record<string, unknown> = {};
  for (const [member, value] of Object.entries(output)) {
    if (member === 'QueueUrls') element.QueueUrl = value;
    else if (member === 'Attributes') element.Attribute = pairs(value, 'Name');
    else if (member === 'MessageAttributes') element.MessageAttribute = pairs(value, 'Name');
    else if (member === 'Tags') element.Tag = pairs(value, 'Key');
    else if (member === 'Messages') element.Message = (value as Shape[]).map((one) => toXml(one, action));
    else if (member === 'Results') element.ListMessageMoveTasksResultEntry = value;
    else if (member === 'Successful') element[`${action}ResultEntry`] = value;
    else if (member === 'Failed') element.BatchResultErrorEntry = value;
    else element[member] = value;
  }
  return element as XmlElement;
}

async function run(
  operations: Operations,
  action: string,
  input: Shape,
  request: AwsRequest,
): Promise<Shape> {
  try {
    return await runOperation(operations, action, input, callerOf(request));
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'QueueDoesNotExist') throw error;
    throw new AwsError(error.code, 'The specified queue does not exist for this wsdl version.', error.status);
  }
}

/** @throws what the operation throws */
export async function handleQuery(operations: Operations, request: AwsRequest): Promise<AwsResponse> {
  const form = request.body.length > 0 ? request.body.toString('utf8') : request.queryString;
  const { action, input } = decodeQuery(form);
  // A request may go to the queue's own address instead of naming it.
  const isOfQueue = /^\/\d{12}\/[^/]+$/.test(request.path);
  if (!Object.hasOwn(operations, action) || (isOfQueue && OF_NO_QUEUE.includes(action)))
    throw new AwsError('InvalidAction', `The action ${action} is not valid for this endpoint.`);
  const address = isOfQueue && action !== 'GetQueueUrl' ? { QueueUrl: request.path } : {};
  const output = await run(operations, action, { ...address, ...fromForm(input, action) }, request);
  const document = xmlDocument(
    `${action}Response`,
    { [`${action}Result`]: toXml(output, action), ResponseMetadata: { RequestId: request.requestId } },
    NAMESPACE,
  );
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: document };
}
