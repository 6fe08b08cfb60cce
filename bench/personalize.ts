// npm run bench:personalize: speed and memory of the service, measured on the standalone server over HTTP, and rounds of
// kill -9.
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createPersonalize, RealClock } from '../local/personalize';
import { seededRandom } from '../local/personalize/engine/random';
import { FolderStore } from '../local/personalize/standalone/folder-store';
import { requestOf } from '../test/local/personalize/calls';
import { bundleServer, crashRounds } from '../test/local/personalize/crash-rounds';
import { ms, quantile } from './latencies';
import { benchBatch, type Served } from './personalize-batch';
import { CONNECTIONS, StandaloneServer } from './standalone-server';
import { synthetic } from './synthetic';

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';
const arn = (id: string) => `arn:aws:personalize:${REGION}:${ACCOUNT}:${id}`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/Personalize`;
const GROUP = arn('dataset-group/bench');
const DATASET = arn('dataset/bench/INTERACTIONS');
const PUT_EVENTS_SECONDS = 5;
const REQUESTS = 1000;

/** GetRecommendations through HTTP, 4,000 items. Milliseconds. */
const GOALS = { p50: 3, p99: 15 };

const HELP = `npm run bench:personalize -- [options]

Measures the standalone server: PutEvents, an import, batch inference, GetRecommendations with a new event before each second
one, and that nothing acknowledged is lost to kill -9.

  --rounds N   rounds of kill -9; 0 leaves them out (200)
  --rows N     interactions to import (1000000)
  --lines N    input lines of a batch inference job of popularity-count (1000000); one of personalization has a fiftieth
  --help
`;

const SCHEMA = JSON.stringify({
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  fields: [
    { name: 'USER_ID', type: 'string' },
    { name: 'ITEM_ID', type: 'string' },
    { name: 'TIMESTAMP', type: 'long' },
    { name: 'EVENT_TYPE', type: 'string' },
  ],
  version: '1.0',
});

const reached = (value: number, goal: number) =>
  ` (goal ≤ ${goal} ms: ${value <= goal ? 'reached' : 'NOT reached'})`;

async function makeGroup(server: StandaloneServer): Promise<string> {
  await server.call('CreateDatasetGroup', { name: 'bench' });
  await server.settle('DescribeDatasetGroup', { datasetGroupArn: GROUP });
  const { schemaArn } = await server.call('CreateSchema', { name: 'bench', schema: SCHEMA });
  await server.call('CreateDataset', {
    name: 'bench',
    datasetType: 'Interactions',
    datasetGroupArn: GROUP,
    schemaArn,
  });
  await server.settle('DescribeDataset', { datasetArn: DATASET });
  const { eventTrackerArn, trackingId } = await server.call('CreateEventTracker', {
    name: 'bench',
    datasetGroupArn: GROUP,
  });
  await server.settle('DescribeEventTracker', { eventTrackerArn });
  return trackingId as string;
}

async function benchPutEvents(server: StandaloneServer, trackingId: string): Promise<void> {
  const latencies: number[] = [];
  const cpuBefore = server.cpuSeconds();
  const end = performance.now() + PUT_EVENTS_SECONDS * 1000;
  const startedAt = performance.now();
  const client = async (c: number) => {
    for (let i = 0; performance.now() < end; i++) {
      const sentAt = performance.now();
      await server.call('PutEvents', {
        trackingId,
        userId: `user-${(c * 7919 + i) % 5000}`,
        sessionId: `session-${c}`,
        eventList: [
          {
            eventType: 'like',
            eventId: `e-${c}-${i}`,
            itemId: `item-${i % 1000}`,
            sentAt: 1_700_000_000 + i,
          },
        ],
      });
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, c) => client(c)));
  const seconds = (performance.now() - startedAt) / 1000;
  latencies.sort((a, b) => a - b);
  const cpuAfter = server.cpuSeconds();
  const perCore =
    cpuBefore === undefined || cpuAfter === undefined
      ? 'not known here'
      : `${Math.round(latencies.length / (cpuAfter - cpuBefore))} requests`;
  console.log(
    `PutEvents, one event, ${CONNECTIONS} connections: ${Math.round(latencies.length / seconds)} requests/s, ` +
      `p50 ${ms(quantile(latencies, 0.5))}, p99 ${ms(quantile(latencies, 0.99))}; a second of one core serves ${perCore}`,
  );
}

async function writeCsv(file: string, rows: number): Promise<void> {
  const random = seededRandom(1);
  const stream = createWriteStream(file);
  stream.write('USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE\n');
  for (let row = 0; row < rows; ) {
    let text = '';
    for (const end = Math.min(rows, row + 10_000); row < end; row++) {
      const item = Math.floor(random() ** 2 * 5000);
      text += `user-${Math.floor(random() * 50_000)},item-${item},${1_600_000_000 + row},view\n`;
    }
    if (!stream.write(text)) await new Promise<void>((resolve) => stream.once('drain', () => resolve()));
  }
  stream.end();
  await finished(stream);
}

async function importFile(server: StandaloneServer, jobName: string): Promise<void> {
  const { datasetImportJobArn } = await server.call('CreateDatasetImportJob', {
    jobName,
    datasetArn: DATASET,
    roleArn: ROLE,
    dataSource: { dataLocation: `s3://bucket/${jobName}.csv` },
  });
  await server.settle('DescribeDatasetImportJob', { datasetImportJobArn });
}

async function benchImport(server: StandaloneServer, dir: string, rows: number): Promise<void> {
  mkdirSync(join(dir, 's3', 'bucket'), { recursive: true });
  await writeCsv(join(dir, 's3', 'bucket', 'bench.csv'), rows);
  const startedAt = performance.now();
  await importFile(server, 'bench');
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `import of ${rows.toLocaleString('en')} interactions: ${seconds.toFixed(1)} s, ` +
      `largest memory of the server ${server.peakMemory()}`,
  );
}

async function makeCampaign(server: StandaloneServer, recipe: string): Promise<Served> {
  const { solutionArn } = await server.call('CreateSolution', {
    name: recipe,
    datasetGroupArn: GROUP,
    recipeArn: `arn:aws:personalize:::recipe/${recipe}`,
    performAutoTraining: false,
  });
  await server.settle('DescribeSolution', { solutionArn });
  const { solutionVersionArn } = await server.call('CreateSolutionVersion', { solutionArn });
  await server.settle('DescribeSolutionVersion', { solutionVersionArn });
  const { campaignArn } = await server.call('CreateCampaign', { name: recipe, solutionVersionArn });
  await server.settle('DescribeCampaign', { campaignArn });
  return { solutionVersionArn: solutionVersionArn as string, campaignArn: campaignArn as string };
}

/** In this process, without HTTP, with the cheapest model: what is left is the service's own work. */
async function benchRecommendations(dir: string, campaignArn: string): Promise<void> {
  const clock = new RealClock(1);
  const service = await createPersonalize({
    stateDir: join(dir, 'state'),
    accountId: ACCOUNT,
    region: REGION,
    clock,
    objectStore: new FolderStore(join(dir, 's3')),
    quotas: false,
  });
  const latencies: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const request = requestOf('GetRecommendations', { campaignArn, userId: `user-${i % 5000}` });
    const startedAt = performance.now();
    await service.handle(request);
    latencies.push(performance.now() - startedAt);
  }
  latencies.sort((a, b) => a - b);
  console.log(
    `GetRecommendations, 25 items of popularity-count: p50 ${ms(quantile(latencies, 0.5))}, p99 ${ms(quantile(latencies, 0.99))}`,
  );
  await service.close();
  clock.stop();
}

/** Through HTTP, a personalization model of 4,000 items; every request comes after an event of its user. */
async function benchPersonalization(
  server: StandaloneServer,
  dir: string,
  trackingId: string,
): Promise<Served> {
  const made = synthetic({ users: 1000, items: 4000, interactions: 100_000, seed: 1 });
  const rows = Array.from(
    made.user,
    (user, row) => `user-${user},item-${made.item[row]},${made.timestamp[row]},view`,
  );
  const csv = ['USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE', ...rows].join('\n');
  writeFileSync(join(dir, 's3', 'bucket', 'items.csv'), csv);
  await importFile(server, 'items');
  const served = await makeCampaign(server, 'aws-user-personalization-v2');
  const { campaignArn } = served;
  const latencies: number[] = [];
  let unchanged = 0;
  const cpuBefore = server.cpuSeconds();
  const ask = async (userId: string) => {
    const startedAt = performance.now();
    const { itemList } = await server.call('GetRecommendations', { campaignArn, userId });
    latencies.push(performance.now() - startedAt);
    return JSON.stringify((itemList as { itemId: string }[]).map(({ itemId }) => itemId));
  };
  for (let i = 0; i < REQUESTS / 2; i++) {
    const userId = `visitor-${i % 50}`;
    const before = await ask(userId);
    await server.call('PutEvents', {
      trackingId,
      userId,
      sessionId: userId,
      eventList: [{ eventType: 'view', itemId: `item-${(i * 37) % 1000}`, sentAt: 1_800_000_000 + i }],
    });
    if ((await ask(userId)) === before) unchanged++;
  }
  const cpuAfter = server.cpuSeconds();
  const cpu =
    cpuBefore === undefined || cpuAfter === undefined
      ? 'not known here'
      : ms(((cpuAfter - cpuBefore) * 1000) / REQUESTS);
  latencies.sort((a, b) => a - b);
  const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)];
  console.log(
    `GetRecommendations over HTTP, user-personalization-v2 of 4,000 items: p50 ${ms(p50)}${reached(p50, GOALS.p50)}, ` +
      `p99 ${ms(p99)}${reached(p99, GOALS.p99)}, processor time ${cpu} each with half a PutEvents; ${REQUESTS / 2 - unchanged} of ${REQUESTS / 2} events changed the next list`,
  );
  return served;
}

/** What the caller gave cannot be used. */
class BadArgument extends Error {
  override readonly name = 'BadArgument';
}

/** @throws BadArgument */
function numberOf(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new BadArgument(`--${option} must be a whole number of ${least} or more, got '${text}'`);
  }
  return value;
}

function optionsOf(): { rounds: number; rows: number; lines: number } | undefined {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '200' },
      rows: { type: 'string', default: '1000000' },
      lines: { type: 'string', default: '1000000' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  return {
    rounds: numberOf('rounds', values.rounds, 0),
    // Fewer than an import job takes.
    rows: numberOf('rows', values.rows, 1000),
    lines: numberOf('lines', values.lines, 1),
  };
}

async function main(): Promise<void> {
  const options = optionsOf();
  if (!options) {
    console.log(HELP);
    return;
  }
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`);
  const dir = mkdtempSync(join(tmpdir(), 'bench-personalize-'));
  try {
    const bundle = bundleServer(dir);
    const first = await StandaloneServer.start(bundle, dir);
    const trackingId = await makeGroup(first);
    await benchPutEvents(first, trackingId);
    await benchImport(first, dir, options.rows);
    const popular = await makeCampaign(first, 'aws-popularity-count');
    await first.stop();
    const second = await StandaloneServer.start(bundle, dir);
    console.log(`start with that data: ${(second.startMs / 1000).toFixed(2)} s, ${second.peakMemory()}`);
    const served = await benchPersonalization(second, dir, trackingId);
    const job = { server: second, dir, roleArn: ROLE, meanwhile: served.campaignArn };
    await benchBatch(job, 'popularity-count', popular.solutionVersionArn, options.lines);
    const personal = Math.ceil(options.lines / 50);
    await benchBatch(job, 'user-personalization-v2 of 4,000 items', served.solutionVersionArn, personal);
    await second.stop();
    await benchRecommendations(dir, popular.campaignArn);
    if (options.rounds > 0) {
      const report = await crashRounds(mkdtempSync(join(dir, 'crash-')), options.rounds, 1);
      console.log(
        `kill -9: ${report.rounds} rounds, ${report.acknowledged} acknowledged calls, ${report.problems.length} lost or invented`,
      );
      for (const problem of report.problems) console.error(problem);
      if (report.problems.length > 0) process.exitCode = 1;
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

main().catch((error: NodeJS.ErrnoException) => {
  const mistake = error instanceof BadArgument || error.code?.startsWith('ERR_PARSE_ARGS');
  console.error(mistake ? `${error.message}\n\n${HELP}` : error.stack);
  process.exitCode = 1;
});
