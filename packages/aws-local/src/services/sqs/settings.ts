// The settings of a queue: their names, and the ranges of those that are numbers (API reference, SetQueueAttributes).
import { AwsError } from '../../service';

const NUMBERS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
  KmsDataKeyReusePeriodSeconds: [60, 86_400],
};

/** What a queue has that says nothing of it. */
export const DEFAULTS: Readonly<Record<string, string>> = {
  VisibilityTimeout: '30',
  DelaySeconds: '0',
  MessageRetentionPeriod: '345600',
  MaximumMessageSize: '1048576',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
};

const OTHERS = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId', 'SqsManagedSseEnabled'];

/** @throws InvalidParameterValueException for names that no queue has, and for FIFO queues */
export function requireQueueName(name: string, settings: Readonly<Record<string, string>>): void {
  if (name.endsWith('.fifo') || settings.FifoQueue === 'true')
    throw new AwsError('InvalidParameterValueException', 'FIFO queues are not supported on localhost.');
  if (!/^[\w-]{1,80}$/.test(name)) {
    throw new AwsError(
      'InvalidParameterValueException',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  }
}

/** @throws InvalidParameterValueException for a redrive policy that names no queue */
export function requireDeadLetterQueue(policy: string | undefined, exists: (arn: string) => boolean): void {
  if (!policy) return;
  const invalid = (reason: string) =>
    new AwsError(
      'InvalidParameterValueException',
      `Value ${policy} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
    );
  let parsed: { readonly deadLetterTargetArn?: unknown; readonly maxReceiveCount?: unknown };
  try {
    parsed = JSON.parse(policy);
  } catch {
    throw invalid('Amazon SQS can’t create the redrive policy, as it’s in an unsupported format.');
  }
  const { deadLetterTargetArn: target, maxReceiveCount: count } = parsed ?? {};
  if (count === undefined)
    throw invalid('Redrive policy does not contain mandatory attribute: maxReceiveCount.');
  if (typeof target !== 'string')
    throw invalid('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  if (!/^[1-9]\d{0,3}$/.test(String(count)) || Number(count) > 1000)
    throw invalid('Invalid value for maxReceiveCount: must be an integer from 1 to 1000.');
  if (!exists(target)) throw invalid('Dead letter target does not exist.');
}

/** Attributes of FIFO queues, that may be asked for of any. */
const OF_FIFO = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];

/** @throws InvalidAttributeName for a name that no queue has */
export function requireAttributeNames(names: readonly string[], described: readonly string[]): void {
  const known = ['All', ...described, ...Object.keys(NUMBERS), ...OTHERS, ...OF_FIFO];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
}

/** @throws InvalidAttributeName, InvalidAttributeValue */
export function checkedSettings(settings: Readonly<Record<string, string>>): Record<string, string> {
  for (const [name, value] of Object.entries(settings)) {
    const range = NUMBERS[name];
    if (!range && !OTHERS.includes(name)) {
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
    if (range && !isWithin(value, range)) {
      throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    }
  }
  if (!settings.KmsMasterKeyId) return { ...settings };
  if (settings.SqsManagedSseEnabled === 'true') {
    throw new AwsError(
      'InvalidAttributeName',
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    );
  }
  return { ...settings, SqsManagedSseEnabled: 'false' };
}

function isWithin(value: string, [least, most]: readonly [number, number]): boolean {
  return /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most;
}
