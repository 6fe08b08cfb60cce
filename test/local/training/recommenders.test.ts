// A configuration file with a domain: its recommenders are made once the data are there, adopted, started again, and taken down.
import {
  DescribeRecommenderCommand,
  ListDatasetGroupsCommand,
  ListRecommendersCommand,
  StopRecommenderCommand,
} from '@aws-sdk/client-personalize';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { readServedByFiles } from '../../../lambda/status/of-files';
import { television } from './configurations';
import { type Ended, eventually, GROUP_ARN, PREFIX, personalizeArn, TrainingHarness } from './harness';
import { filmsCsv, watchedBy, watchesCsv } from './movies';

let gallery: TrainingHarness;

beforeAll(async () => {
  gallery = await TrainingHarness.start();
  await gallery.putFile('personalize/data/television/Items/films.csv', filmsCsv);
});
afterAll(() => gallery?.stop());
afterEach(() => setFaults());

const setFaults = (...rules: string[]) => gallery.endpoint.personalize.setFaults(rules);

const putWatches = (watched?: number) =>
  gallery.putFile('personalize/data/television/Interactions/watches.csv', watchesCsv(watched));

async function upload(): Promise<Ended> {
  const put = () => gallery.putFile('personalize/config/television.json', JSON.stringify(television));
  return gallery.ended(await gallery.startedBy(put));
}

const arnOf = (name: string) => personalizeArn('recommender', `television-${name}`);

const recommender = async (name: string) =>
  (await gallery.control.send(new DescribeRecommenderCommand({ recommenderArn: arnOf(name) }))).recommender;

test('one that has too few events of its type ends the run with the reason of the service', async () => {
  await putWatches(400);
  expect((await upload()).failure).toEqual({
    step: 'recommenders',
    error: 'ResourceFailed',
    reason: expect.stringMatching(/fewer than 1000 interactions/),
  });
});

test.each(['DescribeRecommender', 'DeleteRecommender', 'CreateRecommender'])(
  'a failure of %s ends the run in this step',
  async (operation) => {
    await putWatches();
    setFaults(`${operation}:500:1`);
    expect((await upload()).failure).toEqual({
      step: 'recommenders',
      error: 'Personalize.PersonalizeException',
      reason: expect.stringContaining('A fault was asked for.'),
    });
  },
);

test('with the data there, the one that had failed is made anew, and all of them serve', async () => {
  await gallery.mailbox.clear();
  expect(await upload()).toMatchObject({ status: 'SUCCEEDED' });
  expect((await gallery.mailbox.mail()).text).toContain('Recommenders: television-picks, television-popular');
  for (const name of ['picks', 'popular']) {
    expect(await recommender(name)).toMatchObject({
      status: 'ACTIVE',
      recommenderConfig: { minRecommendationRequestsPerSecond: 1 },
    });
  }
  const listFor = async (name: string, userId: string) =>
    (
      await gallery.runtime.send(
        new GetRecommendationsCommand({ recommenderArn: arnOf(name), userId, numResults: 10 }),
      )
    ).itemList ?? [];
  const picks = await Promise.all(['4', '5'].map((person) => listFor('picks', person)));
  expect(picks.map(({ length }) => length)).toEqual([10, 10]);
  expect(picks[0]).not.toEqual(picks[1]);
  // Top picks leave out what somebody has watched (developer guide, "Top picks for you").
  const watched = watchedBy(4);
  expect(picks[0]?.filter(({ itemId }) => watched.includes(Number(itemId)))).toEqual([]);
  expect(await listFor('popular', '4')).toHaveLength(10);
});

test('the next run adopts them as they are', async () => {
  const before = await recommender('picks');
  expect(await upload()).toMatchObject({ status: 'SUCCEEDED' });
  expect(await recommender('picks')).toEqual(before);
});

test('the console is told of them', async () => {
  const options = { datasetGroupArn: GROUP_ARN, ownCampaigns: [] };
  const served = await readServedByFiles(gallery.control, options);
  expect(served.map(({ name }) => name).sort()).toEqual(
    television.recommenders?.map(({ serviceConfig }) => serviceConfig.name).sort(),
  );
  for (const { kind, status, recipe } of served) {
    expect({ kind, status }).toEqual({ kind: 'recommender', status: 'ACTIVE' });
    expect(recipe).toMatch(/^aws-vod-/);
  }
});

test('one that somebody stopped is started again', async () => {
  await gallery.control.send(new StopRecommenderCommand({ recommenderArn: arnOf('picks') }));
  await eventually(
    async () => ((await recommender('picks'))?.status === 'INACTIVE' ? true : undefined),
    'the stop',
  );
  setFaults('StartRecommender:500:1');
  expect((await upload()).failure).toMatchObject({ step: 'recommenders' });
  expect((await recommender('picks'))?.status).toBe('INACTIVE');
  setFaults();
  expect(await upload()).toMatchObject({ status: 'SUCCEEDED' });
  expect((await recommender('picks'))?.status).toBe('ACTIVE');
});

test('deleting the Training stack takes them down with their group', async () => {
  await gallery.deleteStack(`${PREFIX}-training`);
  expect((await gallery.control.send(new ListRecommendersCommand({}))).recommenders).toEqual([]);
  const { datasetGroups = [] } = await gallery.control.send(new ListDatasetGroupsCommand({}));
  expect(datasetGroups.map(({ name }) => name)).toEqual([PREFIX]);
});
