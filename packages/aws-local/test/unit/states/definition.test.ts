// Definitions that AWS refuses, with its words for what is wrong and where.
import { diagnose, requireDefinition } from '../../../src/services/states/definition/definition';

const machine = (states: object, more: object = {}) => ({ StartAt: 'A', States: states, ...more });
const faults = (definition: object) =>
  diagnose(JSON.stringify(definition)).map(
    ({ code, message, location }) => `${code}: ${message} at ${location}`,
  );

const end = { Type: 'Pass', End: true };
const retry = (...retriers: object[]) =>
  machine({ A: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Retry: retriers, End: true } });

test.each<[string, object, string]>([
  ['no States', { StartAt: 'A' }, 'These fields are required: [States] at /'],
  ['neither', {}, 'These fields are required: [States, StartAt] at /'],
  [
    'a field that no state has',
    machine({ A: { ...end, TimeoutSeconds: 5 } }),
    "Field 'TimeoutSeconds' is not supported at /States/A",
  ],
  [
    'a JSONata field in a JSONPath state',
    machine({ A: { ...end, Output: 1 } }),
    "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/A",
  ],
  [
    'a JSONPath field inside of a Map of a JSONata machine',
    machine(
      {
        A: {
          Type: 'Map',
          ItemProcessor: { StartAt: 'P', States: { P: { ...end, InputPath: '$' } } },
          End: true,
        },
      },
      { QueryLanguage: 'JSONata' },
    ),
    "The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage at /States/A/ItemProcessor/States/P",
  ],
  [
    'a step back to JSONPath',
    machine({ A: { ...end, QueryLanguage: 'JSONPath' } }, { QueryLanguage: 'JSONata' }),
    "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/A",
  ],
  [
    'a language of an inner machine',
    machine({
      A: {
        Type: 'Map',
        ItemProcessor: { QueryLanguage: 'JSONata', StartAt: 'P', States: { P: end } },
        End: true,
      },
    }),
    "Field 'QueryLanguage' is not supported at /States/A/ItemProcessor",
  ],
  [
    'an unknown type',
    machine({ A: { Type: 'Sleep', End: true } }),
    "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/A/Type",
  ],
  [
    'negative attempts',
    retry({ ErrorEquals: ['X'], MaxAttempts: -1 }),
    'Expected an integer of at least 0 at /States/A/Retry[0]/MaxAttempts',
  ],
  [
    'States.ALL with others',
    retry({ ErrorEquals: ['X', 'States.ALL'] }),
    'States.ALL must appear alone and at end of list at /States/A/Retry[0]/ErrorEquals[1]',
  ],
  [
    'States.ALL not at the end',
    retry({ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }),
    'States.ALL must appear alone and at end of list at /States/A/Retry[0]/ErrorEquals[0]',
  ],
  [
    'a time without T',
    machine({ A: { Type: 'Wait', Timestamp: '2016-12-05 21:29:29Z', End: true } }),
    'String does not match RFC3339 timestamp at /States/A/Timestamp',
  ],
  [
    'no branches',
    machine({ A: { Type: 'Parallel', Branches: [], End: true } }),
    'Value cannot be empty at /States/A/Branches',
  ],
  [
    'a member that is no path',
    machine({ A: { ...end, Parameters: { 'x.$': 'name' } } }),
    "The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call at /States/A/Parameters",
  ],
  [
    'a resource that is none',
    machine({ A: { Type: 'Task', Resource: 'arn:aws:states:::dynamodb:query', End: true } }),
    'The resource provided arn:aws:states:::dynamodb:query is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at /States/A/Resource',
  ],
])('%s', (_, definition, fault) => {
  expect(faults(definition)).toEqual([`SCHEMA_VALIDATION_FAILED: ${fault}`]);
});

test('ways that lead nowhere, and states that none leads to', () => {
  expect(faults(machine({ A: { Type: 'Pass', Next: 'X' }, B: end }))).toEqual([
    "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/A/Next",
    'MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B',
  ]);
  expect(faults(machine({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } }))).toEqual([
    'MISSING_END_STATE: Workflow has no terminal state at undefined',
  ]);
});

test('JSONata that cannot be read, and names that there is no context for', () => {
  const output = (Output: unknown) => machine({ A: { ...end, Output } }, { QueryLanguage: 'JSONata' });
  expect(faults(output({ v: '{% phone %}' }))).toEqual([
    "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. at /States/A/Output/v",
  ]);
  expect(faults(output('{% 1 + %}'))).toEqual([
    'INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/A/Output',
  ]);
  const fine = [
    '$states.input.a.b[c > 1]^(>d).{ "e": f }',
    '$map($list, function($v) { $v.name })',
    '($x := $states.input; $x ~> | a | { "b": c } |)',
  ];
  for (const expression of fine) expect(faults(output(`{% ${expression} %}`))).toEqual([]);
});

test('text that is no JSON', () => {
  expect(diagnose('not a definition')).toEqual([
    {
      severity: 'ERROR',
      code: 'INVALID_JSON_DESCRIPTION',
      location: '[Source: (String)"not a definition"; line: 1, column: 4]',
      message:
        "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (String)\"not a definition\"; line: 1, column: 4]",
    },
  ]);
  expect(diagnose(' ')).toEqual([
    {
      severity: 'ERROR',
      code: 'SCHEMA_VALIDATION_FAILED',
      message: 'Definition must be a valid JSON object',
    },
  ]);
});

test('what an express machine cannot wait for', () => {
  const resource = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';
  const definition = JSON.stringify(machine({ A: { Type: 'Task', Resource: resource, End: true } }));
  expect(diagnose(definition, 'EXPRESS').map(({ message }) => message)).toEqual([
    "Express state machine does not support '.waitForTaskToken' service integration ",
  ]);
});

test('what localhost lacks is refused by name', () => {
  const resource = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';
  expect(() =>
    requireDefinition(JSON.stringify(machine({ A: { Type: 'Task', Resource: resource, End: true } }))),
  ).toThrow(
    "Invalid State Machine Definition: 'NOT_ON_LOCALHOST: .waitForTaskToken is not supported on localhost at /States/A/Resource'",
  );
});
