// What a killed process leaves is gone on with: each run ends as it would have without, and no state runs twice.
import { StateFailure } from '../../../src/services/states/language/failure';
import { task, World } from './world';

const THE_END = 'done';
/** Every kind of step: tasks, waits, variables, branches, iterations, a retried failure and a caught one. */
const MACHINE = {
  QueryLanguage: 'JSONata',
  StartAt: 'First',
  States: {
    First: { Type: 'Task', Resource: task('count'), Assign: { n: '{% $states.result %}' }, Next: 'Wait' },
    Wait: { Type: 'Wait', Seconds: 3, Next: 'Both' },
    Both: {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'Left',
          States: {
            Left: { Type: 'Task', Resource: task('left'), Next: 'LeftWait' },
            LeftWait: { Type: 'Wait', Seconds: 2, End: true },
          },
        },
        { StartAt: 'Right', States: { Right: { Type: 'Pass', Output: '{% $n * 2 %}', End: true } } },
      ],
      Assign: { both: '{% $states.result %}' },
      Next: 'Each',
    },
    Each: {
      Type: 'Map',
      Items: '{% [1..4] %}',
      MaxConcurrency: 2,
      ItemProcessor: {
        StartAt: 'Ask',
        States: {
          Ask: { Type: 'Task', Resource: task('twice'), Next: 'Rest' },
          Rest: { Type: 'Wait', Seconds: 1, End: true },
        },
      },
      Assign: { each: '{% $states.result %}' },
      Next: 'Flaky',
    },
    Flaky: {
      Type: 'Task',
      Resource: task('flaky'),
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 1 }],
      Catch: [
        { ErrorEquals: ['States.ALL'], Assign: { why: '{% $states.errorOutput.Cause %}' }, Next: 'Last' },
      ],
      Next: 'Last',
    },
    Last: {
      Type: 'Pass',
      Output: { n: '{% $n %}', both: '{% $both %}', each: '{% $each %}', why: '{% $why %}', end: THE_END },
      End: true,
    },
  },
};
const OUTPUT = { n: 7, both: ['left', 14], each: [2, 4, 6, 8], why: 'never', end: THE_END };

const newWorld = () =>
  new World({
    count: () => 7,
    left: () => 'left',
    twice: (input) => 2 * Number(input),
    flaky: () => {
      throw new StateFailure('Flaky', 'never');
    },
  });

const entries = (world: World, arn: string) =>
  world
    .history(arn)
    .filter(({ type }) => type.endsWith('StateEntered'))
    .map((event) => String(event.stateEnteredEventDetails?.name))
    .sort();

async function uninterrupted() {
  const world = newWorld();
  let commits = 0;
  world.onCommit = () => {
    commits += 1;
  };
  const { arn, output } = await world.run(MACHINE);
  const result = { commits, calls: [...world.calls].sort(), entries: entries(world, arn), output };
  await world.remove();
  return result;
}

test('a kill at any commit: the run ends as without it, each state is entered as often, only an unanswered call is repeated', async () => {
  const whole = await uninterrupted();
  expect(JSON.parse(whole.output ?? '')).toEqual(OUTPUT);
  // The first one is the start itself, which is then not acknowledged.
  for (let kill = 2; kill < whole.commits; kill++) {
    const world = newWorld();
    let commits = 0;
    world.onCommit = () => {
      commits += 1;
      if (commits === kill)
        world.onCommit = () => {
          throw new Error('killed');
        };
      if (commits === kill) throw new Error('killed');
    };
    const { arn } = world.start(MACHINE);
    for (let round = 0; round < 60 && commits < kill; round++) await world.pass(1);
    expect(commits).toBe(kill);
    world.onCommit = () => undefined;
    world.boot();
    world.executions.resume();
    const { status, output } = await world.end(arn);
    expect([kill, status, JSON.parse(output ?? 'null')]).toEqual([kill, 'SUCCEEDED', OUTPUT]);
    expect([kill, entries(world, arn)]).toEqual([kill, whole.entries]);
    expect(world.calls.length - whole.calls.length).toBeLessThanOrEqual(2);
    await world.remove();
  }
});

test('at the end of the process an answer that comes is kept, and its task not called again', async () => {
  let answer: (value: unknown) => void = () => undefined;
  const world = new World({
    slow: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  });
  const { arn } = world.start({
    StartAt: 'T',
    States: { T: { Type: 'Task', Resource: task('slow'), End: true } },
  });
  await world.turn();
  const closed = world.executions.close();
  answer('kept');
  await closed;
  await world.disk.close();
  world.boot();
  world.executions.resume();
  expect(await world.end(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"kept"' });
  expect(world.calls).toEqual(['slow']);
  await world.remove();
});

test('what fails because the process ends is no failure: its task is called again by the next one', async () => {
  let refuse: (error: unknown) => void = () => undefined;
  let isUp = false;
  const world = new World({
    needs: () =>
      isUp
        ? 'well'
        : new Promise((_, reject) => {
            refuse = reject;
          }),
  });
  const { arn } = world.start({
    StartAt: 'T',
    States: {
      T: {
        Type: 'Task',
        Resource: task('needs'),
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
        End: true,
      },
      Caught: { Type: 'Fail', Error: 'Broken' },
    },
  });
  await world.turn();
  const closed = world.executions.close();
  refuse(new StateFailure('Gone', 'the service has ended'));
  await closed;
  await world.disk.close();
  isUp = true;
  world.boot();
  world.executions.resume();
  expect(await world.end(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"well"' });
  await world.remove();
});

test('a wait that was interrupted waits for the rest', async () => {
  const world = new World();
  const { arn } = world.start({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 100, End: true } } });
  await world.pass(60);
  await world.executions.close();
  await world.disk.close();
  world.boot(world.clock.now() + 30_000);
  world.executions.resume();
  await world.pass(9);
  expect(world.executions.get(arn)?.status).toBe('RUNNING');
  await world.pass(2);
  expect(world.executions.get(arn)?.status).toBe('SUCCEEDED');
  await world.remove();
});

test('a disk that refuses a change delays an execution, and nothing of it happens twice', async () => {
  const whole = await uninterrupted();
  for (let full = 2; full < whole.commits; full += 3) {
    const world = newWorld();
    let commits = 0;
    world.onCommit = () => {
      commits += 1;
      if (commits >= full && commits < full + 3) throw new Error('ENOSPC: no space left on device');
    };
    const { status, arn, output } = await world.run(MACHINE);
    expect([full, status, JSON.parse(output ?? 'null')]).toEqual([full, 'SUCCEEDED', OUTPUT]);
    expect([full, entries(world, arn)]).toEqual([full, whole.entries]);
    await world.remove();
  }
});
