// Batch jobs over files: what they leave room for, and their limits.
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { runBatchJob } from '../../src/resources/batch-files';
import type { Context } from '../../src/resources/context';
import type { BatchInferenceJobRecord } from '../../src/resources/records';

const job = {
  arn: 'arn:aws:personalize:us-east-1:000000000000:batch-inference-job/one',
  roleArn: 'arn:aws:iam::000000000000:role/Personalize',
  jobInput: { s3DataSource: { path: 's3://bucket/in/' } },
  jobOutput: { s3DataDestination: { path: 's3://bucket/out/' } },
} as BatchInferenceJobRecord;

/** An object store of one input file that takes its output as fast as it comes. */
function contextOf(input: () => Readable, takeLine: (line: string) => void): Context {
  const objectStore = {
    list: async () => [{ key: 'in/users.json', size: 1, lastModified: new Date(0) }],
    read: async () => input(),
    write: async (_identity: unknown, _bucket: string, _key: string, body: Readable) => {
      for await (const line of body) takeLine(String(line));
    },
  };
  return { objectStore } as unknown as Context;
}

const failedLine = (input: unknown, error: string) => ({ input, output: null, error });
const signal = new AbortController().signal;

function busy(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test('others get their turn while lines are answered one after the other', async () => {
  const text = '{"userId":"u"}\n'.repeat(200);
  let lines = 0;
  const context = contextOf(
    () => Readable.from([Buffer.from(text)]),
    () => lines++,
  );
  const answer = (input: object) => {
    busy(2);
    return { input };
  };
  let longest = 0;
  let done = false;
  const running = runBatchJob(context, job, signal, answer, failedLine).finally(() => {
    done = true;
  });
  for (let at = performance.now(); !done; at = performance.now()) {
    await pause(1);
    longest = Math.max(longest, performance.now() - at);
  }
  await running;
  expect(lines).toBe(200);
  // All lines together take 400 ms.
  expect(longest).toBeLessThan(200);
});

test('memory does not grow with the number of lines', async () => {
  const chunk = Buffer.from('{"userId":"u"}\n'.repeat(10_000));
  let lines = 0;
  let largest = 0;
  const context = contextOf(
    () =>
      Readable.from(
        (function* () {
          for (let i = 0; i < 12; i++) yield chunk;
        })(),
      ),
    () => {
      if (++lines % 10_000 === 0) largest = Math.max(largest, process.memoryUsage().heapUsed);
    },
  );
  const before = process.memoryUsage().heapUsed;
  // An answer of 2 KB: 240 MB in all.
  const filler = 'x'.repeat(2000);
  await runBatchJob(context, job, signal, (input) => ({ input, filler }), failedLine);
  expect(lines).toBe(120_000);
  expect(largest - before).toBeLessThan(120e6);
});

test('more queries than the quota fail the job before anything is written', async () => {
  const written: string[] = [];
  const context = contextOf(
    () => Readable.from([Buffer.from('{"itemId":"a"}\n\n{"itemId":"b"}\n{"itemId":"c"}\n')]),
    (line) => written.push(line),
  );
  const run = (most: number) => runBatchJob(context, job, signal, (input) => ({ input }), failedLine, most);
  await expect(run(2)).rejects.toThrow('The input has 3 queries, up to 2 are allowed.');
  expect(written).toEqual([]);
  await run(3);
  expect(written.length).toBe(3);
});
