// The schedules of configuration files: made by a run, due at their time with what they are for, removed with what named them.
import {
  DescribeCampaignCommand,
  DescribeSolutionVersionCommand,
  ListBatchInferenceJobsCommand,
  ListDatasetImportJobsCommand,
  ListSolutionVersionsCommand,
} from '@aws-sdk/client-personalize';
import { cinemaOnSchedule } from './configurations';
import { type Ended, eventually, PREFIX, personalizeArn, TrainingHarness } from './harness';
import { interactionsCsv, itemsCsv, usersCsv } from './movies';

const HOUR = 3_600_000;
const CINEMA = personalizeArn('dataset-group', 'cinema');
const SOLUTION = personalizeArn('solution', 'cinema-personal');
const CONFIG = 'personalize/config/';

const UPDATE = 'rate(2 hours)';
const BATCH = 'rate(3 hours)';
const IMPORT = 'rate(5 hours)';
const FULL = 'cron(0 3 ? * MON *)';

let gallery: TrainingHarness;

beforeAll(async () => {
  gallery = await TrainingHarness.start({ gateRatioToServed: 0 });
  const csv = { Interactions: interactionsCsv, Items: itemsCsv, Users: usersCsv };
  for (const [type, text] of Object.entries(csv)) {
    await gallery.putFile(`personalize/data/cinema/${type}/${type.toLowerCase()}.csv`, text);
  }
  const people = [1, 2, 3].map((userId) => JSON.stringify({ userId: String(userId) })).join('\n');
  await gallery.putFile('personalize/batch/cinema/cinema-personal-inference-1/input/people.json', people);
});
afterAll(() => gallery?.stop());

interface Schedule {
  readonly Name: string;
  readonly ScheduleExpression: string;
  readonly Description: string;
  readonly State: string;
  readonly Target: { readonly Arn: string; readonly Input: string };
}

async function schedules(): Promise<Schedule[]> {
  const { call } = gallery.endpoint;
  const { Schedules } = await call('scheduler', 'ListSchedules', { GroupName: PREFIX });
  return Promise.all(
    (Schedules as { Name: string }[]).map(
      async ({ Name }) =>
        (await call('scheduler', 'GetSchedule', { Name, GroupName: PREFIX })) as unknown as Schedule,
    ),
  );
}

const expressions = async () =>
  (await schedules()).map(({ ScheduleExpression }) => ScheduleExpression).sort();

async function upload(name: string, content: object): Promise<Ended> {
  const text = JSON.stringify(content);
  return gallery.ended(await gallery.startedBy(() => gallery.putFile(`${CONFIG}${name}`, text)));
}

/** Lets time pass; gives what was started by it. */
async function dueAfter(ms: number): Promise<Ended & { readonly input: unknown }> {
  const execution = await gallery.startedBy(async () => gallery.clock.advance(ms));
  return { ...(await gallery.ended(execution)), input: await gallery.inputOf(execution) };
}

async function versions(): Promise<string[]> {
  const { solutionVersions = [] } = await gallery.control.send(
    new ListSolutionVersionsCommand({ solutionArn: SOLUTION }),
  );
  return solutionVersions.map(({ solutionVersionArn }) => String(solutionVersionArn));
}

const batchJobs = async () =>
  (await gallery.control.send(new ListBatchInferenceJobsCommand({}))).batchInferenceJobs ?? [];

const importsOf = async (type: string) =>
  (
    await gallery.control.send(
      new ListDatasetImportJobsCommand({ datasetArn: personalizeArn('dataset', `cinema/${type}`) }),
    )
  ).datasetImportJobs?.length ?? 0;

const startedFor = (schedule: string) => ({
  reason: 'schedule',
  configurationKey: `${CONFIG}cinema.json`,
  schedule,
});

test('a run makes the schedules of its file, in the group of the deployment', async () => {
  expect(
    await upload(
      'cinema.json',
      cinemaOnSchedule({ update: UPDATE, full: FULL, batch: BATCH, import: IMPORT }),
    ),
  ).toMatchObject({ status: 'SUCCEEDED' });
  expect(await expressions()).toEqual([FULL, UPDATE, BATCH, IMPORT].sort());
  for (const { Name, State, Target, ScheduleExpression } of await schedules()) {
    expect(Name).toMatch(/^cinema\.json-[0-9a-f]{8}-[0-9a-f]{8}$/);
    expect({ State, Arn: Target.Arn }).toEqual({ State: 'ENABLED', Arn: gallery.outputs.PipelineArn });
    expect(JSON.parse(Target.Input)).toEqual(startedFor(ScheduleExpression));
  }
  const { Description } = (await schedules()).find((each) => each.ScheduleExpression === IMPORT) as Schedule;
  expect(Description).toBe('import Interactions (FULL), import Items (FULL), import Users (FULL)');
  // What has a time of its own waits for it.
  expect(await batchJobs()).toEqual([]);
  expect(await versions()).toHaveLength(1);
});

test('the same file again keeps them as they are', async () => {
  const before = (await schedules()).map(({ Name }) => Name);
  const same = cinemaOnSchedule({ update: UPDATE, full: FULL, batch: BATCH, import: IMPORT });
  expect(await upload('cinema.json', same)).toMatchObject({ status: 'SUCCEEDED' });
  expect((await schedules()).map(({ Name }) => Name)).toEqual(before);
});

test('at its time a run trains in the mode of the schedule, and the campaign serves the result', async () => {
  const before = await versions();
  const { status, input, output } = await dueAfter(2 * HOUR + 1000);
  expect({ status, input }).toEqual({ status: 'SUCCEEDED', input: startedFor(UPDATE) });
  expect(output).toMatchObject({ results: [{ solution: 'cinema-personal' }] });
  const [trained, ...more] = (await versions()).filter((arn) => !before.includes(arn));
  expect(more).toEqual([]);
  const { solutionVersion } = await gallery.control.send(
    new DescribeSolutionVersionCommand({ solutionVersionArn: trained }),
  );
  expect(solutionVersion).toMatchObject({ trainingMode: 'UPDATE', status: 'ACTIVE' });
  const { campaign } = await gallery.control.send(
    new DescribeCampaignCommand({ campaignArn: personalizeArn('campaign', 'cinema-personal') }),
  );
  expect(campaign?.solutionVersionArn).toBe(trained);
  expect((await gallery.records(CINEMA)).at(-1)).toMatchObject({ reason: 'schedule', outcome: 'succeeded' });
});

test('a batch job that is due runs with the newest version, and nothing is trained for it', async () => {
  const before = await versions();
  const { status, input } = await dueAfter(HOUR);
  expect({ status, input }).toEqual({ status: 'SUCCEEDED', input: startedFor(BATCH) });
  const [job, ...more] = await batchJobs();
  expect(more).toEqual([]);
  expect(job).toMatchObject({ status: 'ACTIVE' });
  expect(before).toContain(job?.solutionVersionArn);
  expect(await versions()).toEqual(before);
  expect(await gallery.listFiles('personalize/batch/cinema/cinema-personal-inference-1/output/')).not.toEqual(
    [],
  );
});

test('a schedule that the file names no more is gone, and the others go on', async () => {
  expect(await upload('cinema.json', cinemaOnSchedule({ import: IMPORT }))).toMatchObject({
    status: 'SUCCEEDED',
  });
  expect(await expressions()).toEqual([IMPORT]);
  const before = await gallery.executions();
  // The fourth hour would have been the update's.
  gallery.clock.advance(HOUR);
  await gallery.putFile('personalize/data/cinema/Users/users.csv', usersCsv.replace('1,F,19', '1,M,20'));
  const [trained, users, items] = [await versions(), await importsOf('USERS'), await importsOf('ITEMS')];
  const { status, input } = await dueAfter(HOUR);
  expect({ status, input }).toEqual({ status: 'SUCCEEDED', input: startedFor(IMPORT) });
  expect(await gallery.executions()).toHaveLength(before.length + 1);
  // Only what is newer is imported, and nothing is trained.
  expect(await importsOf('USERS')).toBe(users + 1);
  expect(await importsOf('ITEMS')).toBe(items);
  expect(await versions()).toEqual(trained);
});

test('a file that is uploaded during a run waits for its turn, and is read then', async () => {
  const before = await versions();
  gallery.personalizeClock.pause();
  const put = (file: object) => gallery.putFile(`${CONFIG}cinema.json`, JSON.stringify(file));
  const first = await gallery.startedBy(() => put(cinemaOnSchedule({ full: FULL }, {})));
  await eventually(
    async () =>
      (await gallery.records(CINEMA)).find(({ outcome, step }) => outcome === 'running' && step === 'train'),
    'the training',
  );
  const second = await gallery.startedBy(() => put(cinemaOnSchedule({ batch: BATCH }, {})));
  await eventually(
    async () => (await gallery.hasEntered(second, 'lock: another run pauses')) || undefined,
    'the wait',
  );
  await put(cinemaOnSchedule({ import: IMPORT }));
  gallery.personalizeClock.resume();
  for (const execution of [first, second]) {
    expect(await gallery.ended(execution)).toMatchObject({ output: { outcome: 'succeeded' } });
  }
  await eventually(async () => ((await gallery.running()).length === 0 ? true : undefined), 'the third run');
  expect(await expressions()).toEqual([IMPORT]);
  // The second would have trained, as it was put; as it is read, it keeps what the first has trained.
  expect(await versions()).toHaveLength(before.length + 1);
});

test('a run that does not get its turn within a day gives up and says whom it waited for', async () => {
  const holder = await gallery.startHolder();
  await gallery.holdLock(CINEMA, holder);
  const execution = await gallery.startedBy(() =>
    gallery.putFile(`${CONFIG}cinema.json`, JSON.stringify(cinemaOnSchedule({ import: IMPORT }))),
  );
  const waits = async () => (await gallery.hasEntered(execution, 'lock: another run pauses')) || undefined;
  await eventually(waits, 'the wait');
  gallery.statesClock.skip(25 * HOUR);
  expect((await gallery.ended(execution)).failure).toEqual({
    step: 'lock',
    error: 'DeadlinePassed',
    reason: `other runs of this dataset group were under way for 24 hours, the last one is ${holder}`,
  });
  await gallery.stopExecution(holder);
});

test('deleting the file removes its schedules, and those of no other file', async () => {
  const popularity = {
    serviceConfig: {
      name: `${PREFIX}-popularity`,
      recipeArn: 'arn:aws:personalize:::recipe/aws-popularity-count',
    },
    workflowConfig: { schedules: { full: FULL } },
  };
  // The gallery has no likes here, so that its training fails; what is to happen at its times is known all the same.
  expect(await upload('gallery.json', { solutions: [popularity] })).toMatchObject({ status: 'FAILED' });
  expect(await expressions()).toEqual([FULL, IMPORT].sort());
  const execution = await gallery.startedBy(() => gallery.deleteFile(`${CONFIG}cinema.json`));
  expect(await gallery.ended(execution)).toMatchObject({
    output: { outcome: 'forgotten', configurationKey: `${CONFIG}cinema.json` },
  });
  expect(await expressions()).toEqual([FULL]);
});

test('a run that cannot keep the schedules says so', async () => {
  await gallery.endpoint.call('scheduler', 'DeleteScheduleGroup', { Name: PREFIX });
  expect((await upload('cinema.json', cinemaOnSchedule({ full: FULL }))).failure).toEqual({
    step: 'schedules',
    error: 'Scheduler.ResourceNotFoundException',
    reason: expect.stringContaining(PREFIX),
  });
  await gallery.endpoint.call('scheduler', 'CreateScheduleGroup', { Name: PREFIX });
  expect(await upload('cinema.json', cinemaOnSchedule({ full: FULL }))).toMatchObject({
    status: 'SUCCEEDED',
  });
});

test('deleting the Training stack deletes the schedules and their group', async () => {
  expect(await expressions()).toEqual([FULL]);
  await gallery.deleteStack(`${PREFIX}-training`);
  const { ScheduleGroups } = await gallery.endpoint.call('scheduler', 'ListScheduleGroups', {});
  expect((ScheduleGroups as { Name: string }[]).map(({ Name }) => Name)).toEqual(['default']);
  const { Schedules } = await gallery.endpoint.call('scheduler', 'ListSchedules', {});
  expect(Schedules).toEqual([]);
});
