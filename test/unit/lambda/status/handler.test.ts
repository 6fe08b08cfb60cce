// GET /api/status through the real handler, on records as the pipeline's state machine writes them.
import { DescribeCampaignCommand, PersonalizeClient } from '@aws-sdk/client-personalize';
import type { HttpHandler } from '../../../../lambda/shared/http/handler';
import { DATASET_GROUP, serviceError, World } from '../support/world';

const world = new World();
let handler: HttpHandler;
let now = Date.now();
let describeCampaign: (arn: string) => object;
/** The answer to every list: an empty one, unless a test has it fail. */
let list: () => object;

beforeAll(async () => {
  world.install();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  jest
    .spyOn(PersonalizeClient.prototype, 'send')
    .mockImplementation((async (command: object) =>
      command instanceof DescribeCampaignCommand
        ? { campaign: describeCampaign(String(command.input.campaignArn)) }
        : list()) as never);
  handler = (await import('../../../../lambda/status/handler')).handler;
});

beforeEach(() => {
  now += 60_000;
  describeCampaign = () => {
    throw serviceError('ResourceNotFoundException');
  };
  list = () => ({});
  world.reset();
  world.dynamodb.put('runs', { datasetGroup: DATASET_GROUP, run: 'lock', execution: 'e' });
});

const status = (token?: string) => world.call(handler, 'GET', '/api/status', { token });

const addRun = (day: number, outcome: string, changes: object = {}) =>
  world.dynamodb.put('runs', {
    ...{ datasetGroup: DATASET_GROUP, run: `2026-05-0${day}T12:00:00Z name`, execution: 'e', outcome },
    ...{
      reason: 'minimum-reached',
      startedAt: `2026-05-0${day}T12:00:00Z`,
      step: 'train',
      detail: 'g-personal',
    },
    steps: [{ step: 'train', detail: 'g-personal', startedAt: `2026-05-0${day}T12:00:05Z` }],
    ...(outcome !== 'running' && { endedAt: `2026-05-0${day}T13:00:00Z` }),
    ...changes,
  });

it('says that likes are being collected before the first run', async () => {
  expect(await status()).toMatchObject({ status: 200, body: { state: 'collecting' } });
});

it('tells everyone the step of the run under way, and nothing more', async () => {
  addRun(1, 'succeeded');
  addRun(2, 'running');
  expect((await status()).body).toEqual({ state: 'training', step: 'train', since: '2026-05-02T12:00:00Z' });
});

it('is ready since the last success, even when a later run failed', async () => {
  addRun(1, 'succeeded');
  addRun(2, 'failed');
  expect((await status()).body).toEqual({ state: 'ready', since: '2026-05-01T13:00:00Z' });
});

it('is collecting still when a training found too little data, and that is all that is wrong', async () => {
  addRun(1, 'failed');
  world.dynamodb.put('runs', {
    ...{ datasetGroup: 'groups', run: DATASET_GROUP },
    row: JSON.stringify({
      state: 'waiting',
      problems: [],
      waiting: [{ message: '3 more likes' }],
      sources: [],
    }),
  });
  expect((await status()).body).toEqual({ state: 'collecting' });
  const { body } = await status(await world.token('operator', { audience: 'operator' }));
  expect(body.groups).toEqual([expect.objectContaining({ state: 'waiting', waiting: ['3 more likes'] })]);
});

it('has failed when no run succeeded', async () => {
  addRun(1, 'failed');
  expect((await status()).body).toMatchObject({ state: 'failed', step: 'train' });
});

it('gives an operator the runs, newest first, with steps and results', async () => {
  addRun(1, 'succeeded', { result: '[{"solution":"g-personal","metrics":{"precision_at_5":0.2}}]' });
  addRun(2, 'running');
  const { body } = await status(await world.token('operator', { audience: 'operator' }));
  expect(body.runs).toEqual([
    expect.objectContaining({ outcome: 'running', detail: 'g-personal', steps: [expect.anything()] }),
    expect.objectContaining({
      outcome: 'succeeded',
      endedAt: '2026-05-01T13:00:00Z',
      result: [{ solution: 'g-personal', metrics: { precision_at_5: 0.2 } }],
    }),
  ]);
});

it('refuses a token that is not an operator’s', async () => {
  expect(await status(await world.token('11111111-1111-4111-8111-111111111111'))).toMatchObject({
    status: 401,
  });
});

it('tells an operator which campaigns are up, and nobody else', async () => {
  describeCampaign = (arn) => {
    if (arn !== 'campaign/personal') throw serviceError('ResourceNotFoundException');
    return { status: 'ACTIVE', solutionVersionArn: 'solution/personal/1', minProvisionedTPS: 2 };
  };
  const { body } = await status(await world.token('operator', { audience: 'operator' }));
  expect(body.campaigns).toEqual([
    { model: 'personal', status: 'ACTIVE', solutionVersion: 'solution/personal/1', minProvisionedTps: 2 },
  ]);
  expect((await status()).body).not.toHaveProperty('campaigns');
});

it('tells an operator what configuration files have put up, unless Amazon Personalize does not list it', async () => {
  const operator = await world.token('operator', { audience: 'operator' });
  expect((await status(operator)).body).toMatchObject({ campaigns: [], servedByFiles: [] });
  expect((await status()).body).not.toHaveProperty('servedByFiles');
  now += 61_000;
  list = () => {
    throw serviceError('ThrottlingException');
  };
  const { body } = await status(operator);
  expect(body.campaigns).toEqual([]);
  expect(body).not.toHaveProperty('servedByFiles');
});

it('still tells the runs when Amazon Personalize does not answer', async () => {
  describeCampaign = () => {
    throw serviceError('ThrottlingException');
  };
  addRun(1, 'succeeded');
  const { body } = await status(await world.token('operator', { audience: 'operator' }));
  expect(body.runs).toHaveLength(1);
  expect(body).not.toHaveProperty('campaigns');
});

it('shows a run that failed before its record began', async () => {
  world.dynamodb.put('runs', {
    ...{ datasetGroup: DATASET_GROUP, run: '2026-05-03T12:00:00Z name', outcome: 'failed' },
    ...{ endedAt: '2026-05-03T12:00:01Z', result: '{"step":"plan","reason":"no recipe"}' },
  });
  const { body } = await status(await world.token('operator', { audience: 'operator' }));
  expect(body.runs).toEqual([
    expect.objectContaining({
      startedAt: '2026-05-03T12:00:00Z',
      step: 'plan',
      reason: 'unknown',
      steps: [],
    }),
  ]);
});
