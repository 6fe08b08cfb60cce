// Batch inference of many lines: time, memory, and what it does to requests that come meanwhile.
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { ms, quantile } from '../../../bench/latencies';
import type { StandaloneServer } from './standalone-server';

export interface BatchBench {
  readonly server: StandaloneServer;
  /** The folder of `s3/` and the state. */
  readonly dir: string;
  readonly roleArn: string;
  /** Campaign that is asked while the job runs. */
  readonly meanwhile: string;
}

export async function benchBatch(
  { server, dir, roleArn, meanwhile }: BatchBench,
  what: string,
  solutionVersionArn: string,
  lines: number,
): Promise<void> {
  const file = `batch-${lines}.json`;
  const stream = createWriteStream(join(dir, 's3', 'bucket', file));
  for (let line = 0; line < lines; line++) {
    const more = stream.write(`{"userId":"user-${line % 2000}"}\n`);
    if (!more) await new Promise<void>((resolve) => stream.once('drain', () => resolve()));
  }
  stream.end();
  await finished(stream);
  const before = server.peakMemory();
  const startedAt = performance.now();
  const { batchInferenceJobArn } = await server.call('CreateBatchInferenceJob', {
    jobName: `bench-${lines}`,
    solutionVersionArn,
    jobInput: { s3DataSource: { path: `s3://bucket/${file}` } },
    jobOutput: { s3DataDestination: { path: 's3://bucket/batch-out/' } },
    roleArn,
  });
  let done = false;
  const job = server
    .settle('DescribeBatchInferenceJob', { batchInferenceJobArn })
    .finally(() => (done = true));
  const latencies: number[] = [];
  while (!done) {
    const askedAt = performance.now();
    await server.call('GetRecommendations', { campaignArn: meanwhile, userId: 'user-1' });
    latencies.push(performance.now() - askedAt);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await job;
  const seconds = (performance.now() - startedAt) / 1000;
  latencies.sort((a, b) => a - b);
  console.log(
    `batch inference of ${lines.toLocaleString('en')} lines, ${what}: ${seconds.toFixed(1)} s, peak memory ${before} before and ${server.peakMemory()} after; ` +
      `GetRecommendations meanwhile p50 ${ms(quantile(latencies, 0.5))}, p99 ${ms(quantile(latencies, 0.99))}`,
  );
}
