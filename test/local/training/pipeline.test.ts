// The controller for the gallery's own group, for real: deployed with its roles, against Amazon Personalize on localhost.
import {
  CreateCampaignCommand,
  DeleteCampaignCommand,
  DescribeCampaignCommand,
  ListSolutionsCommand,
  ListSolutionVersionsCommand,
} from '@aws-sdk/client-personalize';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { GROUP_ARN, PREFIX, personalizeArn, TrainingHarness } from './harness';
import { addPictures, likePictures, person } from './people';

let gallery: TrainingHarness;

beforeAll(async () => {
  gallery = await TrainingHarness.start();
  await addPictures(gallery);
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

/** Has everything trained again, and gives how it was judged. */
async function trained(model: string): Promise<Result[]> {
  await gallery.begin();
  const record = (await gallery.endedRuns((await gallery.records()).length + 1)).at(-1);
  expect(record?.outcome).toBe('succeeded');
  return ((record?.result ?? []) as Result[]).filter(({ solution }) => solution === `${PREFIX}-${model}`);
}

const requests = () => gallery.campaignMetric('AWS/Personalize', 'GetRecommendations', `${PREFIX}-personal`);
const hoursUp = (name: string) => gallery.campaignMetric('EmotionGallery', 'CampaignUp', `${PREFIX}-${name}`);

test('before the minimum nothing is made, and the group says how many likes are missing', async () => {
  const row = await gallery.groupWhen(({ state }) => state === 'waiting');
  expect(row.waiting.map(({ message }) => message)).toEqual([
    '1000 more likes and 25 more people with two likes',
  ]);
  const { solutions } = await gallery.control.send(new ListSolutionsCommand({ datasetGroupArn: GROUP_ARN }));
  expect(solutions).toEqual([]);
  expect(await gallery.records()).toEqual([]);
});

test('likes that Amazon Personalize counts once are not enough: the group says how many are missing, and starts by itself then', async () => {
  const twice = await likePictures(gallery, { doubled: 3 });
  await gallery.countLikes(1000);
  await gallery.sweep();
  const row = await gallery.groupWhen(({ waiting }) => waiting[0]?.message === '3 more likes');
  expect(row.state).toBe('waiting');
  expect(await gallery.records()).toEqual([]);
  await gallery.mailbox.clear();
  await twice.liked();
  await gallery.countLikes(1003);
});

test('the run trains side by side what is served, judges, serves, records and tells', async () => {
  await minimumReached();
  const [record] = await gallery.endedRuns(1);
  const results = record?.result as Result[];
  expect(results.map(({ solution }) => solution)).toEqual(
    ['popularity', 'personal', 'similar'].map((name) => `${PREFIX}-${name}`),
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

  expect(record).toMatchObject({ outcome: 'succeeded', reason: 'minimum-reached' });
  expect(record?.steps.map(({ step }) => step)).toEqual(['train', 'serve']);
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
  expect(solutions).toHaveLength(3);
  expect(await gallery.groupWhen(({ state }) => state === 'settled')).toMatchObject({
    next: { what: expect.stringContaining('training') },
  });
});

test('the campaigns that are up are counted, beside their requests', async () => {
  expect(await requests()).toBeUndefined();
  await gallery.runtime.send(
    new GetRecommendationsCommand({
      campaignArn: personalizeArn('campaign', `${PREFIX}-personal`),
      userId: person(0),
    }),
  );
  expect(await requests()).toBe(1);
  expect(Number(await hoursUp('personal'))).toBeGreaterThan(0);
  expect(await hoursUp('ranking')).toBeUndefined();
});

test('an operator has it trained again: the campaign is updated and awaited', async () => {
  await likePictures(gallery, { round: 1 });
  const before = await campaign('personal');
  const [personal] = await trained('personal');
  expect(personal?.verdict).toMatchObject({ passed: true, served: expect.any(Number) });
  expect(personal?.version).not.toBe(before?.solutionVersionArn);
  expect(await campaign('personal')).toMatchObject({
    solutionVersionArn: personal?.version,
    latestCampaignUpdate: { status: 'ACTIVE' },
  });
});

test('of two executions at once one works, and the other hands it what was asked for', async () => {
  const before = await gallery.records();
  const [first, second] = await Promise.all([gallery.run(), gallery.run()]);
  const outcomes = [first, second].map(({ output }) => (output as { outcome: string }).outcome);
  expect(outcomes).toContain('joined');
  expect(await gallery.records()).toHaveLength(before.length + 1);
});

test('a run whose execution was aborted goes on in another one', async () => {
  gallery.personalizeClock.pause();
  const stopped = await gallery.begin();
  await gallery.groupWhen(({ run, waiting }) => run !== undefined && waiting.length > 0);
  await gallery.stopExecution(stopped);
  await gallery.groupWhen(({ execution }) => execution !== stopped);
  gallery.personalizeClock.resume();
  await gallery.groupWhen(({ state }) => state === 'settled');
  const records = await gallery.records();
  expect(records.filter(({ outcome }) => outcome === 'running')).toEqual([]);
  expect(records.at(-1)).toMatchObject({ outcome: 'succeeded', reason: 'operator' });
});

test('a version that is in training already is waited for instead of training another one', async () => {
  gallery.personalizeClock.pause();
  const solutionArn = personalizeArn('solution', `${PREFIX}-popularity`);
  const versions = async () =>
    (await gallery.control.send(new ListSolutionVersionsCommand({ solutionArn }))).solutionVersions?.length;
  const before = Number(await versions());
  await gallery.begin();
  await gallery.groupWhen(({ waiting }) =>
    waiting.some(({ message }) => message.includes('solution version')),
  );
  const again = await gallery.begin();
  expect((await gallery.ended(again)).output).toMatchObject({ outcome: 'joined' });
  gallery.personalizeClock.resume();
  await gallery.groupWhen(({ state }) => state === 'settled');
  expect(Number(await versions()) - before).toBeLessThanOrEqual(2);
});

test('a campaign that somebody deletes is made anew', async () => {
  const campaignArn = personalizeArn('campaign', `${PREFIX}-personal`);
  await gallery.control.send(new DeleteCampaignCommand({ campaignArn }));
  await gallery.run({ reason: 'look' });
  await gallery.groupWhen(({ state }) => state === 'settled');
  expect(await campaign('personal')).toMatchObject({ status: 'ACTIVE' });
});

test('a campaign that the settings do not name is taken down', async () => {
  const { solutionVersionArn } = (await campaign('similar')) ?? {};
  const name = `${PREFIX}-ranking`;
  await gallery.control.send(new CreateCampaignCommand({ name, solutionVersionArn }));
  await gallery.run({ reason: 'look' });
  await gallery.groupWhen(({ state }) => state === 'settled');
  await expect(campaign('ranking')).rejects.toThrow('does not exist');
});

test('a worse model is kept, not served, and the mail says why', async () => {
  const before = await campaign('personal');
  // Where nobody was counted, the metrics are compared as they are.
  await gallery.countPeople(0);
  await likePictures(gallery, { round: 2, after: 'whim' });
  await gallery.mailbox.clear();
  const [personal] = await trained('personal');
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
  const [result] = await trained('personal');
  const { version, verdict } = result as Result;
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
