// Runs that configuration files ask for: refused, failing at every single step, importing, in a dataset group of their own, and
// AWS's sample file as it is. In the end everything is taken down.
import {
  DescribeCampaignCommand,
  DescribeFilterCommand,
  ListDatasetGroupsCommand,
  ListDatasetImportJobsCommand,
  ListSchemasCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-personalize';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { readServedByFiles } from '../../../lambda/status/of-files';
import {
  cinema,
  cinemaFollowing,
  cinemaTrainedAgain,
  cinemaWithCapacity,
  sampleParameters,
} from './configurations';
import { type Ended, eventually, GROUP_ARN, PREFIX, personalizeArn, TrainingHarness } from './harness';
import { genreOf, interactionsCsv, itemsCsv, tastesOf, usersCsv } from './movies';

const CINEMA = personalizeArn('dataset-group', 'cinema');
let gallery: TrainingHarness;

beforeAll(async () => {
  // Whether a new version serves does not matter here, as long as it is certain.
  gallery = await TrainingHarness.start({ gateRatioToServed: 0 });
});
afterAll(() => gallery?.stop());

/** Uploads a file, which starts a run, and waits for its end. */
async function upload(name: string, content: object | string): Promise<Ended> {
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  const execution = await gallery.startedBy(() => gallery.putFile(`personalize/config/${name}`, text));
  return gallery.ended(execution);
}

const setFaults = (...rules: string[]) => gallery.endpoint.personalize.setFaults(rules);

const putData = (group: string, type: string, csv: string) =>
  gallery.putFile(`personalize/data/${group}/${type}/${type.toLowerCase()}.csv`, csv);

async function genresFor(campaign: string, person: number): Promise<(string | undefined)[]> {
  const { itemList = [] } = await gallery.runtime.send(
    new GetRecommendationsCommand({
      campaignArn: personalizeArn('campaign', campaign),
      userId: String(person),
      numResults: 10,
    }),
  );
  return itemList.map(({ itemId }) => genreOf(Number(itemId)));
}

test('a wrong file is refused, and the mail names every fault with its place', async () => {
  const wrong = {
    ...cinema,
    solutions: [{ serviceConfig: { name: 'no good', recipeArn: 'arn:aws:personalize:::recipe/aws-sims' } }],
    filters: [{ serviceConfig: { name: 'cinema-genre' } }],
  };
  const { status, failure } = await upload('wrong.json', wrong);
  expect(status).toBe('FAILED');
  expect(failure).toMatchObject({ step: 'plan', error: 'ConfigurationRefused' });
  const { subject, text } = await gallery.mailbox.mail();
  expect(subject).toBe(`Emotion Gallery: training of ${PREFIX} failed at plan`);
  expect(text).toMatch(
    /personalize\/config\/wrong\.json:\d+:\d+ filters\[0\]\.serviceConfig\.filterExpression: /,
  );
  expect(text).toMatch(/personalize\/config\/wrong\.json:\d+:\d+ solutions\[0\]\.serviceConfig\.name: /);
  const { datasetGroups = [] } = await gallery.control.send(new ListDatasetGroupsCommand({}));
  expect(datasetGroups.map(({ name }) => name)).toEqual([PREFIX]);
});

/** What a run of the cinema's file, or of another group like it, reads from the bucket. */
async function putFilesOf(group: string): Promise<void> {
  await putData(group, 'Interactions', interactionsCsv);
  await putData(group, 'Items', itemsCsv);
  await putData(group, 'Users', usersCsv);
  const batch = `personalize/batch/${group}/${group}`;
  const people = [1, 2, 3].map((userId) => JSON.stringify({ userId: String(userId) })).join('\n');
  await gallery.putFile(`${batch}-personal-inference-1/input/people.json`, people);
  const films = [1, 2].map((itemId) => JSON.stringify({ itemId: String(itemId) })).join('\n');
  await gallery.putFile(`${batch}-segments-segment-1/input/films.json`, films);
}

describe('Amazon Personalize failing', () => {
  beforeAll(() => putFilesOf('cinema'));
  afterEach(() => setFaults());

  // In the order of a run: each run goes on where the one before stopped, and gets as far as the next fault.
  test.each([
    ['resources', 'DescribeDatasetGroup'],
    ['resources', 'CreateDatasetGroup'],
    ['resources', 'CreateSchema'],
    ['resources', 'CreateDataset'],
    ['resources', 'DescribeDataset'],
    ['resources', 'ListEventTrackers'],
    ['resources', 'CreateEventTracker'],
    ['resources', 'CreateFilter'],
    ['resources', 'DescribeFilter'],
    ['import', 'ListDatasetImportJobs'],
    ['import', 'CreateDatasetImportJob'],
    ['import', 'DescribeDatasetImportJob'],
    ['train', 'DescribeSolution'],
    ['train', 'CreateSolution'],
    ['train', 'ListSolutionVersions'],
    ['train', 'CreateSolutionVersion'],
    ['train', 'DescribeSolutionVersion'],
    ['train', 'GetSolutionMetrics'],
    ['judge', 'DescribeCampaign'],
    ['serve', 'CreateCampaign'],
    ['batch', 'CreateBatchInferenceJob'],
    ['batch', 'DescribeBatchInferenceJob'],
    ['batch', 'CreateBatchSegmentJob'],
    ['batch', 'DescribeBatchSegmentJob'],
  ])('in the step %s at %s ends the run, which says so', async (step, operation) => {
    await gallery.mailbox.clear();
    setFaults(`${operation}:500:1`);
    const { status, failure } = await upload('cinema.json', cinema);
    expect(status).toBe('FAILED');
    expect(failure).toEqual({
      step,
      error: 'Personalize.PersonalizeException',
      reason: expect.stringContaining('A fault was asked for.'),
    });
    const { subject, text } = await gallery.mailbox.mail();
    expect(subject).toBe(`Emotion Gallery: training of cinema failed at ${step}`);
    expect(text).toContain('A fault was asked for.');
    const records = await gallery.records(CINEMA);
    expect(records.at(-1)).toMatchObject({ outcome: 'failed', reason: 'configuration' });
  });

  test('once is nothing: the call is made again', async () => {
    setFaults('*:500:#3');
    expect(await upload('cinema.json', cinema)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('in the step serve at UpdateCampaign ends the run, and the next one updates', async () => {
    const campaignArn = personalizeArn('campaign', 'cinema-personal');
    const served = async () =>
      (await gallery.control.send(new DescribeCampaignCommand({ campaignArn }))).campaign?.solutionVersionArn;
    const before = await served();
    setFaults('UpdateCampaign:500:1');
    expect((await upload('cinema.json', cinemaTrainedAgain)).failure).toMatchObject({ step: 'serve' });
    expect(await served()).toBe(before);
    setFaults();
    expect(await upload('cinema.json', cinemaTrainedAgain)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await served()).not.toBe(before);
  });
});

describe('what Amazon Personalize makes ending as failed', () => {
  const revue = (configuration: object) => JSON.stringify(configuration).replaceAll('cinema', 'revue');

  beforeAll(() => putFilesOf('revue'));
  afterEach(() => setFaults());

  // In the order of a run, as above: what failed before is made anew, or updated, and the run gets as far as the next failure.
  test.each([
    ['resources', 'CreateDatasetGroup'],
    ['resources', 'CreateFilter'],
    ['import', 'CreateDatasetImportJob'],
    ['train', 'CreateSolutionVersion'],
    ['serve', 'CreateCampaign'],
    ['serve', 'UpdateCampaign'],
    ['batch', 'CreateBatchInferenceJob'],
    ['batch', 'CreateBatchSegmentJob'],
  ])('in the step %s after %s ends the run, which says so', async (step, operation) => {
    setFaults(`${operation}:fail:#1`);
    const { status, failure } = await upload('revue.json', revue(cinema));
    expect(status).toBe('FAILED');
    expect(failure).toEqual({
      step,
      error: 'ResourceFailed',
      reason: expect.stringContaining('A fault was asked for.'),
    });
  });

  test('the run after that succeeds, and the campaign serves', async () => {
    expect(await upload('revue.json', revue(cinema))).toMatchObject({ status: 'SUCCEEDED' });
    expect(await genresFor('revue-personal', 1)).toHaveLength(10);
  });
});

test('the console is told what files have put up, and nothing of the gallery’s own or of others', async () => {
  const served = await readServedByFiles(gallery.control, { datasetGroupArn: GROUP_ARN, ownCampaigns: [] });
  const campaign = { kind: 'campaign', status: 'ACTIVE', recipe: 'aws-user-personalization-v2' };
  expect(served.sort((left, right) => left.name.localeCompare(right.name))).toEqual([
    { ...campaign, name: 'cinema-personal', minProvisionedTps: 1 },
    { ...campaign, name: 'revue-personal', minProvisionedTps: 1 },
  ]);
  const own = { datasetGroupArn: GROUP_ARN, ownCampaigns: [personalizeArn('campaign', 'revue-personal')] };
  expect((await readServedByFiles(gallery.control, own)).map(({ name }) => name)).toEqual([
    'cinema-personal',
  ]);
  const others = { datasetGroupArn: `${GROUP_ARN}-two`, ownCampaigns: [] };
  expect(await readServedByFiles(gallery.control, others)).toEqual([]);
});

test('a file has its own dataset group, with tags, filters and the output of its batch jobs', async () => {
  const { tags } = await gallery.control.send(new ListTagsForResourceCommand({ resourceArn: CINEMA }));
  expect(tags).toEqual(
    expect.arrayContaining([
      { tagKey: 'team', tagValue: 'cinema' },
      { tagKey: 'emotion-gallery:deployment', tagValue: PREFIX },
    ]),
  );
  const filterArn = personalizeArn('filter', 'cinema-genre');
  const { filter } = await gallery.control.send(new DescribeFilterCommand({ filterArn }));
  expect(filter).toMatchObject({ status: 'ACTIVE', datasetGroupArn: CINEMA });
  const written = await gallery.listFiles('personalize/batch/cinema/');
  expect(written).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/cinema-personal-inference-1\/output\/people\.json\.out$/),
      expect.stringMatching(/cinema-segments-segment-1\/output\/films\.json\.out$/),
    ]),
  );
  const likes = tastesOf(1);
  const fitting = (await genresFor('cinema-personal', 1)).filter((genre) => likes.includes(genre as never));
  expect(fitting.length).toBeGreaterThanOrEqual(7);
});

test('a campaign takes a changed capacity from the file, and no version is trained for it', async () => {
  const described = async () =>
    (
      await gallery.control.send(
        new DescribeCampaignCommand({ campaignArn: personalizeArn('campaign', 'cinema-personal') }),
      )
    ).campaign;
  const before = await described();
  expect(await upload('cinema.json', cinemaWithCapacity(3))).toMatchObject({ status: 'SUCCEEDED' });
  const after = await described();
  expect(after).toMatchObject({ minProvisionedTPS: 3, solutionVersionArn: before?.solutionVersionArn });
  expect(await upload('cinema.json', cinemaWithCapacity(3))).toMatchObject({ status: 'SUCCEEDED' });
  // No other update was begun.
  expect((await described())?.latestCampaignUpdate?.creationDateTime).toEqual(
    after?.latestCampaignUpdate?.creationDateTime,
  );
});

test('a campaign that follows the newest version by itself is made once and then let alone', async () => {
  for (const _ of ['made', 'let alone']) {
    expect(await upload('following.json', cinemaFollowing)).toMatchObject({ status: 'SUCCEEDED' });
    const { campaign } = await gallery.control.send(
      new DescribeCampaignCommand({ campaignArn: personalizeArn('campaign', 'cinema-popular') }),
    );
    expect(campaign).toMatchObject({
      status: 'ACTIVE',
      solutionVersionArn: `${personalizeArn('solution', 'cinema-popular')}/$LATEST`,
    });
  }
});

test('files are imported once, and again when they are newer', async () => {
  const imports = async () =>
    (
      await gallery.control.send(
        new ListDatasetImportJobsCommand({ datasetArn: personalizeArn('dataset', 'cinema/USERS') }),
      )
    ).datasetImportJobs?.length;
  const before = Number(await imports());
  const { solutions: _, ...withoutTraining } = cinema;
  await upload('cinema.json', withoutTraining);
  expect(await imports()).toBe(before);
  await putData('cinema', 'Users', usersCsv.replace('1,F,19', '1,M,20'));
  expect(await upload('cinema.json', withoutTraining)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await imports()).toBe(before + 1);
});

/** Another group like the cinema's. */
const matinee = JSON.stringify(cinema).replaceAll('cinema', 'matinee');

test('what does not come within its time ends the run, which says what is still missing', async () => {
  gallery.personalizeClock.pause();
  const put = () => gallery.putFile('personalize/config/matinee.json', matinee);
  const execution = await gallery.startedBy(put);
  const pausing = async () =>
    (await gallery.hasEntered(execution, 'resources: datasetGroup pauses')) || undefined;
  await eventually(pausing, 'the wait');
  gallery.statesClock.skip(11 * 60_000);
  const { failure } = await gallery.ended(execution);
  gallery.personalizeClock.resume();
  expect(failure).toEqual({
    step: 'resources',
    error: 'DeadlinePassed',
    reason: 'still CREATE PENDING after 10 minutes',
  });
});

test('a faulty row ends the run before anything is imported, and the mail names file and line', async () => {
  await gallery.mailbox.clear();
  const rows = interactionsCsv.split('\n');
  rows[700] = '1,2,yesterday';
  await putData('matinee', 'Interactions', rows.join('\n'));
  const { failure } = await upload('matinee.json', matinee);
  expect(failure).toMatchObject({ step: 'import', error: 'ResourceFailed' });
  const { text } = await gallery.mailbox.mail();
  expect(text).toMatch(/TIMESTAMP.*personalize\/data\/matinee\/Interactions\/interactions\.csv, line 701/);
  const { datasetImportJobs = [] } = await gallery.control.send(
    new ListDatasetImportJobsCommand({ datasetArn: personalizeArn('dataset', 'matinee/INTERACTIONS') }),
  );
  expect(datasetImportJobs.map(({ status }) => status)).toEqual(['CREATE FAILED']);
});

test("the parameter file of AWS's sample runs end to end on data like MovieLens", async () => {
  await putData('DatasetGroup', 'Interactions', interactionsCsv);
  await putData('DatasetGroup', 'Users', usersCsv);
  const ended = await upload('params.json', sampleParameters);
  expect(ended).toMatchObject({ status: 'SUCCEEDED' });
  const likes = tastesOf(4);
  const genres = await genresFor('Campaign', 4);
  expect(genres).toHaveLength(10);
  expect(genres.filter((genre) => likes.includes(genre as never)).length).toBeGreaterThanOrEqual(6);
});

test('deleting the stacks takes down all that runs made, other groups included', async () => {
  for (const stack of ['training', 'policy', 'personalize']) await gallery.deleteStack(`${PREFIX}-${stack}`);
  const { datasetGroups } = await gallery.control.send(new ListDatasetGroupsCommand({}));
  expect(datasetGroups).toEqual([]);
  expect((await gallery.control.send(new ListSchemasCommand({}))).schemas).toEqual([]);
});
