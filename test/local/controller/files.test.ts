// Dataset groups of configuration files, brought to what is declared and kept there, in a service with its quotas on.
import {
  CreateDatasetGroupCommand,
  DescribeCampaignCommand,
  ListBatchInferenceJobsCommand,
  ListDatasetGroupsCommand,
  ListDatasetImportJobsCommand,
  ListSchemasCommand,
  ListSolutionVersionsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-personalize';
import { cinema, cinemaOnSchedule, cinemaWithCapacity } from '../training/configurations';
import { interactionsCsv, itemsCsv, usersCsv } from '../training/movies';
import { arnOf, GroupOnService } from './group-on-service';

const HOUR = 3_600_000;
let group: GroupOnService;

const start = async () => {
  group = await GroupOnService.start('cinema');
};
const stop = () => group.service.stop();

async function putFiles(): Promise<void> {
  const data = { Interactions: interactionsCsv, Items: itemsCsv, Users: usersCsv };
  for (const [type, text] of Object.entries(data)) {
    await group.putData(`personalize/data/cinema/${type}/${type.toLowerCase()}.csv`, text);
  }
  const people = [1, 2, 3].map((userId) => JSON.stringify({ userId: String(userId) })).join('\n');
  await group.putData('personalize/batch/cinema/cinema-personal-inference-1/input/people.json', people);
  const films = [1, 2].map((itemId) => JSON.stringify({ itemId: String(itemId) })).join('\n');
  await group.putData('personalize/batch/cinema/cinema-segments-segment-1/input/films.json', films);
}

async function campaign() {
  // The quota is that of the controller, too.
  group.service.clock.advance(2000);
  const campaignArn = arnOf('campaign', 'cinema-personal');
  return (await group.service.control.send(new DescribeCampaignCommand({ campaignArn }))).campaign;
}

async function versions(): Promise<{ readonly mode: string; readonly arn: string }[]> {
  const { solutionVersions = [] } = await group.service.control.send(
    new ListSolutionVersionsCommand({ solutionArn: arnOf('solution', 'cinema-personal') }),
  );
  return solutionVersions.map(({ trainingMode = '', solutionVersionArn = '' }) => ({
    mode: trainingMode,
    arn: solutionVersionArn,
  }));
}

describe('a group from its file to its end', () => {
  beforeAll(start);
  afterAll(stop);

  test('one of each kind is made in order, marked as the deployment’s, within a call a second of each operation', async () => {
    await putFiles();
    group.put(cinema);
    const row = await group.settle();
    expect({ state: row.state, problems: row.problems, waiting: row.waiting }).toEqual({
      state: 'settled',
      problems: [],
      waiting: [],
    });
    expect(group.throttled).toBe(0);
    const { calls, inASecond, of } = group.traffic;
    process.stdout.write(
      `${calls} control-plane calls; in one second at most ${inASecond} of one operation, ${of}\n`,
    );
    expect(inASecond).toBe(1);
    expect(await campaign()).toMatchObject({ status: 'ACTIVE', minProvisionedTPS: 1 });
    const { tags } = await group.service.control.send(
      new ListTagsForResourceCommand({ resourceArn: arnOf('campaign', 'cinema-personal') }),
    );
    expect(tags).toEqual(
      expect.arrayContaining([
        { tagKey: 'team', tagValue: 'cinema' },
        { tagKey: 'emotion-gallery:deployment', tagValue: 'gallery' },
      ]),
    );
    expect(group.ended).toEqual([expect.objectContaining({ outcome: 'succeeded' })]);
    expect(row.pricePerHour).toBeCloseTo(0.54);
    expect(row.planned).toEqual([]);
    expect(row.serving).toEqual([
      {
        ...{ kind: 'campaign', name: 'cinema-personal', status: 'ACTIVE', minProvisionedTps: 1 },
        recipe: 'aws-user-personalization-v2',
        solutionVersion: expect.stringContaining('solution/cinema-personal/'),
      },
    ]);

    // Another look finds nothing to do.
    expect(await group.pass(3 * HOUR)).toMatchObject({ state: 'settled' });
    expect(group.ended).toHaveLength(1);
  });

  test('files are imported when they are newer than the last import, and only then', async () => {
    const imports = async () =>
      (
        await group.service.control.send(
          new ListDatasetImportJobsCommand({ datasetArn: arnOf('dataset', 'cinema/USERS') }),
        )
      ).datasetImportJobs?.length;
    expect(await imports()).toBe(1);
    await group.pass(2 * HOUR);
    expect(await imports()).toBe(1);
    await group.putData('personalize/data/cinema/Users/users.csv', usersCsv.replace('1,F,19', '1,M,20'));
    await group.settle();
    expect(await imports()).toBe(2);
  });

  test('a changed capacity is given to the campaign, and nothing is trained for it', async () => {
    const before = await versions();
    group.put(cinemaWithCapacity(3));
    expect(await group.settle()).toMatchObject({ state: 'settled' });
    expect(await campaign()).toMatchObject({ minProvisionedTPS: 3 });
    expect(await versions()).toEqual(before);
  });

  test('what cannot be changed is refused with old and new; where the file allows it, the old one serves until the new one does', async () => {
    const before = await campaign();
    const changed = JSON.parse(
      JSON.stringify(cinema).replace('aws-user-personalization-v2', 'aws-popularity-count'),
    );
    group.put(changed);
    const refused = await group.settle();
    expect(refused.problems).toEqual([
      expect.objectContaining({
        code: 'ReplacementRefused',
        reason: expect.stringMatching(/recipeArn: .*aws-user-personalization-v2" → ".*aws-popularity-count"/),
      }),
    ]);
    expect((await campaign())?.solutionVersionArn).toBe(before?.solutionVersionArn);

    group.put({ ...changed, allowReplace: true });
    expect(await group.settle()).toMatchObject({ state: 'settled', problems: [] });
    const after = await campaign();
    expect(after).toMatchObject({ status: 'ACTIVE', creationDateTime: before?.creationDateTime });
    expect(after?.solutionVersionArn).toMatch(/solution\/cinema-personal-[0-9a-f]{8}\//);
  });

  test('all that a file made goes with it', async () => {
    group.put(undefined);
    expect(await group.settle()).toMatchObject({ state: 'settled', pricePerHour: 0 });
    const { datasetGroups } = await group.service.control.send(new ListDatasetGroupsCommand({}));
    expect(datasetGroups).toEqual([]);
  });
});

describe('each in a service of its own:', () => {
  beforeEach(start);
  afterEach(stop);

  test('what the service fails to make is told, and made again by itself', async () => {
    await putFiles();
    const operations = [
      'DatasetGroup',
      'Filter',
      'DatasetImportJob',
      'SolutionVersion',
      'Campaign',
      'BatchInferenceJob',
    ];
    group.service.service.setFaults(operations.map((operation) => `Create${operation}:fail:#1`));
    group.put(cinema);
    await group.settle();
    expect(group.ended[0]).toMatchObject({ outcome: 'failed', problems: [{ code: 'ResourceFailed' }] });
    const row = await group.pass(HOUR);
    // A file that could not be imported is not tried again before it is another one, or somebody asks for it.
    expect(row.problems.map(({ step, code }) => ({ step, code }))).toEqual([
      { step: 'import', code: 'ResourceFailed' },
    ]);
    group.put(cinema);
    await group.settle();
    expect(await group.pass(2 * HOUR)).toMatchObject({ state: 'settled', problems: [] });
    expect(await campaign()).toMatchObject({ status: 'ACTIVE' });
  });

  test('calls that fail are made again', async () => {
    await putFiles();
    group.service.service.setFaults(['*:500:0.2']);
    group.put(cinema);
    await group.settle();
    group.service.service.setFaults([]);
    expect(await group.pass(HOUR)).toMatchObject({ state: 'settled', problems: [] });
  });

  test('each schedule is due at its time, an update that has nothing to bring in is told as such, and one that is paused is not due', async () => {
    await putFiles();
    group.put(cinemaOnSchedule({ update: 'rate(2 hours)', batch: 'rate(1 day)' }));
    expect(await group.settle()).toMatchObject({
      state: 'settled',
      next: { what: 'training of cinema-personal' },
    });
    const jobs = async () =>
      (await group.service.control.send(new ListBatchInferenceJobsCommand({}))).batchInferenceJobs?.length;
    expect(await jobs()).toBe(0);
    expect(await group.pass(2.5 * HOUR)).toMatchObject({ state: 'settled', problems: [] });
    expect(group.steps.at(-1)).toBe('cinema-personal: nothing new');
    expect(group.ended.at(-1)).toMatchObject({ outcome: 'succeeded' });
    expect((await versions()).map(({ mode }) => mode)).toEqual(['FULL']);
    expect(await jobs()).toBe(0);
    await group.putData('personalize/data/cinema/Users/users.csv', usersCsv.replace('1,F,19', '1,M,20'));
    await group.pass(3 * HOUR);
    const updated = await versions();
    expect(new Set(updated.map(({ mode }) => mode))).toEqual(new Set(['FULL', 'UPDATE']));
    expect(await jobs()).toBe(0);
    group.rows.ask({ pausedSchedules: ['rate(2 hours)'] });
    await group.pass(24 * HOUR);
    expect(await versions()).toEqual(updated);
    expect(await jobs()).toBe(1);
  });

  test('a group that is one too many is told at once, with what fills the quota', async () => {
    await putFiles();
    for (const name of ['one', 'two', 'three', 'four', 'five']) {
      await group.service.control.send(new CreateDatasetGroupCommand({ name }));
      group.service.clock.advance(2000);
    }
    group.put(cinema);
    const row = await group.settle();
    expect(row.state).toBe('failed');
    expect(row.problems).toEqual([
      expect.objectContaining({
        code: 'LimitExceededException',
        reason: expect.stringContaining('one, two'),
        advice: expect.stringMatching(/^Delete a dataset group that is not needed/),
      }),
    ]);
    // Nothing is made for it meanwhile.
    expect((await group.service.control.send(new ListSchemasCommand({}))).schemas).toEqual([]);
  });

  test('without data nothing is made, and it is said what lies near by', async () => {
    const { eventTracker: _, ...imported } = cinema;
    await group.putData('personalize/data/cinema/interactions/films.csv', interactionsCsv);
    group.put(imported);
    const row = await group.settle();
    expect(row).toMatchObject({ state: 'waiting', problems: [] });
    expect(row.waiting[0]?.message).toMatch(
      /no file under .*cinema\/Interactions\/, found .*interactions\/films\.csv/,
    );
    // What is to be done then is told, with what has to come first.
    expect(row.planned).toContainEqual({
      what: 'create dataset group cinema',
      after: [expect.stringContaining('no file under')],
    });
    const { datasetGroups } = await group.service.control.send(new ListDatasetGroupsCommand({}));
    expect(datasetGroups).toEqual([]);
  });
});
