// A configuration file with a domain: its recommenders are made once the data are there, adopted, started again, and taken down.
import {
  DescribeRecommenderCommand,
  ListDatasetGroupsCommand,
  ListRecommendersCommand,
  StopRecommenderCommand,
} from '@aws-sdk/client-personalize';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import type { GroupRow } from '../../../lambda/controller/group-row';
import { television } from './configurations';
import { eventually, PREFIX, personalizeArn, TrainingHarness } from './harness';
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

/** Has the group looked at, and waits until it rests. */
async function look(input: object = {}): Promise<GroupRow> {
  const startedAt = new Date().toISOString();
  await gallery.begin({ reason: 'operator', datasetGroup: 'television', ...input });
  return gallery.groupWhen(
    ({ state, observedAt }) => state !== 'working' && observedAt > startedAt,
    'television',
  );
}

const upload = () => gallery.putFile('personalize/config/television.json', JSON.stringify(television));

const arnOf = (name: string) => personalizeArn('recommender', `television-${name}`);

const recommender = async (name: string) =>
  (await gallery.control.send(new DescribeRecommenderCommand({ recommenderArn: arnOf(name) }))).recommender;

test('one that has too few events of its type is told with the reason of the service', async () => {
  await putWatches(400);
  await upload();
  const row = await gallery.groupWhen(
    ({ state, waiting }) => state === 'waiting' && waiting[0]?.for === 'retry',
    'television',
  );
  expect(row.problems).toEqual([]);
  expect(row.waiting[0]).toMatchObject({
    step: 'recommenders',
    message: expect.stringMatching(/fewer than 1000 interactions/),
  });
});

test('with the data there, the one that had failed is made anew, and all of them serve', async () => {
  await putWatches();
  setFaults('CreateRecommender:500:#1', 'DeleteRecommender:500:#1');
  await look();
  await gallery.groupWhen(({ state }) => state === 'settled', 'television');
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

test('another look leaves them as they are', async () => {
  // The service trains it anew by itself meanwhile.
  const settings = async () => {
    const { lastUpdatedDateTime: _at, modelMetrics: _metrics, ...rest } = (await recommender('picks')) ?? {};
    return rest;
  };
  const before = await settings();
  expect(await look()).toMatchObject({ state: 'settled' });
  expect(await settings()).toEqual(before);
});

test('they are in the row of their group', async () => {
  const served = (await gallery.group('television'))?.serving ?? [];
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
  expect(await look()).toMatchObject({ state: 'settled' });
  expect((await recommender('picks'))?.status).toBe('ACTIVE');
});

test('deleting the Training stack takes them down with their group', async () => {
  await gallery.deleteStack(`${PREFIX}-training`);
  expect((await gallery.control.send(new ListRecommendersCommand({}))).recommenders).toEqual([]);
  const { datasetGroups = [] } = await gallery.control.send(new ListDatasetGroupsCommand({}));
  expect(datasetGroups.map(({ name }) => name)).toEqual([PREFIX]);
});
