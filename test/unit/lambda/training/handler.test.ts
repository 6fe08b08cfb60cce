// POST /api/operator/training through the real handler.
import { ListSolutionVersionsCommand, PersonalizeClient } from '@aws-sdk/client-personalize';
import { ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { HttpHandler } from '../../../../lambda/shared/http/handler';
import { DATASET_GROUP, serviceError, World } from '../support/world';

const world = new World();
let handler: HttpHandler;
let operator: string;
const sent: object[] = [];
let running: string[] = [];
let fault: Error | undefined;

beforeAll(async () => {
  world.install();
  jest.spyOn(SFNClient.prototype, 'send').mockImplementation((async (command: { input: object }) => {
    if (fault) throw fault;
    sent.push(command.input);
    if (command instanceof StartExecutionCommand) return { executionArn: 'arn:execution:pipeline:run-1' };
    if (command instanceof ListExecutionsCommand) {
      return { executions: running.map((name) => ({ executionArn: `arn:execution:pipeline:${name}` })) };
    }
    return {};
  }) as never);
  jest.spyOn(PersonalizeClient.prototype, 'send').mockImplementation((async (command: { input: object }) => {
    sent.push(command.input);
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
  running = [];
  fault = undefined;
});

const control = (body: unknown, token = operator) =>
  world.call(handler, 'POST', '/api/operator/training', { body, token });

it('starts the pipeline and says by whom', async () => {
  expect(await control({ action: 'start' })).toMatchObject({ status: 202, body: { executions: ['run-1'] } });
  expect(sent).toEqual([{ stateMachineArn: 'stateMachine:pipeline', input: '{"reason":"operator"}' }]);
});

it('stops what is under way', async () => {
  running = ['a', 'b'];
  expect(await control({ action: 'stop' })).toMatchObject({ status: 202, body: { executions: ['a', 'b'] } });
  expect(sent).toContainEqual(expect.objectContaining({ executionArn: 'arn:execution:pipeline:b' }));
});

it('records a stopped run as failed, because the run itself cannot any more', async () => {
  running = ['a'];
  const record = (day: number, name: string) => ({
    ...{ datasetGroup: DATASET_GROUP, run: `2026-05-0${day}T12:00:00Z ${name}`, outcome: 'running' },
    ...{ execution: `arn:execution:pipeline:${name}`, step: 'train' },
  });
  world.dynamodb.put('runs', record(1, 'other'));
  world.dynamodb.put('runs', record(2, 'a'));
  await control({ action: 'stop' });
  const [other, stopped] = world.dynamodb.rows('runs');
  expect(other).toMatchObject({ outcome: 'running' });
  expect(stopped).toMatchObject({ outcome: 'failed', endedAt: expect.stringMatching(/^20/) });
  expect(JSON.parse(stopped?.result as string)).toEqual({
    step: 'train',
    error: 'Stopped',
    reason: 'Stopped by an operator',
  });
});

it('stops the training that the run was waiting for, and no other', async () => {
  running = ['a'];
  world.dynamodb.put('runs', {
    ...{ datasetGroup: DATASET_GROUP, run: '2026-05-02T12:00:00Z a', outcome: 'running' },
    ...{ execution: 'arn:execution:pipeline:a', step: 'train', detail: 'gallery-personal' },
  });
  await control({ action: 'stop' });
  const base = DATASET_GROUP.slice(0, DATASET_GROUP.lastIndexOf(':'));
  expect(sent).toContainEqual({ solutionArn: `${base}:solution/gallery-personal`, maxResults: 100 });
  expect(sent.at(-1)).toEqual({ solutionVersionArn: 'arn:version/busy' });
});

it('has nothing to stop when nothing runs', async () => {
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
