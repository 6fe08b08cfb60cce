// The training pipeline, run for real: the deployed state machine with its roles, against Amazon Personalize on localhost.
import {
  CreateSolutionVersionCommand,
  DeleteCampaignCommand,
  DescribeCampaignCommand,
  ListSolutionsCommand,
} from '@aws-sdk/client-personalize';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { eventually, GROUP_ARN, PREFIX, personalizeArn, TrainingHarness } from './harness';
import { addPictures, likePictures, person } from './people';

let gallery: TrainingHarness;

beforeAll(async () => {
  gallery = await TrainingHarness.start();
  await addPictures(gallery);
  await likePictures(gallery);
  // Three of them are the test users, drawn by chance: which version is better is left to it, and the gate allows for that.
  await gallery.countPeople(25);
});
afterAll(() => gallery?.stop());

interface Result {
  readonly solution: string;
  readonly version: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly verdict: Verdict;
}

/** Of a version that was compared with both others. */
interface Verdict {
  readonly passed: boolean;
  readonly why: string;
  readonly value: number;
  readonly baseline: number;
  readonly served: number;
  readonly testUsers: number | null;
}

const resultsOf = (output: unknown) => (output as { results: Result[] }).results;

const campaign = async (name: string) =>
  (
    await gallery.control.send(
      new DescribeCampaignCommand({ campaignArn: personalizeArn('campaign', `${PREFIX}-${name}`) }),
    )
  ).campaign;

const minimumReached = () =>
  gallery.endpoint.call('events', 'PutEvents', {
    Entries: [
      {
        Source: 'emotion-gallery',
        DetailType: 'MinimumReached',
        Detail: JSON.stringify({ id: 'once', datasetGroupArn: GROUP_ARN }),
      },
    ],
  });

/** The popularity solution of the gallery as a configuration file names it. */
const popularity = (workflowConfig: object) => ({
  solutions: [
    {
      serviceConfig: {
        name: `${PREFIX}-popularity`,
        recipeArn: 'arn:aws:personalize:::recipe/aws-popularity-count',
        eventType: 'like',
      },
      workflowConfig,
    },
  ],
});

async function runWith(configuration: object): Promise<Result[]> {
  const key = 'personalize/config/gallery.json';
  const execution = await gallery.startedBy(() => gallery.putFile(key, JSON.stringify(configuration)));
  const ended = await gallery.ended(execution);
  expect(ended.failure).toBeUndefined();
  return resultsOf(ended.output);
}

test('the schedule does nothing before the first training', async () => {
  expect(await gallery.ended(await gallery.retrain())).toMatchObject({ status: 'SUCCEEDED' });
  expect(await gallery.executions()).toEqual([]);
});

/** An hour passes, in which it is looked which campaigns are up. */
async function anHour(): Promise<void> {
  const machine = await gallery.machine('IdleCampaigns');
  const execution = await gallery.startedBy(async () => gallery.clock.advance(3_600_000), machine);
  expect(await gallery.ended(execution)).toMatchObject({ status: 'SUCCEEDED' });
}

const requests = () => gallery.campaignMetric('AWS/Personalize', 'GetRecommendations', `${PREFIX}-personal`);
const hoursUp = (name: string) => gallery.campaignMetric('EmotionGallery', 'CampaignUp', `${PREFIX}-${name}`);

test('before there is a campaign none is counted', async () => {
  await anHour();
  expect(await hoursUp('personal')).toBeUndefined();
});

test('the minimum starts a run that trains, judges, serves, records and tells', async () => {
  const execution = await gallery.startedBy(minimumReached);
  const { status, output, executionArn } = await gallery.ended(execution);
  expect(status).toBe('SUCCEEDED');
  const results = resultsOf(output);
  expect(results.map(({ solution }) => solution)).toEqual(
    ['popularity', 'personal', 'similar', 'ranking'].map((name) => `${PREFIX}-${name}`),
  );
  const personal = results[1] as Result;
  expect(personal.verdict).toMatchObject({ passed: true, why: 'good enough' });
  expect(await campaign('personal')).toMatchObject({
    status: 'ACTIVE',
    solutionVersionArn: personal.version,
  });
  expect(await campaign('similar')).toMatchObject({ status: 'ACTIVE' });
  // A model without a campaign costs nothing while nobody asks it.
  await expect(campaign('ranking')).rejects.toThrow('does not exist');

  const [record, ...more] = await gallery.records();
  expect(more).toEqual([]);
  expect(record).toMatchObject({ outcome: 'succeeded', reason: 'minimum-reached', execution: executionArn });
  expect(await gallery.mailbox.mail()).toEqual({
    subject: `Emotion Gallery: training of ${PREFIX} succeeded`,
    text: expect.stringMatching(/personal: serves\n {2}because: good enough\n/),
  });
  await gallery.mailbox.event(); // MinimumReached itself
  expect(await gallery.mailbox.event()).toEqual({
    type: 'PipelineSucceeded',
    detail: expect.objectContaining({ datasetGroupArn: GROUP_ARN, reason: 'minimum-reached', results }),
  });
  const { solutions = [] } = await gallery.control.send(
    new ListSolutionsCommand({ datasetGroupArn: GROUP_ARN }),
  );
  expect(solutions).toHaveLength(4);
});

test('each hour the campaigns that are up are counted, beside their requests', async () => {
  expect(await requests()).toBeUndefined();
  await gallery.runtime.send(
    new GetRecommendationsCommand({
      campaignArn: personalizeArn('campaign', `${PREFIX}-personal`),
      userId: person(0),
    }),
  );
  expect(await requests()).toBe(1);
  await anHour();
  const counted = [await hoursUp('personal'), await hoursUp('similar'), await hoursUp('ranking')];
  expect(counted).toEqual([1, 1, undefined]);
});

test('the schedule trains again: the campaign is updated and awaited', async () => {
  await likePictures(gallery, { round: 1 });
  const before = await campaign('personal');
  const execution = await gallery.startedBy(() => gallery.retrain());
  const [, personal] = resultsOf((await gallery.ended(execution)).output);
  expect(personal?.verdict).toMatchObject({ passed: true, served: expect.any(Number) });
  expect(personal?.version).not.toBe(before?.solutionVersionArn);
  expect(await campaign('personal')).toMatchObject({
    solutionVersionArn: personal?.version,
    latestCampaignUpdate: { status: 'ACTIVE' },
  });
});

test('of two runs at once one works and the other steps back', async () => {
  const [first, second] = await Promise.all([gallery.run(), gallery.run()]);
  const outcomes = [first, second].map(({ output }) => (output as { outcome: string }).outcome);
  expect(outcomes.sort()).toEqual(['skipped', 'succeeded']);
});

test('the lock of a run that was stopped is taken over', async () => {
  gallery.personalizeClock.pause();
  const stopped = await gallery.begin();
  await eventually(async () => (await gallery.records()).find(({ run }) => run === 'lock'), 'the lock');
  await gallery.stopExecution(stopped);
  expect(await gallery.ended(stopped)).toMatchObject({ status: 'ABORTED' });
  expect((await gallery.records()).at(-1)).toMatchObject({ run: 'lock', execution: stopped });
  gallery.personalizeClock.resume();
  expect((await runWith(popularity({}))).length).toBe(1);
  expect((await gallery.records()).filter(({ run }) => run === 'lock')).toEqual([]);
});

test('a version that is young enough is not trained again', async () => {
  const [trained] = await runWith(popularity({}));
  const [kept] = await runWith(popularity({ maxAge: '1 day' }));
  expect(kept?.version).toBe(trained?.version);
  expect(kept?.metrics).toEqual(trained?.metrics);
});

test('a version that is in training already is waited for instead of training another one', async () => {
  gallery.personalizeClock.pause();
  const { solutionVersionArn } = await gallery.control.send(
    new CreateSolutionVersionCommand({ solutionArn: personalizeArn('solution', `${PREFIX}-popularity`) }),
  );
  const results = runWith(popularity({}));
  await eventually(
    async () =>
      (await gallery.records()).find(({ outcome, step }) => outcome === 'running' && step === 'train'),
    'the training step',
  );
  gallery.personalizeClock.resume();
  expect((await results)[0]?.version).toBe(solutionVersionArn);
});

test('a campaign that somebody deletes is made anew', async () => {
  gallery.personalizeClock.pause();
  await gallery.control.send(
    new DeleteCampaignCommand({ campaignArn: personalizeArn('campaign', `${PREFIX}-personal`) }),
  );
  const execution = await gallery.begin();
  await eventually(
    async () => (await gallery.records()).find(({ outcome }) => outcome === 'running'),
    'the run',
  );
  // One that is being deleted is not up.
  await anHour();
  expect([await hoursUp('personal'), await hoursUp('similar')]).toEqual([1, 2]);
  gallery.personalizeClock.resume();
  expect(await gallery.ended(execution)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await campaign('personal')).toMatchObject({ status: 'ACTIVE' });
});

test('a worse model is kept, not served, and the mail says why', async () => {
  const before = await campaign('personal');
  // Where nobody was counted, the metrics are compared as they are.
  await gallery.countPeople(0);
  await likePictures(gallery, { round: 2, after: 'whim' });
  await gallery.mailbox.clear();
  const { status, output } = await gallery.run();
  expect(status).toBe('SUCCEEDED');
  const [, personal] = resultsOf(output);
  expect(personal?.verdict).toMatchObject({
    passed: false,
    why: expect.stringMatching(/^below (1|0.95) times the (baseline|version in service)$/),
  });
  expect((await campaign('personal'))?.solutionVersionArn).toBe(before?.solutionVersionArn);
  expect((await gallery.mailbox.mail()).text).toContain(
    `${PREFIX}-personal: is kept, not served\n  because: ${personal?.verdict.why}`,
  );
});

test('with three test users a version is refused only when it is worse beyond chance', async () => {
  const before = await campaign('personal');
  await gallery.countPeople(25);
  await likePictures(gallery, { round: 3, after: 'whim' });
  const { status, output } = await gallery.run();
  expect(status).toBe('SUCCEEDED');
  const { version, verdict } = resultsOf(output)[1] as Result;
  expect(verdict.testUsers).toBe(3);
  // Which people are the test users, and so how far apart the metrics are, is another matter of chance.
  const { value, baseline, served } = verdict;
  const isServed = isWithinChance(value, baseline, 1) && isWithinChance(value, served, 0.95);
  expect(verdict.passed).toBe(isServed);
  expect((await campaign('personal'))?.solutionVersionArn).toBe(
    isServed ? version : before?.solutionVersionArn,
  );
});

/** At most 1.645 standard errors below the bar, for three test users. */
function isWithinChance(value: number, other: number, ratio: number): boolean {
  const variance = value * (1 - value) + ratio ** 2 * other * (1 - other);
  return value >= other * ratio - 1.645 * Math.sqrt(variance / 3);
}
