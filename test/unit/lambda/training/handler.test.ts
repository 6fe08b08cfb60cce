// POST /api/operator/training through the real handler.
import {
  ListSolutionsCommand,
  ListSolutionVersionsCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { HttpHandler } from '../../../../lambda/shared/http/handler';
import { DATASET_GROUP, serviceError, World } from '../support/world';

const world = new World();
let handler: HttpHandler;
let operator: string;
const sent: object[] = [];
let fault: Error | undefined;

beforeAll(async () => {
  world.install();
  jest.spyOn(SFNClient.prototype, 'send').mockImplementation((async (command: { input: object }) => {
    if (fault) throw fault;
    sent.push(command.input);
    if (command instanceof StartExecutionCommand) return { executionArn: 'arn:execution:pipeline:run-1' };
    return {};
  }) as never);
  jest.spyOn(PersonalizeClient.prototype, 'send').mockImplementation((async (command: { input: object }) => {
    sent.push(command.input);
    if (command instanceof ListSolutionsCommand)
      return { solutions: [{ solutionArn: 'arn:solution/personal' }] };
    if (!(command instanceof ListSolutionVersionsCommand)) return {};
    const version = (name: string, status: string) => ({ solutionVersionArn: `arn:version/${name}`, status });
    return { solutionVersions: [version('done', 'ACTIVE'), version('busy', 'CREATE IN_PROGRESS')] };
  }) as never);
  handler = (await import('../../../../lambda/training/handler')).handler;
  operator = await world.token('operator', { audience: 'operator' });
});

beforeEach(() => {
  world.reset();
  sent.length = 0;
  fault = undefined;
});

const control = (body: unknown, token = operator) =>
  world.call(handler, 'POST', '/api/operator/training', { body, token });

it('starts the pipeline and says by whom', async () => {
  expect(await control({ action: 'start' })).toMatchObject({ status: 202, body: { executions: ['run-1'] } });
  expect(sent).toEqual([{ stateMachineArn: 'stateMachine:pipeline', input: '{"reason":"operator"}' }]);
});

it('before the minimum, says what the training that is asked for waits for', async () => {
  const waiting = [{ for: 'likes', step: 'train', message: '6 more likes' }];
  const row = { datasetGroup: { name: 'group', arn: DATASET_GROUP }, state: 'waiting', waiting };
  world.dynamodb.put('runs', { datasetGroup: 'groups', run: DATASET_GROUP, row: JSON.stringify(row) });
  expect(await control({ action: 'start' })).toMatchObject({
    ...{ status: 202, body: { executions: ['run-1'], waiting: ['6 more likes'] } },
  });
});

const KEY = '2026-05-02T12:00:00Z a';

function openRun(): void {
  world.dynamodb.put('runs', {
    ...{ datasetGroup: 'groups', run: DATASET_GROUP, execution: 'arn:execution:pipeline:a' },
    openRun: JSON.stringify({
      key: KEY,
      reason: 'schedule',
      startedAt: '2026-05-02T12:00:00Z',
      step: 'train',
      judged: [],
    }),
  });
  world.dynamodb.put('runs', { datasetGroup: DATASET_GROUP, run: KEY, outcome: 'running', step: 'train' });
}

it('stops what is in training, and withdraws what was asked for until now', async () => {
  openRun();
  expect(await control({ action: 'stop' })).toMatchObject({ status: 202, body: { executions: ['a'] } });
  expect(sent.at(-1)).toEqual({ solutionVersionArn: 'arn:version/busy' });
  const [group] = world.dynamodb.rows('runs').filter(({ datasetGroup }) => datasetGroup === 'groups');
  expect(group).toMatchObject({ stoppedAt: expect.stringMatching(/^20/) });
  expect(group).not.toHaveProperty('openRun');
});

it('records the run as failed, and by whom it was stopped', async () => {
  openRun();
  await control({ action: 'stop' });
  const [stopped] = world.dynamodb.rows('runs').filter(({ run }) => run === KEY);
  expect(stopped).toMatchObject({ outcome: 'failed', endedAt: expect.stringMatching(/^20/) });
  expect(JSON.parse(stopped?.result as string)).toEqual({
    step: 'train',
    error: 'Stopped',
    reason: 'Stopped by an operator',
  });
});

it('has no run to stop when none is open', async () => {
  expect(await control({ action: 'stop' })).toMatchObject({ status: 202, body: { executions: [] } });
});

it.each([
  ['no action', {}, 'action'],
  ['an unknown action', { action: 'pause' }, 'action'],
  ['an action that is a number', { action: 1 }, 'action'],
  ['an unknown field', { action: 'start', solution: 'x' }, 'solution'],
  ['no JSON', 'start', 'body'],
])('%s is refused, the field is named, nothing is started', async (_, body, field) => {
  expect(await control(body)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  expect(sent).toEqual([]);
});

it('needs an operator token', async () => {
  const visitor = await world.token('11111111-1111-4111-8111-111111111111');
  expect(await control({ action: 'start' }, visitor)).toMatchObject({ status: 401 });
  expect(await control({ action: 'start' }, '')).toMatchObject({ status: 401 });
  expect(sent).toEqual([]);
});

it('asks to come back when Step Functions is throttled', async () => {
  fault = serviceError('ThrottlingException');
  expect(await control({ action: 'start' })).toMatchObject({ status: 503 });
});

it('starts and stops a group of a configuration file, and knows no other', async () => {
  const arn = DATASET_GROUP.replace(/[^/]*$/, 'cinema');
  const row = { datasetGroup: { name: 'cinema', arn }, sources: [{ name: 'cinema.json' }], state: 'working' };
  world.dynamodb.put('runs', { datasetGroup: 'groups', run: arn, row: JSON.stringify(row) });
  expect(await control({ action: 'start', datasetGroup: 'cinema' })).toMatchObject({ status: 202 });
  expect(sent).toEqual([
    { stateMachineArn: 'stateMachine:pipeline', input: '{"reason":"operator","datasetGroup":"cinema"}' },
  ]);
  expect(await control({ action: 'stop', datasetGroup: 'cinema' })).toMatchObject({ status: 202 });
  expect(sent).toContainEqual({ datasetGroupArn: arn });
  expect(sent.at(-1)).toEqual({ solutionVersionArn: 'arn:version/busy' });
  const stopped = world.dynamodb.rows('runs').filter((each) => each.stoppedAt);
  expect(stopped.map(({ run }) => run)).toEqual([arn]);
  expect(await control({ action: 'start', datasetGroup: 'nobodys' })).toMatchObject({ status: 404 });
});
