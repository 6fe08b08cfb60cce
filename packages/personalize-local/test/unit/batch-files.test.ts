// Batch jobs over files: what they leave room for, and their limits.
import { Readable } from 'node:stream';
import { runBatchJob } from '../../src/batch/batch-files';
import type { Context } from '../../src/resources/context';
import type { BatchInferenceJobRecord } from '../../src/state/records';

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

test('others get their turn while lines are answered one after the other', async () => {
  const text = '{"userId":"u"}\n'.repeat(200);
  const context = contextOf(
    () => Readable.from([Buffer.from(text)]),
    () => undefined,
  );
  let now = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
  let turns = 0;
  let done = false;
  const takeTurn = () => {
    turns++;
    if (!done) setImmediate(takeTurn);
  };
  takeTurn();
  const linesByTurn = new Map<number, number>();
  // Each line takes two milliseconds.
  const answer = (input: object) => {
    now += 2;
    linesByTurn.set(turns, (linesByTurn.get(turns) ?? 0) + 1);
    return { input };
  };
  try {
    await runBatchJob(context, job, signal, answer, failedLine);
  } finally {
    done = true;
    clock.mockRestore();
  }
  expect([...linesByTurn.values()].reduce((sum, lines) => sum + lines, 0)).toBe(200);
  expect(Math.max(...linesByTurn.values())).toBeLessThanOrEqual(4);
});

test('answers are not held up: each is written before many more are made', async () => {
  const chunk = Buffer.from('{"userId":"u"}\n'.repeat(10_000));
  let answered = 0;
  let written = 0;
  let mostHeld = 0;
  const context = contextOf(
    () => Readable.from([chunk, chunk, chunk]),
    () => written++,
  );
  const answer = (input: object) => {
    answered++;
    mostHeld = Math.max(mostHeld, answered - written);
    return { input };
  };
  await runBatchJob(context, job, signal, answer, failedLine);
  expect(written).toBe(30_000);
  expect(mostHeld).toBeLessThan(100);
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
