// Executions, event by event, in the order and with the predecessors that AWS gives them; what ends them, and what is left of them.
import { task, World } from './world';

let world: World;
afterEach(() => world.remove());

const pass = (more: object) => ({ Type: 'Pass', ...more });
const map = (more: object, states: object, StartAt = 'Item') => ({
  Type: 'Map',
  ...more,
  ItemProcessor: { StartAt, States: states },
});

test('a first state follows nothing, each other event what came before it in its branch', async () => {
  world = new World({ f: () => 1 });
  const { arn } = await world.run({
    StartAt: 'A',
    States: { A: pass({ Next: 'B' }), B: { Type: 'Task', Resource: task('f'), End: true } },
  });
  expect(world.told(arn)).toEqual([
    '1<0 ExecutionStarted',
    '2<0 PassStateEntered',
    '3<2 PassStateExited',
    '4<3 TaskStateEntered',
    '5<4 LambdaFunctionScheduled',
    '6<5 LambdaFunctionStarted',
    '7<6 LambdaFunctionSucceeded',
    '8<7 TaskStateExited',
    '9<8 ExecutionSucceeded',
  ]);
});

test('iterations one after the other: each begins after the last state of the one before', async () => {
  world = new World();
  const { arn, output } = await world.run(
    { StartAt: 'M', States: { M: map({ MaxConcurrency: 1, End: true }, { Item: pass({ End: true }) }) } },
    ['a', 'b'],
  );
  expect(output).toBe('["a","b"]');
  expect(world.told(arn)).toEqual([
    '1<0 ExecutionStarted',
    '2<0 MapStateEntered',
    '3<2 MapStateStarted',
    '4<3 MapIterationStarted',
    '5<4 PassStateEntered',
    '6<5 PassStateExited',
    '7<6 MapIterationSucceeded',
    '8<6 MapIterationStarted',
    '9<8 PassStateEntered',
    '10<9 PassStateExited',
    '11<10 MapIterationSucceeded',
    '12<11 MapStateSucceeded',
    '13<11 MapStateExited',
    '14<13 ExecutionSucceeded',
  ]);
});

test('a Map that is tried again begins anew, and fails once', async () => {
  world = new World();
  const failing = { Item: { Type: 'Fail', Error: 'No', Cause: 'because' } };
  const { arn, status, error, cause } = await world.run(
    {
      StartAt: 'M',
      States: { M: map({ Retry: [{ ErrorEquals: ['No'], MaxAttempts: 1 }], End: true }, failing) },
    },
    [1],
  );
  expect([status, error, cause]).toEqual(['FAILED', 'No', 'because']);
  expect(world.told(arn).slice(2)).toEqual([
    '3<2 MapStateStarted',
    '4<3 MapIterationStarted',
    '5<4 FailStateEntered',
    '6<5 MapIterationFailed',
    '7<5 MapStateStarted',
    '8<7 MapIterationStarted',
    '9<8 FailStateEntered',
    '10<9 MapIterationFailed',
    '11<9 MapStateFailed',
    '12<11 ExecutionFailed',
  ]);
});

test('the first branch that fails ends the others: nothing of them goes on', async () => {
  world = new World({ late: () => 'sent' });
  const { arn, status } = await world.run({
    StartAt: 'P',
    States: {
      P: {
        Type: 'Parallel',
        Branches: [
          {
            StartAt: 'W',
            States: { W: { Type: 'Wait', Seconds: 1, Next: 'No' }, No: { Type: 'Fail', Error: 'No' } },
          },
          {
            StartAt: 'V',
            States: {
              V: { Type: 'Wait', Seconds: 5, Next: 'Send' },
              Send: { Type: 'Task', Resource: task('late'), End: true },
            },
          },
        ],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Rest' }],
        End: true,
      },
      Rest: { Type: 'Wait', Seconds: 60, End: true },
    },
  });
  expect([status, world.calls]).toEqual(['SUCCEEDED', []]);
  expect(world.told(arn).map((event) => event.split(' ')[1])).toContain('WaitStateAborted');
});

const sends = {
  StartAt: 'W',
  States: {
    W: { Type: 'Wait', Seconds: 5, Next: 'Send' },
    Send: { Type: 'Task', Resource: task('late'), End: true },
  },
};

test('an execution that is stopped sends nothing any more', async () => {
  world = new World();
  const { arn } = world.start(sends);
  await world.pass(1);
  world.executions.stop(arn, 'Mine', 'enough');
  await world.pass(60);
  expect(world.executions.get(arn)).toMatchObject({ status: 'ABORTED', error: 'Mine', cause: 'enough' });
  expect(world.calls).toEqual([]);
  expect(world.told(arn).at(-1)).toBe('3<0 ExecutionAborted');
});

test('an execution that takes too long sends nothing any more, and has neither error nor cause', async () => {
  world = new World();
  const { arn, status, error, cause } = await world.run({ ...sends, TimeoutSeconds: 3 });
  await world.pass(60);
  expect([status, error, cause, world.calls]).toEqual(['TIMED_OUT', undefined, undefined, []]);
  expect(world.told(arn).at(-1)).toBe('3<0 ExecutionTimedOut');
});

test('a task that takes too long fails its execution, without a cause; its answer comes too late', async () => {
  let answer: (value: unknown) => void = () => undefined;
  world = new World({
    slow: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  });
  const { arn, status, error, cause } = await world.run({
    StartAt: 'T',
    States: { T: { Type: 'Task', Resource: task('slow'), TimeoutSeconds: 2, End: true } },
  });
  answer('late');
  await world.turn();
  expect([status, error, cause]).toEqual(['FAILED', 'States.Timeout', undefined]);
  expect(world.told(arn).slice(4)).toEqual(['5<4 LambdaFunctionTimedOut', '6<5 ExecutionFailed']);
});

test('a result of more than 256 KiB fails its task, and States.ALL catches it', async () => {
  world = new World({ big: () => 'x'.repeat(262_144) });
  const { output } = await world.run({
    StartAt: 'T',
    States: {
      T: {
        Type: 'Task',
        Resource: task('big'),
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }],
        End: true,
      },
      Done: { Type: 'Succeed' },
    },
  });
  expect(JSON.parse(output ?? '')).toEqual({
    Error: 'States.DataLimitExceeded',
    Cause: `The state/task '${task('big')}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  });
});

test('a history of 25,000 events ends an execution', async () => {
  world = new World();
  world.onCommit = () => undefined;
  const { arn } = world.start({
    StartAt: 'A',
    States: {
      A: pass({ Next: 'B' }),
      B: { Type: 'Choice', Choices: [{ Variable: '$.end', IsPresent: true, Next: 'C' }], Default: 'A' },
      C: { Type: 'Succeed' },
    },
  });
  const execution = await world.executions.ended(arn);
  expect(execution).toMatchObject({
    status: 'FAILED',
    error: 'States.Runtime',
    cause: 'The execution reached the maximum number of history events (25000).',
  });
  // A transition is two events, which stand or fall together.
  expect([24_999, 25_000]).toContain(world.history(arn).length);
});

test('an execution that has ended is one small record, and goes after 90 days', async () => {
  world = new World();
  const { arn } = await world.run({ StartAt: 'A', States: { A: pass({ End: true }) } });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await world.turn();
  const events = world.told(arn);
  expect(events).toHaveLength(4);
  expect([...world.disk.map('states/branches').keys()]).toEqual([]);
  expect([...world.disk.map('states/events').keys()]).toEqual([]);
  const execution = world.store.executions.get(arn);
  const expiry = world.store.executions.expiresAt?.(execution as never);
  expect(expiry).toBe((execution?.stoppedAt ?? 0) + 90 * 86_400_000);
});
