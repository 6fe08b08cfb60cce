// What SQS takes for messages, in batches too, and how it words what it refuses (as recorded).
import { z } from 'zod';
import { AwsError, type Shape } from '../../service';
import type { MessageAttribute } from './queue';

const ATTRIBUTE = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z
    .union([z.string(), z.instanceof(Buffer).transform((bytes) => bytes.toString('base64'))])
    .optional(),
});

export const MESSAGE = z.object({
  MessageBody: z.string(),
  DelaySeconds: z.number().int().min(0).max(900).optional(),
  MessageAttributes: z.record(z.string(), ATTRIBUTE).default({}),
  MessageSystemAttributes: z.object({ AWSTraceHeader: ATTRIBUTE.optional() }).default({}),
  // Of a standard queue, the group that its messages are shared out fairly by; here every message has the same chance.
  MessageGroupId: z.string().optional(),
});
export type Message = z.output<typeof MESSAGE>;

/** A batch's entries, each with its id; what SQS has codes of its own for is checked by `checkBatch`. */
export const entries = <T extends z.ZodRawShape>(entry: z.ZodObject<T>) =>
  z.object({ QueueUrl: z.string(), Entries: z.array(entry.extend({ Id: z.string() })).default([]) });

export const LONGEST_MESSAGE = 1_048_576;
const MOST_ENTRIES = 10;
const BAD_CHARACTERS = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

export const invalid = (message: string) => new AwsError('InvalidParameterValueException', message);

function sizeOf({ MessageBody, MessageAttributes }: Message): number {
  let size = Buffer.byteLength(MessageBody);
  for (const [name, { DataType, StringValue = '', BinaryValue = '' }] of Object.entries(MessageAttributes)) {
    size += Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue);
    size += Buffer.from(BinaryValue, 'base64').length;
  }
  return size;
}

/**
 * @param longest of its queue, in bytes
 * @throws MissingRequiredParameterException, InvalidParameterValueException, InvalidMessageContents
 */
export function checkMessage(message: Message, longest: number): void {
  const { MessageBody, MessageAttributes, MessageGroupId } = message;
  if (MessageBody === '') {
    throw new AwsError(
      'MissingRequiredParameterException',
      'The request must contain the parameter MessageBody.',
    );
  }
  if (sizeOf(message) > longest) {
    throw invalid(
      `One or more parameters are invalid. Reason: Message must be shorter than ${longest} bytes.`,
    );
  }
  if (BAD_CHARACTERS.test(MessageBody)) {
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  }
  if (MessageGroupId !== undefined && !/^[!-~]{1,128}$/.test(MessageGroupId)) {
    throw invalid(
      `Value ${MessageGroupId} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
  }
  for (const [name, attribute] of Object.entries(MessageAttributes)) checkAttribute(name, attribute);
}

function checkAttribute(name: string, { DataType, StringValue, BinaryValue }: MessageAttribute): void {
  if (!/^[\p{L}\p{N}_.-]{1,256}$/u.test(name) || /^(aws\.|amazon\.|\.)|\.$/i.test(name)) {
    throw invalid(`Invalid message (user) attribute name '${name}'.`);
  }
  const [, kind] = /^(String|Number|Binary)(\..+)?$/.exec(DataType) ?? [];
  if (kind === undefined) {
    throw invalid(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  }
  const value = kind === 'Binary' ? BinaryValue : StringValue;
  if (!value) {
    throw invalid(`Message (user) attribute '${name}' must contain a non-empty value of type '${kind}'.`);
  }
  if (kind !== 'Binary' && BAD_CHARACTERS.test(value)) {
    throw invalid(`Invalid characters found in the value of message (user) attribute '${name}'.`);
  }
  if (kind === 'Number' && Number.isNaN(Number(value))) {
    throw invalid(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
}

/** @throws EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId, BatchEntryIdsNotDistinct */
export function checkBatch(kind: string, batch: readonly { readonly Id: string }[]): void {
  if (batch.length === 0) {
    throw new AwsError(
      'EmptyBatchRequest',
      `There should be at least one ${kind}BatchRequestEntry in the request.`,
    );
  }
  if (batch.length > MOST_ENTRIES) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${batch.length}.`,
    );
  }
  const seen = new Set<string>();
  for (const { Id } of batch) {
    if (!/^[\w-]{1,80}$/.test(Id)) {
      throw new AwsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (seen.has(Id)) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    seen.add(Id);
  }
}

/** @throws BatchRequestTooLong */
export function checkBatchSize(batch: readonly Message[]): void {
  const size = batch.reduce((sum, message) => sum + sizeOf(message), 0);
  if (size <= LONGEST_MESSAGE) return;
  throw new AwsError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${LONGEST_MESSAGE} bytes. You have sent ${size} bytes.`,
  );
}

/** Does each entry's work; one that fails does not keep the others from theirs. */
export function each<E extends { readonly Id: string }>(
  batch: readonly E[],
  work: (entry: E) => Shape | undefined,
  codeOf: (code: string) => string,
): Shape {
  const Successful: Shape[] = [];
  const Failed: Shape[] = [];
  for (const entry of batch) {
    try {
      Successful.push({ Id: entry.Id, ...work(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const Message = error.message.replace('parameters are invalid', 'parameters cannot be validated');
      Failed.push({ Id: entry.Id, SenderFault: true, Code: codeOf(error.code), Message });
    }
  }
  return { Successful: unlessEmpty(Successful), Failed: unlessEmpty(Failed) };
}

const unlessEmpty = <T>(list: readonly T[]) => (list.length > 0 ? list : undefined);
