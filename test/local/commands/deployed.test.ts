// npm run gallery -- …, every command against a deployment that trains.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateDatasetGroupCommand,
  CreateSchemaCommand,
  DescribeDatasetGroupCommand,
  DescribeSchemaCommand,
} from '@aws-sdk/client-personalize';
import { awsClients } from '../../../cli/clients';
import { allCommands } from '../../../cli/commands';
import type { GroupRow } from '../../../lambda/controller/group-row';
import { sweep } from '../../../lambda/forget-sweep/sweep';
import { emotionOfItemId } from '../../../lambda/shared/contract/emotions';
import { csvOf, WAITING_PREFIX } from '../../../lambda/shared/personalize/forgotten-visitors';
import { awsEnvironment } from '../../../local/start/account';
import { interactions } from '../training/configurations';
import { eventually } from '../training/eventually';
import { PREFIX, TrainingHarness } from '../training/harness';
import { addPictures, likePictures, moodsOf, person } from '../training/people';
import { Caller } from './caller';
import { groupOfFile } from './group-of-file';
import { tracing } from './tracing';

let gallery: TrainingHarness;
let caller: Caller;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'commands-'));
  gallery = await TrainingHarness.start();
  // The commands find the endpoint as every SDK does.
  Object.assign(process.env, awsEnvironment(gallery.endpoint));
  caller = new Caller(allCommands(awsClients()), ['--stack-prefix', PREFIX]);
  await addPictures(gallery);
  await likePictures(gallery);
});
afterAll(async () => {
  await gallery?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const call = (...args: string[]) => caller.call(...args);

test('status, metrics and wait say so when nothing was trained yet', async () => {
  const { out } = await call('status');
  expect(out).toContain('No training has run yet');
  expect(out).toContain('No campaign is up.');
  expect(out).toContain('0 likes of 0 people, 0 of them with two or more.');
  expect((await call('metrics')).out).toBe('Nothing was trained yet.');
  expect(await call('wait')).toMatchObject({
    exitCode: 1,
    out: expect.stringMatching(/"train" starts one|nothing was trained: /),
  });
});

test('recommend before the first training fails with a reason, not with a stack', async () => {
  const { exitCode, told } = await call('recommend', person(0));
  expect(exitCode).toBe(1);
  expect(told).toMatch(/^training-test has no campaign .* USER_PERSONALIZATION recipe .* "status" tells/);
});

test('train before the minimum begins nothing, says what it waits for, and is no failed run', async () => {
  const { exitCode, out } = await call('train', '--wait');
  expect(exitCode).toBe(1);
  expect(out).toContain('nothing was trained: 1000 more likes and 25 more people with two likes');
  expect((await call('status')).out).toContain('No training has run yet');
  await gallery.countLikes(1000);
});

test('train --wait starts a run and follows it step by step to its end', async () => {
  // Nothing is trained before the step is seen.
  gallery.personalizeClock.pause();
  const { exitCode, out, told } = await caller.listening(
    (line) => {
      if (line.includes('solution version')) gallery.personalizeClock.resume();
    },
    'train',
    '--wait',
  );
  expect({ exitCode, told }).toMatchObject({ exitCode: 0 });
  expect(out).toMatch(/^training-test succeeded, started by minimum-reached, ended 20/);
  expect(told).toMatch(/^Started arn:/);
  expect(told).toContain(`${PREFIX}: train: `);
});

test('status and metrics show what was trained and what serves', async () => {
  const { out } = await call('status');
  expect(out).toMatch(/minimum-reached +succeeded/);
  expect(out).toMatch(new RegExp(`${PREFIX}-personal +ACTIVE +arn:`));
  const table = (await call('metrics')).out;
  expect(table.split('\n')[0]).toMatch(/solution +version +trained .*ndcg@25/);
  expect(table).toContain(`${PREFIX}-popularity`);
  const { runs } = JSON.parse((await call('status', '--json')).out) as { runs: { outcome: string }[] };
  expect(runs.map(({ outcome }) => outcome)).toEqual(['succeeded']);
});

const items = ({ out }: { out: string }) =>
  (JSON.parse(out) as { itemId: string }[]).map(({ itemId }) => itemId);

test('recommend gives pictures of a person’s moods, or of one emotion', async () => {
  const list = items(await call('recommend', person(2), '--json'));
  const fitting = list.filter((id) => moodsOf(2).includes(emotionOfItemId(id) as never));
  expect(list).toHaveLength(10);
  expect(fitting.length).toBeGreaterThanOrEqual(7);
  const sad = items(await call('recommend', person(2), '--emotion', 'sad', '--limit', '5', '--json'));
  expect(sad.map(emotionOfItemId)).toEqual(Array(5).fill('sad'));
  expect(await call('recommend', person(2), '--limit', 'many')).toMatchObject({ exitCode: 2 });
});

test('similar gives other pictures; rank without a campaign says which one is missing', async () => {
  const picture = 'emotions/calm/calm-3.svg';
  const list = items(await call('similar', picture, '--json'));
  expect(list).toHaveLength(10);
  expect(list).not.toContain(picture);
  expect(await call('rank', person(1), picture)).toMatchObject({
    exitCode: 1,
    told: expect.stringMatching(/no campaign .* PERSONALIZED_RANKING .*there are: .*training-test-personal/),
  });
});

test('events sends likes and shows the lists before and after', async () => {
  // Somebody whom the model does not know yet: whatever parameters it found, their first likes are all that it has.
  const likes = [5, 9, 14, 20, 22, 25, 27, 28].map((n) => `emotions/sad/sad-${n}.svg`);
  const { out, told } = await call('events', person(99), likes.join(','), '--json');
  expect(told).toContain('sent 8 events');
  const { before = [], after = [] } = JSON.parse(out) as Record<string, string[]>;
  const sad = (list: string[]) => list.filter((itemId) => emotionOfItemId(itemId) === 'sad').length;
  expect(before).toHaveLength(10);
  expect(sad(after)).toBeGreaterThan(sad(before));
});

test('train with a wrong configuration file names each fault and uploads nothing', async () => {
  const file = join(folder, 'wrong.json');
  writeFileSync(file, '{\n  "solutions": [{ "serviceConfig": { "name": "a b" } }]\n}\n');
  const { exitCode, told } = await call('train', '--config', file);
  expect(exitCode).toBe(1);
  expect(told).toMatch(/wrong\.json:2:\d+ {2}solutions\[0\]\.serviceConfig\.name: /);
  expect(await gallery.listFiles('personalize/config/')).toEqual([]);
});

test('import checks a file row by row before it uploads it; export writes one', async () => {
  const file = join(folder, 'users.csv');
  writeFileSync(file, 'USER_ID,EMOTION\nanna,calm\n,sad\n');
  const refused = await call('import', file, '--dataset', 'users');
  expect(refused).toMatchObject({ exitCode: 1, told: expect.stringContaining('Nothing was uploaded.') });
  expect(refused.told).toMatch(/USER_ID is empty.*users\.csv, line 3/);
  expect(await gallery.listFiles('personalize/imports/')).toEqual([]);
  writeFileSync(file, 'USER_ID,EMOTION\nanna,calm\nben,sad\n');
  expect(await call('import', file, '--dataset', 'users')).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/^Imported 2 records of /),
  });
  const exported = await call('export', '--dataset', 'items');
  expect(exported).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^Exported to s3:/) });
  expect(await gallery.listFiles('personalize/exports/')).not.toEqual([]);
});

test('who is forgotten, by the command or by their own button, is in no export afterwards, and the others are', async () => {
  const exported = async () => {
    const { path } = await caller.json<{ path: string }>('export', '--dataset', 'interactions');
    const prefix = path.replace(/^s3:\/\/[^/]+\//, '');
    const files = await Promise.all((await gallery.listFiles(prefix)).map((key) => gallery.readFile(key)));
    return [0, 98, 99].filter((index) => files.some((file) => file.includes(person(index))));
  };
  await call('events', person(98), 'emotions/sad/sad-1.svg,emotions/sad/sad-2.svg');
  expect(await exported()).toEqual([0, 98, 99]);
  expect(await call('forget', person(98))).toMatchObject({ exitCode: 0 });
  await gallery.putFile(`${WAITING_PREFIX}${person(99)}.csv`, csvOf([person(99)]));
  const { BucketName: bucket = '', DatasetGroupArn: datasetGroupArn = '' } = gallery.outputs;
  const { personalize, s3 } = awsClients();
  const now = Date.now() + 60_000;
  const sweeping = {
    ...{ personalize, s3, bucket, datasetGroupArn, roleArn: gallery.outputs.PersonalizeRoleArn ?? '' },
    ...{ logger: { info: () => undefined }, now: () => now },
  };
  await eventually(async () => {
    await sweep(sweeping);
    return (await gallery.listFiles('personalize/forget/')).length === 0 || undefined;
  }, 'the end of the data deletion job');
  expect(await exported()).toEqual([0]);
});

test('train uploads a configuration file, wait follows its run, and status tells when the next one is', async () => {
  const file = join(folder, 'weekly.json');
  const solution = {
    serviceConfig: {
      name: `${PREFIX}-popularity`,
      recipeArn: 'arn:aws:personalize:::recipe/aws-popularity-count',
    },
    workflowConfig: { maxAge: '1 day', schedules: { full: 'cron(0 3 ? * MON *)' } },
  };
  writeFileSync(file, JSON.stringify({ solutions: [solution] }));
  const started = await call('train', '--config', file, '--json');
  const { configuration, executionArn } = JSON.parse(started.out) as Record<string, string>;
  expect(configuration).toMatch(/^s3:.*\/personalize\/config\/weekly\.json$/);
  expect(executionArn).toMatch(/^arn:aws:states:/);
  expect(await call('wait')).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^training-test /) });
  const { groups } = JSON.parse((await call('status', '--json')).out) as { groups: GroupRow[] };
  expect(groups[0]?.sources.map(({ name }) => name)).toContain('personalize/config/weekly.json');
  expect(groups[0]?.next?.what).toMatch(/^training of/);
});

describe('a dataset group of a file', () => groupOfFile(() => ({ gallery, caller, folder })));
describe('trace', () => tracing(() => ({ gallery, caller })));

test('cleanup prints what would go, then takes it down, and says when nothing is left', async () => {
  const dry = await call('cleanup', '--dry-run');
  expect(dry.out).toMatch(/campaign +ACTIVE +arn:/);
  expect(dry.out).toContain('Nothing was touched.');
  expect((await call('status')).out).toContain(`${PREFIX}-personal`);
  const { exitCode, out, told } = await call('cleanup');
  expect({ exitCode, told }).toMatchObject({ exitCode: 0 });
  expect(out).toMatch(/^Deleted \d+ resources of training-test\.$/);
  expect((await call('cleanup')).out).toBe(
    `Nothing of ${PREFIX} is left in Amazon Personalize, and no schedule.`,
  );
  const { ScheduleGroups } = await gallery.endpoint.call('scheduler', 'ListScheduleGroups', {});
  expect(ScheduleGroups).toEqual([expect.objectContaining({ Name: 'default' })]);
});

test('cleanup rescues what a destroy has left, when there are no stacks any more', async () => {
  const name = 'half-destroyed';
  const { schemaArn } = await gallery.control.send(
    new CreateSchemaCommand({
      name: `${name}-interactions-01234567`,
      schema: JSON.stringify(interactions),
    }),
  );
  const { datasetGroupArn } = await gallery.control.send(new CreateDatasetGroupCommand({ name }));
  await gallery.endpoint.call('scheduler', 'CreateScheduleGroup', { Name: name });
  const clean = async (...args: string[]) => call('cleanup', ...args, '--stack-prefix', name, '--json');
  const kinds = (JSON.parse((await clean('--dry-run')).out) as { kind: string; arn: string }[]).map(
    ({ kind }) => kind,
  );
  expect(kinds.sort()).toEqual(['dataset group', 'schedule group', 'schema']);
  expect(await clean()).toMatchObject({ exitCode: 0 });
  expect(JSON.parse((await clean('--dry-run')).out)).toEqual([]);
  await expect(gallery.control.send(new DescribeDatasetGroupCommand({ datasetGroupArn }))).rejects.toThrow(
    'does not exist',
  );
  await expect(gallery.control.send(new DescribeSchemaCommand({ schemaArn }))).rejects.toThrow(
    'does not exist',
  );
});
