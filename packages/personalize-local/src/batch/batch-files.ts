// What batch inference and batch segment jobs share: JSON lines from S3, an answer line for each, back to S3.

import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DataJobFailed } from '@emotion-gallery/personalize-rules/csv';
import type { Context } from '../resources/context';
import { folderKey, parseS3Location, withS3Failures } from '../resources/s3-location';
import type { BatchInferenceJobRecord, BatchSegmentJobRecord } from '../state/records';

const INVALID_INPUT = 'Invalid S3 input path';
const INVALID_OUTPUT = 'Invalid S3 output path';
const MOST_FILES = 1000;
const MOST_BYTES = 1024 ** 3;
/** The service answers other requests between stretches of this length. Milliseconds. */
const STRETCH_MS = 5;

/** Makes the answer to one parsed input line; a thrown error becomes the line's `error`. */
export type AnswerLine = (input: Readonly<Record<string, unknown>>) => object;

/**
 * Writes `<input file>.out` for every file under the input prefix. `mostLines` is a quota on all of them together.
 *
 * @throws DataJobFailed
 */
export async function runBatchJob(
  context: Context,
  job: BatchInferenceJobRecord | BatchSegmentJobRecord,
  signal: AbortSignal,
  answer: AnswerLine,
  failedLine: (input: unknown, message: string) => object,
  mostLines = Number.POSITIVE_INFINITY,
): Promise<void> {
  const input = parseS3Location(job.jobInput.s3DataSource.path);
  if (!input) throw new DataJobFailed(INVALID_INPUT);
  const output = parseS3Location(job.jobOutput.s3DataDestination.path);
  if (!output) throw new DataJobFailed(INVALID_OUTPUT);
  const identity = { roleArn: job.roleArn, sourceArn: job.arn };
  const listed = await withS3Failures(INVALID_INPUT, () =>
    context.objectStore.list(identity, input.bucket, input.key),
  );
  const files = listed.filter(({ key }) => !key.endsWith('/'));
  if (files.length === 0) throw new DataJobFailed(INVALID_INPUT);
  if (files.length > MOST_FILES)
    throw new DataJobFailed(`The input has ${files.length} files, up to ${MOST_FILES} are allowed.`);
  if (files.reduce((sum, { size }) => sum + size, 0) > MOST_BYTES) {
    throw new DataJobFailed('The input files are larger than 1 GB together.');
  }
  const open = (key: string) =>
    withS3Failures(INVALID_INPUT, () => context.objectStore.read(identity, input.bucket, key));
  if (Number.isFinite(mostLines)) {
    let count = 0;
    for (const { key } of files) for await (const _ of linesOf(await open(key))) count++;
    if (count > mostLines)
      throw new DataJobFailed(`The input has ${count} queries, up to ${mostLines} are allowed.`);
  }
  for (const { key } of files) {
    const lines = await open(key);
    const name = key.slice(key.lastIndexOf('/') + 1);
    const body = Readable.from(answers(lines, answer, failedLine, signal));
    await withS3Failures(INVALID_OUTPUT, () =>
      context.objectStore.write(identity, output.bucket, `${folderKey(output)}${name}.out`, body),
    );
  }
}

async function* answers(
  file: Readable,
  answer: AnswerLine,
  failedLine: (input: unknown, message: string) => object,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let restedAt = performance.now();
  for await (const line of linesOf(file)) {
    signal.throwIfAborted();
    yield `${JSON.stringify(answerLine(line, answer, failedLine))}\n`;
    if (performance.now() - restedAt < STRETCH_MS) continue;
    await nextTurn();
    restedAt = performance.now();
  }
}

/** Lines with something on them. */
async function* linesOf(file: Readable): AsyncGenerator<string> {
  for await (const line of createInterface({ input: file, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== '') yield line;
  }
}

function answerLine(
  line: string,
  answer: AnswerLine,
  failedLine: (input: unknown, message: string) => object,
): object {
  let input: unknown;
  try {
    input = JSON.parse(line);
  } catch {
    return failedLine(line, 'The line is not valid JSON.');
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return failedLine(input, 'The line is not a JSON object.');
  }
  try {
    return answer(input as Readonly<Record<string, unknown>>);
  } catch (error) {
    return failedLine(input, (error as Error).message);
  }
}

/** A member of an input line. @throws Error that becomes the line's `error` */
export function textMember(input: Readonly<Record<string, unknown>>, name: string): string {
  const value = input[name];
  if (typeof value !== 'string' || value === '') throw new Error(`${name} is missing.`);
  return value;
}
