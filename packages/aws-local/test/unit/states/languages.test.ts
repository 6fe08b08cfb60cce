// What expressions give and how they fail, in both query languages, as recorded from AWS.
import { World } from './world';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.remove());

const jsonata = (state: object) => ({
  QueryLanguage: 'JSONata',
  StartAt: 'S',
  States: { S: { Type: 'Pass', End: true, ...state } },
});
const jsonPath = (state: object) => ({ StartAt: 'S', States: { S: { Type: 'Pass', End: true, ...state } } });
const where = "An error occurred while executing the state 'S' (entered at the event id #2).";

test.each<[string, unknown]>([
  ['{% $range(1, 9, 9) %}', 1],
  ['{% $range(0, 9, 3) %}', [0, 3, 6, 9]],
  ['{% $partition([0], 2) %}', [[0]]],
  [' {% 1 %} ', ' {% 1 %} '],
  ['{% $states.context.Execution.RedriveCount %}', 0],
])('JSONata %s', async (Output, value) => {
  expect(JSON.parse((await world.run(jsonata({ Output }))).output ?? '')).toEqual(value);
});

test.each<[string, object, string, string | undefined]>([
  [
    'nothing',
    { Output: { result: '{% $doesNotExist %}' } },
    "The JSONata expression '$doesNotExist' specified for the field 'Output/result' returned nothing (undefined).",
    'Output/result',
  ],
  [
    'an error',
    { Output: '{% $randomSeeded(1) %}' },
    "The JSONata expression '$randomSeeded(1)' specified for the field 'Output' threw an error during evaluation. T1006: Attempted to invoke a non-function",
    'Output',
  ],
  [
    'a function',
    { Output: '{% $fn := function($x){$x} %}' },
    "The JSONata expression '$fn := function($x){$x}' specified for the field 'Output' returned an unsupported result type.",
    'Output',
  ],
  [
    'items that are no list',
    { Type: 'Map', Items: '{% 1 %}', ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Succeed' } } } },
    "The JSONata expression '1' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'number' for value: 1",
    'Items',
  ],
  [
    'an input that is no list',
    { Type: 'Map', ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Succeed' } } } },
    'Map state input must be an array but was: {}',
    undefined,
  ],
  [
    'a time that is none',
    { Type: 'Wait', Timestamp: "{% '2016-13-05T21:29:29Z' %}" },
    'The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-13-05T21:29:29Z',
    'Timestamp',
  ],
])('JSONata that gives %s', async (_, state, cause, location) => {
  const { arn, ...ended } = await world.run(jsonata(state));
  expect([ended.error, ended.cause]).toEqual(['States.QueryEvaluationError', `${where} ${cause}`]);
  const failed = world.history(arn).find(({ type }) => type === 'EvaluationFailed');
  expect(failed?.evaluationFailedEventDetails).toEqual({
    error: 'States.QueryEvaluationError',
    cause: `${where} ${cause}`,
    state: 'S',
    ...(location && { location }),
  });
});

test('a failed evaluation is caught by States.ALL', async () => {
  const { output } = await world.run({
    QueryLanguage: 'JSONata',
    StartAt: 'M',
    States: {
      M: {
        Type: 'Map',
        Items: '{% 1 %}',
        ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Succeed' } } },
        Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'Done' }],
        End: true,
      },
      Done: { Type: 'Succeed' },
    },
  });
  expect(output).toBe('"States.QueryEvaluationError"');
});

test.each<[string, object, string]>([
  [
    'a member that is not there',
    { Parameters: { 'value.$': '$.no.such' } },
    "The JSONPath '$.no.such' specified for the field 'value.$' could not be found in the input '{\"a\":1}'",
  ],
  ['an input that is not there', { InputPath: '$.no' }, "Invalid path '$.no' : No results for path: $['no']"],
  [
    'an output far from being there',
    { OutputPath: '$.no.such' },
    "Invalid path '$.no.such' : Missing property in path $['no']",
  ],
  [
    'seconds that are not there',
    { Type: 'Wait', SecondsPath: '$.wait' },
    'The SecondsPath parameter does not reference an input value: $.wait',
  ],
])('JSONPath: %s', async (_, state, cause) => {
  const ended = await world.run(jsonPath(state), { a: 1 });
  expect([ended.error, ended.cause]).toEqual(['States.Runtime', `${where} ${cause}`]);
});

test('a Fail state without Error has no error', async () => {
  const { error, cause } = await world.run({ StartAt: 'F', States: { F: { Type: 'Fail', Cause: 'why' } } });
  expect([error, cause]).toEqual([undefined, 'why']);
});

test('States.Runtime is caught by nobody', async () => {
  const { status } = await world.run({
    StartAt: 'P',
    States: {
      P: {
        Type: 'Parallel',
        Branches: [{ StartAt: 'I', States: { I: { Type: 'Pass', InputPath: '$.no', End: true } } }],
        Catch: [{ ErrorEquals: ['States.Runtime'], Next: 'Caught' }],
        End: true,
      },
      Caught: { Type: 'Succeed' },
    },
  });
  expect(status).toBe('FAILED');
});

test('what only passes through keeps its text', async () => {
  const { arn } = world.startWith(jsonPath({}), ' [1, 2]');
  await world.end(arn);
  expect(world.history(arn).at(-1)?.executionSucceededEventDetails).toEqual({
    output: ' [1, 2]',
    outputDetails: { truncated: false },
  });
});
