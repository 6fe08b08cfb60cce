// GET /api/status through the real handler, on records as the pipeline's state machine writes them.
import type { HttpHandler } from '../../../../lambda/shared/http/handler';
import { DATASET_GROUP, World } from '../support/world';

const world = new World();
let handler: HttpHandler;
let now = Date.now();
beforeAll(async () => {
  world.install();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  handler = (await import('../../../../lambda/status/handler')).handler;
});

beforeEach(() => {
  now += 60_000;
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

const addGroup = (arn: string, row: object) =>
  world.dynamodb.put('runs', { datasetGroup: 'groups', run: arn, row: JSON.stringify(row) });
const serving = (name: string, changes: object = {}) => ({
  ...{ kind: 'campaign', name, status: 'ACTIVE', recipe: 'aws-sims', minProvisionedTps: 2 },
  ...changes,
});

it('tells an operator what serves as the controller saw it, and nobody else', async () => {
  const personal = serving('gallery-personal', { solutionVersion: 'solution/personal/1' });
  const film = serving('films', { kind: 'recommender' });
  addGroup(DATASET_GROUP, { observedAt: '2026-05-01T12:00:00Z', serving: [personal, serving('of-a-file')] });
  addGroup(DATASET_GROUP.replace('gallery', 'cinema'), { serving: [film] });
  const { body } = await status(await world.token('operator', { audience: 'operator' }));
  const { kind: _, name: __, ...campaign } = personal;
  expect(body.campaigns).toEqual([{ model: 'personal', ...campaign }]);
  expect(body.groups).toContainEqual(expect.objectContaining({ name: 'cinema', serving: [film] }));
  expect(body.groups).toContainEqual(
    expect.objectContaining({
      observedAt: '2026-05-01T12:00:00Z',
      serving: [personal, serving('of-a-file')],
    }),
  );
  const { body: others } = await status();
  expect(others).not.toHaveProperty('campaigns');
  expect(others).not.toHaveProperty('groups');
});

it('does not say that nothing serves before the controller has looked', async () => {
  const { body } = await status(await world.token('operator', { audience: 'operator' }));
  expect(body).toMatchObject({ runs: [], groups: [] });
  expect(body).not.toHaveProperty('campaigns');
});

it('reads the runs once a second, however many pages ask; who asks is looked at each time', async () => {
  world.dynamodb.commands.length = 0;
  const operator = await world.token('operator', { audience: 'operator' });
  await Promise.all(Array.from({ length: 20 }, () => status(operator)));
  const count = (name: string) => world.dynamodb.commands.filter((each) => each === name).length;
  expect([count('QueryCommand'), count('GetItemCommand')]).toEqual([2, 20]);
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
