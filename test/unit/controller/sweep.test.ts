// The sweep: what is due is found without any event, and never started twice; calls are paced.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { listAll, paced } from '../../../lambda/controller/api';
import type { ReadFile } from '../../../lambda/controller/files';
import { galleryDeclaration } from '../../../lambda/controller/gallery';
import { type GroupRow, newRow } from '../../../lambda/controller/group-row';
import { sharedPace } from '../../../lambda/controller/shared-pace';
import { sweepGroups } from '../../../lambda/controller/sweep';
import { wantedOf } from '../../../lambda/controller/wanted';
import { FakeDynamoDB } from '../lambda/support/fake-dynamodb';
import { FakePersonalize } from './fake-personalize';
import { Random } from './random';
import { VirtualTime } from './virtual-time';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const iso = (time: number) => new Date(time).toISOString();
const gate = { metric: 'm', minimumRatioToBaseline: 1, minimumRatioToServed: 1, standardErrors: 0 };
const gallery = galleryDeclaration({
  ...{
    datasetGroup: 'g',
    served: ['personal'],
    schedule: 'rate(7 days)',
    gate,
    bucket: 'b',
    serviceRoleArn: 'r',
  },
  minimum: { users: 25, interactions: 1000 },
});
const row = (name: string, changes: Partial<GroupRow> = {}): GroupRow => ({
  ...newRow({ name, arn: `arn:dataset-group/${name}` }, iso(NOW - 60_000)),
  ...{ lookAt: iso(NOW + 60_000), sources: [{ name: 'settings' }], ...changes },
});
const fileOf = (key: string, group?: string, etag = 'e1', uploadedAt = iso(NOW - 120_000)): ReadFile => ({
  file: { key, etag, uploadedAt },
  configuration: group ? { datasetGroup: { serviceConfig: { name: group } } } : {},
});

async function startedFor(
  rows: readonly GroupRow[],
  {
    files = [],
    running = [],
    isEnough = false,
    fileKey,
    hasCome = true,
  }: {
    files?: readonly ReadFile[];
    running?: readonly string[];
    isEnough?: boolean;
    fileKey?: string;
    hasCome?: boolean;
  } = {},
) {
  const started: { readonly datasetGroup?: string; readonly told?: string }[] = [];
  await sweepGroups({
    ...{ galleryGroup: 'g', arnBase: 'arn', rows, now: NOW, fileKey, isEnough: async () => isEnough },
    declared: {
      ...{
        gallery,
        gate,
        bucket: 'b',
        serviceRoleArn: 'r',
        listFiles: async () => files.map(({ file }) => file),
      },
      readFile: async (file) => files.find((each) => each.file.key === file.key),
    },
    tellMisplaced: async (key) => {
      started.push({ told: key });
    },
    hasCome,
    runs: {
      isRunning: async (execution) => running.includes(execution),
      start: async (input) => {
        started.push(input);
        return 'x';
      },
    },
  });
  return started;
}

test('a group that rests is not touched before its time', async () => {
  expect(await startedFor([row('g')])).toEqual([]);
  expect(await startedFor([row('g', { lookAt: iso(NOW) })])).toEqual([{ datasetGroup: 'g', reason: 'look' }]);
});

test('a gallery that nobody has looked at, and one whose likes are enough now, are started', async () => {
  expect(await startedFor([])).toEqual([{ datasetGroup: 'g', reason: 'deployment' }]);
  const waiting = row('g', {
    waiting: [{ for: 'likes', step: 'train', message: '6 more likes' }],
    lookAt: iso(NOW + 1),
  });
  expect(await startedFor([], { isEnough: true })).toEqual([
    { datasetGroup: 'g', reason: 'minimum-reached' },
  ]);
  expect(await startedFor([waiting])).toEqual([]);
  // Files may have come for it meanwhile.
  const due = { ...waiting, lookAt: iso(NOW - 1) };
  expect(await startedFor([due])).toEqual([{ datasetGroup: 'g', reason: 'look' }]);
  expect(await startedFor([waiting], { isEnough: true })).toEqual([
    { datasetGroup: 'g', reason: 'minimum-reached' },
  ]);
});

test('a group whose first tick died is started', async () => {
  const taken = newRow({ name: 'g', arn: 'arn:dataset-group/g' }, iso(NOW + 5));
  expect(await startedFor([taken])).toEqual([{ datasetGroup: 'g', reason: 'look' }]);
});

test('a file that came, changed or went starts its group, whether an event told of it or not', async () => {
  const key = 'personalize/config/shop.json';
  const due = { datasetGroup: 'shop', reason: 'configuration', configurationKey: key };
  expect(await startedFor([row('g')], { files: [fileOf(key, 'shop')] })).toEqual([due]);
  const known = row('shop', { sources: [{ name: key, etag: 'e1' }] });
  expect(await startedFor([row('g'), known], { files: [fileOf(key, 'shop')] })).toEqual([]);
  expect(await startedFor([row('g'), known], { files: [fileOf(key, 'shop', 'e2')] })).toEqual([due]);
  expect(await startedFor([row('g'), known])).toEqual([due]);
  // The same content once more.
  const uploaded = row('shop', { sources: [{ name: key, etag: 'e1', uploadedAt: iso(NOW - 120_000) }] });
  expect(await startedFor([row('g'), uploaded], { files: [fileOf(key, 'shop')] })).toEqual([]);
  const again = fileOf(key, 'shop', 'e1', iso(NOW - 30_000));
  expect(await startedFor([row('g'), uploaded], { files: [again] })).toEqual([due]);
});

test('a faulty file in the root stands for itself, and once corrected for no group', async () => {
  const file = { key: 'params.json', etag: 'e1', uploadedAt: iso(NOW - 120_000) };
  const declared = {
    ...{ gallery, gate, bucket: 'b', serviceRoleArn: 'r', listFiles: async () => [] },
    readFile: async () => undefined,
  };
  const stood = row(file.key, { sources: [{ name: file.key, etag: 'e1' }] });
  expect(await wantedOf(declared, file.key, stood)).toEqual({ sources: [], refused: [] });
});

test('what runs is not started a second time; what was aborted is', async () => {
  const due = row('g', {
    lookAt: iso(NOW - 1),
    execution: 'one',
    run: { key: 'k', reason: 'r', startedAt: iso(NOW), judged: [] },
  });
  expect(await startedFor([due], { running: ['one'] })).toEqual([]);
  expect(await startedFor([due])).toHaveLength(1);
});

test('data that came start their group', async () => {
  expect(await startedFor([row('g')], { fileKey: 'personalize/data/g/Users/u.csv' })).toEqual([
    { datasetGroup: 'g', reason: 'data' },
  ]);
  expect(await startedFor([row('g')], { fileKey: 'personalize/data/gg/Users/u.csv' })).toEqual([]);
});

test.each([
  ['train/films/config.json', 'train/films/users.csv', 'train/other/users.csv'],
  ['train/films/config.json', 'train/films/interactions/1.csv', 'train/films/config.csv'],
  ['params.json', 'Interactions/likes.csv', 'personalize/data/other/Interactions/likes.csv'],
])('data of %s that came where its instructions say start its group: %s', async (key, data, other) => {
  const shop = row('shop', { sources: [{ name: key, etag: 'e1' }] });
  const files = [fileOf(key, 'shop')];
  expect(await startedFor([row('g'), shop], { files, fileKey: data })).toEqual([
    { datasetGroup: 'shop', reason: 'data' },
  ]);
  const due = await startedFor([row('g'), shop], { files, fileKey: other });
  expect(due).not.toContainEqual(expect.objectContaining({ reason: 'data' }));
});

test('a file in a place that nobody reads is told when it comes, and starts nothing', async () => {
  const fileKey = 'personalize/data/g/interactions/likes.csv';
  expect(await startedFor([row('g')], { fileKey: 'config/shop.json' })).toEqual([
    { told: 'config/shop.json' },
  ]);
  expect(await startedFor([row('g')], { fileKey: 'config/shop.json', hasCome: false })).toEqual([]);
  expect(await startedFor([row('g')], { fileKey })).toContainEqual({ told: fileKey });
});

test('a file at fault is told as itself, and a group that it had made keeps all as it is', async () => {
  const file = { key: 'personalize/config/shop.json', etag: 'e2', uploadedAt: iso(NOW) };
  const declared = {
    ...{ gallery, gate, bucket: 'b', serviceRoleArn: 'r', listFiles: async () => [file] },
    readFile: async () => ({ file, faults: 'shop.json:1:1 file: no JSON' }),
  };
  const before = row('shop', { sources: [{ name: file.key, etag: 'e1' }] });
  for (const name of ['shop', file.key]) {
    expect(await wantedOf(declared, name, before)).toMatchObject({
      refused: [
        {
          step: 'plan',
          code: 'ConfigurationRefused',
          source: file.key,
          reason: 'shop.json:1:1 file: no JSON',
        },
      ],
    });
  }
  expect(await wantedOf(declared, 'g', row('g'))).toHaveProperty('declaration');
});

test('a file at fault that added to the gallery’s group holds nothing up there, and nothing of it is taken down', async () => {
  const file = { key: 'personalize/config/more.json', etag: 'e2', uploadedAt: iso(NOW) };
  const read = { file, faults: 'more.json:1:1 file: no JSON' };
  const declared = {
    ...{ gallery, gate, bucket: 'b', serviceRoleArn: 'r', listFiles: async () => [file] },
    readFile: async () => read,
  };
  const before = row('g', { sources: [{ name: 'settings' }, { name: file.key, etag: 'e1' }] });
  const wanted = await wantedOf(declared, 'g', before);
  expect(wanted).toMatchObject({
    declaration: { solutions: gallery.solutions, isIncomplete: true },
    sources: [{ name: 'settings' }, { name: file.key, etag: 'e2' }],
  });
  // Both look once; then it rests until the file is another one.
  expect((await startedFor([before], { files: [read] })).map(({ datasetGroup }) => datasetGroup)).toEqual([
    'g',
    file.key,
  ]);
  const after = [
    row('g', { sources: wanted.sources }),
    row(file.key, { sources: [{ name: file.key, etag: 'e2', uploadedAt: iso(NOW) }] }),
  ];
  expect(await startedFor(after, { files: [read] })).toEqual([]);
});

test('calls of one operation are a second apart, those of others do not wait for them, and lists are read to their end', async () => {
  const time = new VirtualTime(0);
  const service = new FakePersonalize(new Random(1), time);
  const api = paced(service, { now: () => time.now, sleep: time.sleep });
  for (let index = 0; index < 4; index += 1) await api.call('CreateDatasetGroup', { name: `g${index}` });
  expect(await listAll(api, 'ListDatasetGroups', 'datasetGroups')).toHaveLength(4);
  const of = (name: string) =>
    service.calls.filter(({ operation }) => operation === name).map(({ at }) => at);
  expect(of('CreateDatasetGroup')).toEqual([0, 1050, 2100, 3150]);
  expect(of('ListDatasetGroups')).toEqual([3150, 4200]);
});

test('calls of two groups, each ticked by an instance of its own, are a second apart as well', async () => {
  const time = new VirtualTime(0);
  const service = new FakePersonalize(new Random(1), time);
  const clock = { now: () => time.now, sleep: time.sleep };
  const table = { dynamodb: new FakeDynamoDB() as unknown as DynamoDBClient, table: 'runs' };
  const instance = () => paced(service, { ...clock, others: sharedPace(table, clock) });
  const [one, other] = [instance(), instance()];
  await Promise.all([1, 2].flatMap(() => [one, other].map((api) => api.call('ListSolutions', {}))));
  const times = service.calls.map(({ at }) => at).sort((a, b) => a - b);
  expect(times).toHaveLength(4);
  for (const [index, at] of times.slice(1).entries()) expect(at - Number(times[index])).toBeGreaterThan(1000);
});
