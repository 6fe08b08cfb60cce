// npm run bench:growth: what three hours of requests leave on the disk beside people's data, and how long the event loop is held up by
// writing it. The services are the local AWS's own, on a clock that is moved.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import { endWithOutput, noOptions } from '@emotion-gallery/local-kit/command-line';
import { Store } from '@emotion-gallery/local-kit/store';
import { MetricStore } from '../packages/aws-local/src/services/cloudwatch/metric-store';
import { LogStreams } from '../packages/aws-local/src/services/logs/streams';

const HOURS = 3;
const REQUESTS_A_SECOND = 48;
const FUNCTIONS = ['like', 'images', 'recommend', 'similar', 'progress', 'visitors'];
/** A request brings some dozen values: of the API, the function, its tables, the gallery's own. */
const METRICS = [
  'Invocations',
  'Duration',
  'Errors',
  'ConcurrentExecutions',
  'Count',
  'Latency',
  'IntegrationLatency',
  '4xx',
  '5xx',
  'ConsumedRead',
  'ConsumedWrite',
  'SuccessfulRequestLatency',
];
const GOAL_MB = 100;
const GOAL_MS = 20;

function bytesIn(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? bytesIn(path) : statSync(path).size);
  }, 0);
}

function linesOf(request: number, time: number): string[] {
  const requestId = crypto.randomUUID();
  const at = new Date(time).toISOString();
  return [
    JSON.stringify({ time: at, type: 'platform.start', record: { requestId, version: '$LATEST' } }),
    JSON.stringify({
      level: 'INFO',
      message: 'answered',
      timestamp: at,
      function_request_id: requestId,
      service: 'gallery',
      items: request % 25,
    }),
    JSON.stringify({
      time: at,
      type: 'platform.report',
      record: { requestId, metrics: { durationMs: request % 97, billedDurationMs: 97, memorySizeMB: 512 } },
    }),
  ];
}

async function main(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-growth-'));
  const clock = new ManualClock();
  const log = (line: string) => console.log(line);
  const store = new Store({ dir: join(dir, 'store'), clock, log });
  const metrics = new MetricStore(store);
  const streams = new LogStreams({ store, folder: join(dir, 'logs'), log });
  let longestFlush = 0;
  const flush = async () => {
    for (let isAll = false; !isAll; ) {
      const startedAt = performance.now();
      isAll = metrics.flush();
      longestFlush = Math.max(longestFlush, performance.now() - startedAt);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let largest = 0;
  const startedAt = performance.now();
  for (let second = 0; second < HOURS * 3600; second += 1) {
    for (let i = 0; i < REQUESTS_A_SECOND; i += 1) {
      const request = second * REQUESTS_A_SECOND + i;
      const name = FUNCTIONS[request % FUNCTIONS.length] as string;
      for (const metric of METRICS)
        metrics.add('AWS/Lambda', metric, { FunctionName: name }, clock.now(), 'None', request % 97, 1);
      const events = linesOf(request, clock.now()).map((message) => ({ timestamp: clock.now(), message }));
      streams.append(`/aws/lambda/${name}`, 'stream', events, clock.now());
    }
    clock.advance(1_000);
    if (second % 10 === 0) await flush();
    if (second % 600 === 0) largest = Math.max(largest, bytesIn(dir));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await flush();
  delay.disable();
  await streams.close();
  await store.close();
  const mb = Math.max(largest, bytesIn(dir)) / 1e6;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.log(`${HOURS} hours of ${REQUESTS_A_SECOND} requests a second, in ${seconds} s`);
  console.log(`on disk, at most                 ${mb.toFixed(1)} MB (aim: under ${GOAL_MB})`);
  console.log(`longest write of metrics         ${longestFlush.toFixed(1)} ms (aim: under ${GOAL_MS})`);
  console.log(
    `event loop held up, 99.9 %       ${(delay.percentile(99.9) / 1e6).toFixed(1)} ms, longest ${(delay.max / 1e6).toFixed(1)} ms`,
  );
  rmSync(dir, { recursive: true, force: true });
  if (mb > GOAL_MB) process.exitCode = 1;
}

endWithOutput();
noOptions(
  'npm run bench:growth\n\nWhat three hours of requests leave on the disk, and how long the event loop is held up by writing it.',
);
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
