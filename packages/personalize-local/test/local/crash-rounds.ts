// Kills the service with SIGKILL in the middle of random work and compares what a restart finds with what was acknowledged.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { buildSync } from 'esbuild';
import { createPersonalize, ManualClock } from '../../src';
import { prebuiltName } from '../../src/recipes/training/worker-source';
import { FolderStore } from '../../src/standalone/folder-store';
import { type Answer, parseBody, REGION, requestOf } from './calls';

/** For a training on a busy machine. */
const SETTLE_PATIENCE_MS = 120_000;
const ACCOUNT = '000000000000';
const arn = (id: string) => `arn:aws:personalize:${REGION}:${ACCOUNT}:${id}`;
const GROUP = arn('dataset-group/crash');
const ROLE = `arn:aws:iam::${ACCOUNT}:role/Personalize`;

const schemaText = (name: string, fields: object[]) =>
  JSON.stringify({
    type: 'record',
    name,
    namespace: 'com.amazonaws.personalize.schema',
    fields,
    version: '1.0',
  });
const INTERACTIONS = schemaText('Interactions', [
  { name: 'USER_ID', type: 'string' },
  { name: 'ITEM_ID', type: 'string' },
  { name: 'TIMESTAMP', type: 'long' },
]);
const ITEMS = schemaText('Items', [
  { name: 'ITEM_ID', type: 'string' },
  { name: 'EMOTION', type: 'string', categorical: true },
]);

type Known = 'present' | 'absent' | 'unknown';

/** What was acknowledged; an operation under way at the kill may have happened or not. */
class Expectation {
  readonly schemas = new Map<string, Known>();
  readonly tags = new Map<string, string | undefined>();
  readonly unknownTags = new Set<string>();
  readonly events = new Set<string>();
  readonly possibleEvents = new Set<string>();
  readonly items = new Set<string>();
  readonly possibleItems = new Set<string>();
  readonly imports = new Map<string, Known>();
}

type Call = (name: string, body: object) => Promise<Answer>;

/** Opens the state in this process, under a clock that moves by hand. */
async function withService<T>(dir: string, work: (call: Call, settle: Call) => Promise<T>): Promise<T> {
  const clock = new ManualClock();
  const repairs: string[] = [];
  const service = await createPersonalize({
    stateDir: join(dir, 'state'),
    accountId: ACCOUNT,
    region: REGION,
    clock,
    objectStore: new FolderStore(join(dir, 's3')),
    quotas: false,
    log: (line) => repairs.push(line),
  });
  const call: Call = async (name, body) => {
    const response = await service.handle(requestOf(name, body));
    return { status: response.status, body: parseBody(response.body.toString()) };
  };
  const settle: Call = async (name, body) => {
    const deadline = Date.now() + SETTLE_PATIENCE_MS;
    while (Date.now() < deadline) {
      const answer = await call(name, body);
      const [resource] = Object.values(answer.body) as { status?: string }[];
      if (answer.status !== 200 || !/PENDING|PROGRESS/.test(resource?.status ?? '')) return answer;
      clock.advance(10_000);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    throw new Error(`${name} does not settle: ${repairs.slice(-3).join('\n')}`);
  };
  try {
    return await work(call, settle);
  } finally {
    await service.close();
  }
}

async function setUp(dir: string): Promise<string> {
  await mkdir(join(dir, 's3', 'bucket'), { recursive: true });
  const rows = Array.from({ length: 1000 }, (_, i) => `bulk-${i},bulk-item-${i % 10},${1_700_000_000 + i}`);
  await writeFile(join(dir, 's3/bucket/i.csv'), `USER_ID,ITEM_ID,TIMESTAMP\n${rows.join('\n')}\n`);
  return withService(dir, async (call, settle) => {
    await call('CreateDatasetGroup', { name: 'crash' });
    await settle('DescribeDatasetGroup', { datasetGroupArn: GROUP });
    for (const [datasetType, schema] of [
      ['INTERACTIONS', INTERACTIONS],
      ['ITEMS', ITEMS],
    ] as const) {
      await call('CreateSchema', { name: `base-${datasetType}`, schema });
      await call('CreateDataset', {
        name: datasetType,
        datasetType,
        datasetGroupArn: GROUP,
        schemaArn: arn(`schema/base-${datasetType}`),
      });
      await settle('DescribeDataset', { datasetArn: arn(`dataset/crash/${datasetType}`) });
    }
    const { body } = await call('CreateEventTracker', { name: 'crash', datasetGroupArn: GROUP });
    await settle('DescribeEventTracker', { eventTrackerArn: body.eventTrackerArn });
    return body.trackingId as string;
  });
}

/** The standalone server as one file, so that a start takes a fraction of a second; its training worker lies beside it. */
export function bundleServer(dir: string): string {
  const sources = join(__dirname, '../../src');
  const bundle = (entry: string, name: string): string => {
    const outfile = join(dir, name);
    buildSync({
      entryPoints: [join(sources, entry)],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      conditions: ['source'],
      outfile,
      external: ['esbuild'],
      logLevel: 'error',
    });
    return outfile;
  };
  bundle('recipes/training/training-worker.ts', prebuiltName);
  return bundle('main.ts', 'server.cjs');
}

async function startServer(server: string, dir: string): Promise<{ child: ChildProcess; url: string }> {
  const args = ['--port', '0', '--state', join(dir, 'state'), '--s3-dir', join(dir, 's3')];
  const child = spawn(process.execPath, [server, ...args, '--no-quotas', '--quiet', '--speed', '2000'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH },
  });
  let errors = '';
  child.stderr?.on('data', (data: Buffer) => {
    errors += data;
  });
  let output = '';
  for await (const data of child.stdout ?? []) {
    output += data;
    const url = /answers at (\S+),/.exec(output)?.[1];
    if (url) return { child, url };
  }
  throw new Error(`the server did not start: ${errors}`);
}

function post(url: string, agent: Agent, name: string, body: object): Promise<Answer> {
  const { path, headers, body: bytes } = requestOf(name, body);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(`${url}${path}`, { method: 'POST', headers, agent }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        // A kill in the middle of an answer leaves it unacknowledged.
        if (!incoming.complete) reject(new Error('the answer was cut off'));
        else resolve({ status: incoming.statusCode ?? 0, body: parseBody(Buffer.concat(chunks).toString()) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(bytes);
  });
}

/** One random operation, told to the expectation before it is sent and after it is acknowledged. */
async function randomOperation(
  call: Call,
  random: () => number,
  id: string,
  trackingId: string,
  expected: Expectation,
): Promise<void> {
  const choice = random();
  if (choice < 0.5) {
    const ids = Array.from({ length: 1 + Math.floor(random() * 10) }, (_, i) => `event-${id}-${i}`);
    for (const event of ids) expected.possibleEvents.add(event);
    const eventList = ids.map((itemId) => ({
      eventType: 'like',
      eventId: itemId,
      itemId,
      sentAt: 1_700_000_000,
    }));
    const { status } = await call('PutEvents', { trackingId, sessionId: 's', userId: 'u', eventList });
    if (status === 200) for (const event of ids) expected.events.add(event);
  } else if (choice < 0.65) {
    const itemId = `put-${id}`;
    expected.possibleItems.add(itemId);
    const items = [{ itemId, properties: '{"emotion":"happy"}' }];
    const { status } = await call('PutItems', { datasetArn: arn('dataset/crash/ITEMS'), items });
    if (status === 200) expected.items.add(itemId);
  } else if (choice < 0.75) {
    const name = `schema-${id}`;
    expected.schemas.set(name, 'unknown');
    const { status } = await call('CreateSchema', { name, schema: ITEMS });
    if (status === 200) expected.schemas.set(name, 'present');
  } else if (choice < 0.85) {
    const name = [...expected.schemas].find(([, known]) => known === 'present')?.[0];
    if (name === undefined) return;
    expected.schemas.set(name, 'unknown');
    const { status } = await call('DeleteSchema', { schemaArn: arn(`schema/${name}`) });
    if (status === 200) expected.schemas.set(name, 'absent');
  } else if (choice < 0.95) {
    const tagKey = `key-${Math.floor(random() * 10)}`;
    if (expected.unknownTags.has(tagKey)) return;
    expected.unknownTags.add(tagKey);
    const { status } = await call('TagResource', { resourceArn: GROUP, tags: [{ tagKey, tagValue: id }] });
    if (status !== 200) return;
    expected.tags.set(tagKey, id);
    expected.unknownTags.delete(tagKey);
  } else {
    const jobName = `import-${id}`;
    expected.imports.set(jobName, 'unknown');
    const { status } = await call('CreateDatasetImportJob', {
      jobName,
      datasetArn: arn('dataset/crash/INTERACTIONS'),
      dataSource: { dataLocation: 's3://bucket/i.csv' },
      roleArn: ROLE,
    });
    if (status === 200) expected.imports.set(jobName, 'present');
  }
}

async function exportedIds(dir: string, call: Call, settle: Call, type: string, round: number) {
  const jobName = `export-${type}-${round}`;
  await call('CreateDatasetExportJob', {
    jobName,
    datasetArn: arn(`dataset/crash/${type}`),
    ingestionMode: 'PUT',
    roleArn: ROLE,
    jobOutput: { s3DataDestination: { path: 's3://bucket/out/' } },
  });
  await settle('DescribeDatasetExportJob', { datasetExportJobArn: arn(`dataset-export-job/${jobName}`) });
  const file = join(dir, 's3/bucket/out', jobName, `${type.toLowerCase()}.csv`);
  const [header = '', ...rows] = (await readFile(file, 'utf8')).trim().split('\n');
  const column = header.split(',').indexOf('ITEM_ID');
  return new Set(rows.map((row) => row.split(',')[column]));
}

/** What a restart finds that was not acknowledged, or misses that was: empty when all is well. */
function differences(expected: Expectation, round: number, dir: string): Promise<string[]> {
  return withService(dir, async (call, settle) => {
    const problems: string[] = [];
    for (const [name, known] of expected.schemas) {
      const { status } = await call('DescribeSchema', { schemaArn: arn(`schema/${name}`) });
      if (known === 'unknown') expected.schemas.set(name, status === 200 ? 'present' : 'absent');
      else if ((status === 200) !== (known === 'present')) problems.push(`schema ${name} is not ${known}`);
    }
    const { body } = await call('ListTagsForResource', { resourceArn: GROUP });
    const tags = new Map(
      (body.tags as { tagKey: string; tagValue: string }[]).map((t) => [t.tagKey, t.tagValue]),
    );
    for (const [key, value] of expected.tags) {
      if (!expected.unknownTags.has(key) && tags.get(key) !== value)
        problems.push(`tag ${key} is not ${value}`);
    }
    for (const key of expected.unknownTags) expected.tags.set(key, tags.get(key));
    expected.unknownTags.clear();
    for (const [name, known] of expected.imports) {
      const job = await settle('DescribeDatasetImportJob', {
        datasetImportJobArn: arn(`dataset-import-job/${name}`),
      });
      const { status, failureReason } = (job.body.datasetImportJob ?? {}) as Record<
        string,
        string | undefined
      >;
      if (known === 'present' && status !== 'ACTIVE') problems.push(`${name}: ${status}, ${failureReason}`);
      if (known === 'unknown') expected.imports.delete(name);
    }
    const compare = (
      found: Set<string | undefined>,
      sure: Set<string>,
      possible: Set<string>,
      what: string,
    ) => {
      for (const id of sure) if (!found.has(id)) problems.push(`${what} ${id} was acknowledged and is lost`);
      for (const id of found) {
        if (id === undefined || !possible.has(id)) problems.push(`${what} ${id} was never sent`);
        else sure.add(id);
      }
    };
    const events = await exportedIds(dir, call, settle, 'INTERACTIONS', round);
    compare(events, expected.events, expected.possibleEvents, 'event');
    compare(
      await exportedIds(dir, call, settle, 'ITEMS', round),
      expected.items,
      expected.possibleItems,
      'item',
    );
    return problems;
  });
}

export interface CrashReport {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly problems: readonly string[];
}

/** @param dir An empty folder, which is left empty of state */
export async function crashRounds(dir: string, rounds: number, seed: number): Promise<CrashReport> {
  const random = seededRandom(seed);
  const server = bundleServer(dir);
  const trackingId = await setUp(dir);
  const expected = new Expectation();
  let acknowledged = 0;
  for (let round = 0; round < rounds; round++) {
    const { child, url } = await startServer(server, dir);
    const exited = new Promise((resolve) => child.once('exit', resolve));
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    let alive = true;
    const worker = async (w: number) => {
      for (let i = 0; alive; i++) {
        try {
          const call: Call = (name, body) => post(url, agent, name, body);
          await randomOperation(call, random, `${round}-${w}-${i}`, trackingId, expected);
          acknowledged++;
        } catch {
          // The connection ended with the process: the operation stays unacknowledged.
          return;
        }
      }
    };
    const workers = Promise.all(Array.from({ length: 8 }, (_, w) => worker(w)));
    // At a random moment after some acknowledged calls, however fast the machine is.
    const enough = acknowledged + 10 + Math.floor(random() * 60);
    while (acknowledged < enough && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => setTimeout(resolve, random() * 30));
    child.kill('SIGKILL');
    alive = false;
    await exited;
    await workers;
    agent.destroy();
    const problems = await differences(expected, round, dir);
    if (problems.length > 0) return { rounds: round + 1, acknowledged, problems };
  }
  await rm(join(dir, 'state'), { recursive: true, force: true });
  return { rounds, acknowledged, problems: [] };
}
