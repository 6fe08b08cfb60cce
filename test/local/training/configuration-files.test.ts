// Dataset groups of configuration files, for real: refused, failing, imported, changed, removed, and AWS's sample file as it is. In the end
// everything is taken down.
import { createHash } from 'node:crypto';
import {
  DescribeCampaignCommand,
  DescribeDatasetGroupCommand,
  DescribeFilterCommand,
  ListDatasetGroupsCommand,
  ListDatasetImportJobsCommand,
  ListSchemasCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-personalize';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import type { GroupRow } from '../../../lambda/controller/group-row';
import { cinema, cinemaFollowing, cinemaWithCapacity } from './configurations';
import { ACCOUNT_ID, eventually, PREFIX, personalizeArn, TrainingHarness } from './harness';
import { genreOf, interactionsCsv, itemsCsv, tastesOf, usersCsv } from './movies';
import { example, maintained, sample, type Upload } from './predecessors';

const CINEMA = personalizeArn('dataset-group', 'cinema');
/** What the settings let files name. */
const ROLE = `arn:aws:iam::${ACCOUNT_ID}:role/films`;
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT_ID}:key/films`;
let gallery: TrainingHarness;

beforeAll(async () => {
  // Whether a new version serves does not matter here, as long as it is certain.
  gallery = await TrainingHarness.start({ gateRatioToServed: 0, rolesForFiles: ROLE, keysForFiles: KEY });
});
afterAll(() => gallery?.stop());

const keyOf = (name: string) => `personalize/config/${name}`;

/** Uploads a file, and waits until its group has come to rest with it. */
async function upload(
  name: string,
  content: object | string,
  group = name.replace('.json', ''),
): Promise<GroupRow> {
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  const etag = `"${createHash('md5').update(text).digest('hex')}"`;
  const startedAt = new Date().toISOString();
  await gallery.putFile(keyOf(name), text);
  const isRead = ({ sources }: GroupRow) =>
    sources.some((source) => source.name === keyOf(name) && source.etag === etag);
  return gallery.groupWhen(
    (row) => isRead(row) && row.state !== 'working' && row.observedAt >= startedAt,
    group,
    300,
  );
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

async function groupNames(): Promise<(string | undefined)[]> {
  const { datasetGroups = [] } = await gallery.control.send(new ListDatasetGroupsCommand({}));
  return datasetGroups.map(({ name }) => name).sort();
}

/** What a group like the cinema's reads from the bucket. */
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

test('a wrong file is refused: the mail is the file’s and names every fault with its place, and no group is said to have failed', async () => {
  const wrong = {
    ...cinema,
    solutions: [{ serviceConfig: { name: 'no good', recipeArn: 'arn:aws:personalize:::recipe/aws-sims' } }],
    filters: [{ serviceConfig: { name: 'cinema-genre' } }],
  };
  const unlisted = {
    ...cinema,
    datasetGroup: { serviceConfig: { name: 'cinema', roleArn: `${ROLE}-admin` } },
  };
  const row = await upload('wrong.json', wrong, keyOf('wrong.json'));
  expect(row.problems).toEqual([expect.objectContaining({ step: 'plan', code: 'ConfigurationRefused' })]);
  const { subject, text } = await gallery.mailbox.mail();
  expect(subject).toBe(`Emotion Gallery: training of ${keyOf('wrong.json')} failed at plan`);
  expect(text).toMatch(
    /personalize\/config\/wrong\.json:\d+:\d+ filters\[0\]\.serviceConfig\.filterExpression: /,
  );
  expect(text).toMatch(/personalize\/config\/wrong\.json:\d+:\d+ solutions\[0\]\.serviceConfig\.name: /);
  // One that is right but for its role is told what to do, too.
  const { problems } = await upload('wrong.json', unlisted, keyOf('wrong.json'));
  expect(problems[0]?.reason).toMatch(/serviceConfig\.roleArn: .* may not pass .*films-admin.*rolesForFiles/);
  expect(await groupNames()).toEqual([PREFIX]);
  await gallery.groupWhen(({ state }) => state === 'waiting');
  await gallery.deleteFile(keyOf('wrong.json'));
});

test('a group with an event tracker and too few data waits for more, and its author is told', async () => {
  await gallery.mailbox.clear();
  const row = await upload('cinema.json', cinema);
  expect(row).toMatchObject({ state: 'waiting', problems: [] });
  expect(row.waiting[0]?.message).toMatch(/fewer than 1000 interactions/);
  expect((await gallery.mailbox.mail()).text).toMatch(/Error: NotEnoughData\nReason: .*fewer than 1000/);
});

test('calls that fail are made again, and the group ends as declared', async () => {
  await putFilesOf('cinema');
  setFaults('*:500:#3');
  expect(await upload('cinema.json', JSON.stringify(cinema))).toMatchObject({ state: 'settled' });
  setFaults();
  expect(await genresFor('cinema-personal', 1)).toHaveLength(10);
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
  expect(await gallery.listFiles('personalize/batch/cinema/')).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/cinema-personal-inference-1\/output\/people\.json\.out$/),
      expect.stringMatching(/cinema-segments-segment-1\/output\/films\.json\.out$/),
    ]),
  );
  const likes = tastesOf(1);
  const fitting = (await genresFor('cinema-personal', 1)).filter((genre) => likes.includes(genre as never));
  expect(fitting.length).toBeGreaterThanOrEqual(7);
});

test('what a file has put up is in its group’s row, and not in the gallery’s', async () => {
  const campaign = { kind: 'campaign', status: 'ACTIVE', recipe: 'aws-user-personalization-v2' };
  expect((await gallery.group('cinema'))?.serving).toEqual([
    { ...campaign, name: 'cinema-personal', minProvisionedTps: 1, solutionVersion: expect.any(String) },
  ]);
  expect((await gallery.group())?.serving).toEqual([]);
});

const described = async () =>
  (
    await gallery.control.send(
      new DescribeCampaignCommand({ campaignArn: personalizeArn('campaign', 'cinema-personal') }),
    )
  ).campaign;

test('a campaign takes a changed capacity from the file, and no version is trained for it', async () => {
  const before = await described();
  expect(await upload('cinema.json', cinemaWithCapacity(3))).toMatchObject({ state: 'settled' });
  expect(await described()).toMatchObject({
    minProvisionedTPS: 3,
    solutionVersionArn: before?.solutionVersionArn,
  });
});

test('a changed recipe and a changed filter are refused with old and new, and all stays as it was', async () => {
  const changed = JSON.parse(
    JSON.stringify(cinemaWithCapacity(3)).replace('user-personalization-v2', 'similar-items'),
  ) as typeof cinema;
  const [filter] = changed.filters;
  if (filter) filter.serviceConfig.filterExpression = 'EXCLUDE ItemID WHERE Items.GENRE IN ($GENRE)';
  const before = await described();
  await gallery.mailbox.clear();
  const row = await upload('cinema.json', changed);
  expect(row.state).toBe('failed');
  expect(row.problems.map(({ code, resource }) => ({ code, name: resource?.name }))).toEqual([
    { code: 'ReplacementRefused', name: 'cinema-genre' },
    { code: 'ReplacementRefused', name: 'cinema-personal' },
  ]);
  const { text } = await gallery.mailbox.mail();
  expect(text).toContain('"INCLUDE ItemID WHERE Items.GENRE IN ($GENRE)" → "EXCLUDE');
  expect(text).toContain('aws-user-personalization-v2" → "');
  expect((await described())?.solutionVersionArn).toBe(before?.solutionVersionArn);
});

test('files are imported once, and again when they are newer', async () => {
  const imports = async () =>
    (
      await gallery.control.send(
        new ListDatasetImportJobsCommand({ datasetArn: personalizeArn('dataset', 'cinema/USERS') }),
      )
    ).datasetImportJobs?.length;
  expect(await upload('cinema.json', cinemaWithCapacity(3))).toMatchObject({ state: 'settled' });
  const before = Number(await imports());
  await putData('cinema', 'Users', usersCsv.replace('1,F,19', '1,M,20'));
  await eventually(async () => ((await imports()) === before + 1 ? true : undefined), 'an import');
  await gallery.groupWhen(({ state }) => state === 'settled', 'cinema');
  await gallery.run({ reason: 'look', datasetGroup: 'cinema' });
  expect(await imports()).toBe(before + 1);
});

test('a campaign that follows the newest version by itself is made; what the file names no more is taken down', async () => {
  const row = await upload('cinema.json', cinemaFollowing);
  expect(row.problems).toEqual([]);
  const { campaign } = await gallery.control.send(
    new DescribeCampaignCommand({ campaignArn: personalizeArn('campaign', 'cinema-popular') }),
  );
  expect(campaign).toMatchObject({
    status: 'ACTIVE',
    solutionVersionArn: `${personalizeArn('solution', 'cinema-popular')}/$LATEST`,
  });
  await expect(described()).rejects.toThrow('does not exist');
});

test('a faulty row ends the import, the mail names file and line, and nothing is trained of it', async () => {
  await gallery.mailbox.clear();
  await putFilesOf('matinee');
  const rows = interactionsCsv.split('\n');
  rows[700] = '1,2,yesterday';
  await putData('matinee', 'Interactions', rows.join('\n'));
  const matinee = JSON.parse(JSON.stringify(cinema).replaceAll('cinema', 'matinee'));
  Object.assign(matinee.datasetGroup.serviceConfig, { roleArn: ROLE, kmsKeyArn: KEY });
  const row = await upload('matinee.json', matinee);
  expect(row.problems).toEqual([expect.objectContaining({ step: 'import', code: 'ResourceFailed' })]);
  const { text } = await gallery.mailbox.mail();
  // The role and the key that the settings list were passed.
  const { datasetGroup } = await gallery.control.send(
    new DescribeDatasetGroupCommand({ datasetGroupArn: personalizeArn('dataset-group', 'matinee') }),
  );
  expect(datasetGroup).toMatchObject({ roleArn: ROLE, kmsKeyArn: KEY });
  expect(text).toMatch(/TIMESTAMP.*personalize\/data\/matinee\/Interactions\/interactions\.csv, line 701/);
});

/** As `aws s3 sync` and `aws s3 cp` do; the configuration file is the last one. Resolves once the group has come to rest with it. */
async function uploadAll(files: Upload, group: string): Promise<GroupRow> {
  const startedAt = new Date().toISOString();
  for (const [key, text] of Object.entries(files)) await gallery.putFile(key, text);
  const configuration = Object.keys(files).at(-1);
  return gallery.groupWhen(
    (row) =>
      row.sources.some(({ name }) => name === configuration) &&
      row.state !== 'working' &&
      row.observedAt >= startedAt,
    group,
    300,
  );
}

const isGone = ({ state, sources }: GroupRow) => state === 'settled' && sources.length === 0;
const campaignStatus = async (name: string) =>
  (await gallery.control.send(new DescribeCampaignCommand({ campaignArn: personalizeArn('campaign', name) })))
    .campaign?.status;

test('the files of predecessors, uploaded where their instructions say, make all that they name', async () => {
  const rows = await Promise.all([uploadAll(example, 'FilmsDemo'), uploadAll(maintained, 'maintained')]);
  for (const row of rows) expect(row).toMatchObject({ state: 'settled', problems: [], planned: [] });
  const campaigns = ['popularityCampaign', 'simsCampaign', 'maintained-likes-campaign'];
  expect(await Promise.all(campaigns.map(campaignStatus))).toEqual(campaigns.map(() => 'ACTIVE'));
  const likes = tastesOf(1);
  const genres = await genresFor('maintained-likes-campaign', 1);
  expect(genres.filter((genre) => likes.includes(genre as never)).length).toBeGreaterThanOrEqual(6);
  const filterArn = personalizeArn('filter', 'maintained-watched');
  const { filter } = await gallery.control.send(new DescribeFilterCommand({ filterArn }));
  expect(filter?.filterExpression).toBe('INCLUDE ItemID WHERE Interactions.EVENT_TYPE in ("Watch", "Click")');
  expect(await gallery.listFiles('batch/')).toEqual([
    'batch/maintained/maintained-likes/job_config.json',
    'batch/maintained/maintained-likes/maintained-likes-inference-1/job_config.json.out',
  ]);
  const resourceArn = personalizeArn('dataset-group', 'maintained');
  const { tags } = await gallery.control.send(new ListTagsForResourceCommand({ resourceArn }));
  expect(tags).toContainEqual({ tagKey: 'of', tagValue: 'group' });
});

test('what a file made goes with the file', async () => {
  await Promise.all([gallery.deleteFile('params.json'), gallery.deleteFile('train/maintained/config.json')]);
  for (const name of ['FilmsDemo', 'maintained']) await gallery.groupWhen(isGone, name, 300);
  expect(await groupNames()).toEqual(['cinema', 'matinee', PREFIX].sort());
});

test("the parameter file of AWS's first sample runs end to end on data like MovieLens", async () => {
  expect(await uploadAll(sample, 'DatasetGroup')).toMatchObject({ state: 'settled', problems: [] });
  const likes = tastesOf(4);
  const genres = await genresFor('Campaign', 4);
  expect(genres).toHaveLength(10);
  expect(genres.filter((genre) => likes.includes(genre as never)).length).toBeGreaterThanOrEqual(6);
});

test('a group that is one too many is told at once, with what fills the quota', async () => {
  // With the gallery's, the cinema's, the matinee's and the sample's there are five.
  await gallery.endpoint.call('personalize', 'CreateDatasetGroup', { name: 'more-1' });
  await putFilesOf('sixth');
  const row = await upload('sixth.json', JSON.stringify(cinema).replaceAll('cinema', 'sixth'));
  expect(row.problems).toEqual([
    expect.objectContaining({
      code: 'LimitExceededException',
      reason: expect.stringMatching(/filled by: .*more-1/),
    }),
  ]);
  await gallery.deleteFile(keyOf('sixth.json'));
});

test('deleting the stacks takes down all that files made', async () => {
  for (const stack of ['training', 'policy', 'personalize']) await gallery.deleteStack(`${PREFIX}-${stack}`);
  expect(await groupNames()).toEqual(['more-1']);
  expect((await gallery.control.send(new ListSchemasCommand({}))).schemas).toEqual([]);
});
