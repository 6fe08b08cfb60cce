// npm run bench:growth: what three hours of requests leave on the disk beside people's data, and how long the event loop is held up by
// writing it. The services are the local AWS's own, on a clock that is moved.
import { existsSync, mkdtempSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHistogram, PerformanceObserver } from 'node:perf_hooks';
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
/** Nanoseconds on a processor, and waiting for one. */
const SCHEDULE = '/proc/self/schedstat';
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

/** Milliseconds since the process began. */
interface Span {
  readonly from: number;
  readonly to: number;
}

interface Turn extends Span {
  /** In which the processor was ours. */
  readonly ms: number;
}

const LONGEST = 50;

/**
 * The turns of the event loop, without the time in which other programs had the processor where the system tells it; of the longest, how
 * much the collection of garbage took, which is not the bookkeeping's own.
 */
class Turns {
  readonly durations = createHistogram();
  private longest: Turn[] = [];
  private readonly collections: Span[] = [];
  private readonly collector = new PerformanceObserver((list) => this.note(list.getEntries()));
  private readonly schedule = existsSync(SCHEDULE) ? openSync(SCHEDULE, 'r') : undefined;
  private readonly text = Buffer.alloc(100);
  private before = this.time();
  private from = performance.now();

  constructor() {
    this.collector.observe({ entryTypes: ['gc'] });
  }

  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const ms = this.time() - this.before;
    this.durations.record(Math.max(1, Math.round(ms * 1e6)));
    if (this.longest.length < LONGEST || ms > (this.longest.at(-1)?.ms ?? 0)) {
      this.longest.push({ from: this.from, to: performance.now(), ms });
      this.longest = this.longest.sort((a, b) => b.ms - a.ms).slice(0, LONGEST);
    }
    this.before = this.time();
    this.from = performance.now();
  }

  /** Milliseconds of the longest turn without the collection of garbage, and of the longest collection. */
  async ownAndCollection(): Promise<{ own: number; collection: number }> {
    // The last collections are told a turn later.
    await new Promise((resolve) => setTimeout(resolve, 10));
    this.collector.disconnect();
    const collected = ({ from, to }: Span) =>
      this.collections.reduce(
        (sum, each) => sum + Math.max(0, Math.min(to, each.to) - Math.max(from, each.from)),
        0,
      );
    return {
      own: Math.max(...this.longest.map((turn) => turn.ms - collected(turn))),
      collection: Math.max(0, ...this.collections.map(({ from, to }) => to - from)),
    };
  }

  private note(entries: readonly { readonly startTime: number; readonly duration: number }[]): void {
    for (const { startTime, duration } of entries)
      if (duration > 1) this.collections.push({ from: startTime, to: startTime + duration });
  }

  private time(): number {
    if (this.schedule === undefined) return performance.now();
    const bytes = readSync(this.schedule, this.text, 0, this.text.length, 0);
    const waited = Number(this.text.toString('latin1', 0, bytes).split(' ')[1]);
    return performance.now() - waited / 1e6;
  }
}

async function main(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-growth-'));
  const clock = new ManualClock();
  const log = (line: string) => console.log(line);
  const store = new Store({ dir: join(dir, 'store'), clock, log });
  const metrics = new MetricStore(store);
  const streams = new LogStreams({ store, folder: join(dir, 'logs'), log });
  const turns = new Turns();
  const flush = async () => {
    while (!metrics.flush()) await turns.next();
    await turns.next();
  };
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
      await turns.next();
    }
    clock.advance(1_000);
    if (second % 10 === 0) await flush();
    if (second % 600 === 0) largest = Math.max(largest, bytesIn(dir));
    await turns.next();
  }
  await flush();
  await streams.close();
  await store.close();
  const mb = Math.max(largest, bytesIn(dir)) / 1e6;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.log(`${HOURS} hours of ${REQUESTS_A_SECOND} requests a second, in ${seconds} s`);
  console.log(`on disk, at most                 ${mb.toFixed(1)} MB (aim: under ${GOAL_MB})`);
  const ms = (nanoseconds: number) => (nanoseconds / 1e6).toFixed(1);
  const { durations } = turns;
  console.log(
    `turns of the event loop          99.9 % under ${ms(durations.percentile(99.9))} ms, 99.999 % under ${ms(durations.percentile(99.999))} ms, longest ${ms(durations.max)} ms (aim: under ${GOAL_MS})`,
  );
  const { own, collection } = await turns.ownAndCollection();
  console.log(
    `  without the collection of garbage ${own.toFixed(1)} ms; the longest collection ${collection.toFixed(1)} ms`,
  );
  rmSync(dir, { recursive: true, force: true });
  if (mb > GOAL_MB || own > GOAL_MS) process.exitCode = 1;
}

endWithOutput();
noOptions(
  'npm run bench:growth\n\nWhat three hours of requests leave on the disk, and how long the event loop is held up by writing it.',
);
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
