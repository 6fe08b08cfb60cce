// npm run gallery -- rebuild: the Personalize stack is destroyed and deployed again over tables that stay, and the new datasets get
// each accepted like once, whichever way it comes.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchWriteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateDatasetExportJobCommand, DescribeDatasetExportJobCommand } from '@aws-sdk/client-personalize';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { marshall } from '@aws-sdk/util-dynamodb';
import { awsClients, type Clients } from '../../../cli/clients';
import { allCommands } from '../../../cli/commands';
import { interactionRow, type LikeRecord } from '../../../cli/rebuild/rows';
import { run } from '../../../cli/run';
import { deliverEntry } from '../../../lambda/redeliver/deliver';
import type { UndeliveredEntry } from '../../../lambda/shared/data/undelivered';
import { putEvents } from '../../../lambda/shared/personalize/events';
import { awsEnvironment } from '../../../local/start/account';
import { outputsOf } from '../aws/support/cli';
import { deploy } from './deploy';
import { eventually, PREFIX, personalizeArn, TrainingHarness } from './harness';
import { person, pictures } from './people';

let gallery: TrainingHarness;
let clients: Clients;
let folder: string;
/** All likes that were accepted, in the order of acceptance. */
const accepted: LikeRecord[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rebuild-'));
  gallery = await TrainingHarness.start({ campaigns: 'none' });
  Object.assign(process.env, awsEnvironment(gallery.endpoint));
  clients = awsClients();
  await write(
    gallery.outputs.ItemsTableName,
    pictures.map((itemId) => ({
      itemId,
      emotion: itemId.split('/')[1],
      listed: itemId.split('/')[1],
      createdAt: '2026-01-01T00:00:00.000Z',
    })),
  );
  await write(gallery.outputs.ItemsTableName, [
    { itemId: 'emotions/joy/x.exe', createdAt: '2026-01-01T00:00:00.000Z', refused: 'unknown emotion' },
  ]);
  await write(
    gallery.outputs.VisitorsTableName,
    Array.from({ length: 30 }, (_, n) => ({ visitorId: person(n), ...(n % 2 && { emotion: 'sad' }) })),
  );
});
afterAll(async () => {
  await gallery?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function call(...args: string[]) {
  const [printed, told]: [string[], string[]] = [[], []];
  const exitCode = await run(allCommands(clients), [...args, '--stack-prefix', PREFIX], {
    now: Date.now,
    progress: (line) => told.push(line),
    print: (text) => printed.push(text),
    printError: (text) => told.push(text),
  });
  return { exitCode, out: printed.join('\n'), told: told.join('\n') };
}

async function write(table: string | undefined, rows: readonly object[]): Promise<void> {
  for (let start = 0; start < rows.length; start += 25) {
    const puts = rows.slice(start, start + 25).map((row) => ({ PutRequest: { Item: marshall(row) } }));
    await clients.dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [String(table)]: puts } }));
  }
}

/** The n-th like is of the n-th second, every eighth one an unlike; as the like function stores it. */
async function accept(count: number, acceptedAt = Date.now()): Promise<LikeRecord[]> {
  const likes = Array.from({ length: count }, (_, index) => {
    const n = accepted.length + index;
    return {
      ...{ visitorId: person(n % 30), eventId: randomUUID(), sessionId: `${n % 30}` },
      ...{ itemId: String(pictures[(n * 7) % pictures.length]), liked: n % 8 !== 7 },
      occurredAt: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
      acceptedAt: new Date(acceptedAt).toISOString(),
      ...(n % 3 === 0 && { impression: pictures.slice(n % 100, (n % 100) + 5) }),
    };
  });
  await write(gallery.outputs.LikesTableName, likes);
  accepted.push(...likes);
  return likes;
}

const eventOf = (like: LikeRecord) => ({ ...like, eventType: like.liked ? 'like' : 'unlike' }) as const;

const stream = async (trackingId: string | undefined, likes: readonly LikeRecord[]) => {
  for (const like of likes)
    await putEvents(clients.events, String(trackingId), { ...like, events: [eventOf(like)] });
};

/** Leaves an entry in `undelivered`, as the like function does it when it cannot deliver. */
async function leaveUndelivered(like: LikeRecord, trackingId: string | undefined): Promise<UndeliveredEntry> {
  const { visitorId, sessionId } = like;
  const entry = {
    ...{ partition: '07', entry: `${like.acceptedAt}#${like.eventId}`, visitorId, sessionId, attempts: 0 },
    ...{ trackingId, events: [eventOf(like)] },
  };
  const Item = marshall({ ...entry, events: JSON.stringify(entry.events) });
  await clients.dynamodb.send(new PutItemCommand({ TableName: gallery.outputs.UndeliveredTableName, Item }));
  return entry;
}

/** Rows of the dataset, sorted. Imported and streamed ones are asked for apart: together, an export shows equal rows once. */
async function held(type: string): Promise<string[]> {
  return [...(await exported(type, 'BULK')), ...(await exported(type, 'PUT'))].sort();
}

let exports = 0;
async function exported(type: string, ingestionMode: 'BULK' | 'PUT'): Promise<string[]> {
  exports += 1;
  const [bucket, prefix] = [gallery.outputs.BucketName, `personalize/exports/${exports}/`];
  const { datasetExportJobArn } = await clients.personalize.send(
    new CreateDatasetExportJobCommand({
      jobName: `export-${exports}`,
      datasetArn: personalizeArn('dataset', `${PREFIX}/${type}`),
      ingestionMode,
      roleArn: (await outputsOf(gallery.endpoint)).PersonalizeRoleArn,
      jobOutput: { s3DataDestination: { path: `s3://${bucket}/${prefix}` } },
    }),
  );
  await eventually(async () => {
    const { datasetExportJob } = await clients.personalize.send(
      new DescribeDatasetExportJobCommand({ datasetExportJobArn }),
    );
    if (datasetExportJob?.failureReason) throw new Error(datasetExportJob.failureReason);
    return datasetExportJob?.status === 'ACTIVE' || undefined;
  }, `the export of ${type}`);
  const rows: string[] = [];
  for (const Key of await gallery.listFiles(prefix)) {
    if (!Key.endsWith('.csv')) continue;
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const [, ...lines] = String(await Body?.transformToString())
      .trim()
      .split('\n');
    rows.push(...lines);
  }
  return rows;
}

const csv = (likes: readonly LikeRecord[]) =>
  likes
    .map((like) => {
      const row = interactionRow(like);
      const columns = ['USER_ID', 'ITEM_ID', 'TIMESTAMP', 'EVENT_TYPE', 'EVENT_VALUE', 'IMPRESSION'];
      return [...columns.map((name) => row[name] ?? ''), ''].join(',');
    })
    .sort();

async function trained(): Promise<void> {
  const { out, told } = await call('wait');
  expect(out || told).toMatch(/^training-test succeeded, started by /);
}

const files = () => gallery.listFiles('personalize/data/');

test('--dry-run counts, and touches nothing; a file that would be imported as well is refused', async () => {
  await accept(4, Date.now() - 3600_000);
  const { exitCode, out } = await call('rebuild', '--dry-run');
  expect(exitCode).toBe(0);
  expect(out).toMatch(/Items +240 +s3:.*\/personalize\/data\/training-test\/Items\/from-dynamodb\.csv/);
  expect(out).toContain('Left out 1 items: their files are not pictures');
  expect(out).toMatch(/Interactions +4 +streamed/);
  expect(out).toContain('Nothing was touched.');
  expect(await files()).toEqual([]);
  const key = `personalize/data/${PREFIX}/Users/mine.csv`;
  await gallery.putFile(key, 'USER_ID,EMOTION\nx,sad\n');
  expect(await call('rebuild')).toMatchObject({
    exitCode: 1,
    told: expect.stringContaining(`${key} would be`),
  });
  expect(await files()).toEqual([key]);
  await gallery.deleteFile(key);
});

test('fewer likes than an import takes are streamed, and not again by a second run', async () => {
  for (const _ of ['first', 'second']) {
    expect(await call('rebuild', '--no-train')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('gallery -- train'),
    });
    expect(await held('INTERACTIONS')).toEqual(csv(accepted));
  }
});

test('after a destroy of the Personalize stack, each accepted like is in the new dataset once', async () => {
  const earlier = gallery.outputs.TrackingId;
  await stream(earlier, await accept(1300));
  const [sweptFirst, sweptLater] = await accept(2);
  const entries = [
    await leaveUndelivered(sweptFirst as LikeRecord, earlier),
    await leaveUndelivered(sweptLater as LikeRecord, earlier),
  ] as const;
  await gallery.deleteStack(`${PREFIX}-training`);
  await gallery.deleteStack(`${PREFIX}-personalize`);
  await deploy(gallery.endpoint, join(folder, 'cdk.out'), { campaigns: 'none' });
  const { TrackingId, UndeliveredTableName } = await outputsOf(gallery.endpoint);
  expect(TrackingId).not.toBe(earlier);
  const sweep = {
    ...{ dynamodb: clients.dynamodb, personalize: clients.events, now: Date.now },
    ...{ undeliveredTable: String(UndeliveredTableName), trackingId: String(TrackingId) },
  };
  await deliverEntry(sweep, entries[0]);
  await stream(TrackingId, await accept(5));

  const first = await call('rebuild');
  expect(first).toMatchObject({ exitCode: 0 });
  expect(first.out).toMatch(/Interactions +1304 +s3:/);
  expect(first.out).toMatch(/Left out 5 likes: accepted since/);
  expect(first.out).toMatch(/Left out 2 likes: accepted before, but undelivered then/);
  expect(await call('rebuild')).toMatchObject({
    exitCode: 1,
    told: expect.stringMatching(/the pipeline is running .* Nothing was uploaded/),
  });
  await trained();
  const withoutSecond = accepted.filter((like) => like !== sweptLater);
  expect(await held('INTERACTIONS')).toEqual(csv(withoutSecond));

  await deliverEntry(sweep, entries[1]);
  await stream(TrackingId, await accept(3));
  const keys = await files();
  expect(await call('rebuild')).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/Interactions +1304 +s3:/),
  });
  await trained();
  expect(await files()).toEqual(keys);
  expect(await held('INTERACTIONS')).toEqual(csv(accepted));
  expect(await exported('ITEMS', 'BULK')).toHaveLength(pictures.length);
  expect(await exported('USERS', 'BULK')).toHaveLength(30);
});
