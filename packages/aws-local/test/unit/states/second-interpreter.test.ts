// JSONPath machines, made at random, give here what a second interpreter gives, which others wrote: aws-local-stepfunctions.
import { StateMachine } from 'aws-local-stepfunctions';
import fc from 'fast-check';
import { World } from './world';

const input = fc.record({
  a: fc.integer({ min: -20, max: 20 }),
  b: fc.stringMatching(/^[a-z]{0,6}$/),
  c: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 }),
  d: fc.record({ e: fc.boolean(), f: fc.constantFrom('x,y', 'z', '') }),
});

const path = fc.constantFrom('$', '$.a', '$.b', '$.c', '$.c[*]', '$.d', '$.d.e', '$.d.f', "$['d']['f']");
const call = fc.constantFrom(
  "States.Format('{} is {}', $.b, $.a)",
  "States.Format('\\{{}\\}', $.a)",
  'States.ArrayLength($.c)',
  'States.ArrayContains($.c, 3)',
  'States.ArrayUnique($.c)',
  'States.ArrayPartition($.c, 2)',
  'States.Array($.a, $.b, $.d.e)',
  'States.ArrayRange(1, 9, 2)',
  'States.MathAdd($.a, 1)',
  "States.StringSplit('a,b', ',')",
  'States.Base64Encode($.b)',
  'States.Base64Decode(States.Base64Encode($.b))',
  "States.Hash($.b, 'SHA-256')",
  'States.JsonToString($.d)',
  'States.StringToJson(States.JsonToString($.d))',
  'States.JsonMerge($.d, $.d, false)',
);
const template = fc.record({
  'x.$': fc.oneof(path, call),
  inner: fc.record({ 'y.$': fc.oneof(path, call), z: fc.constantFrom(1, 'one', null, [1]) }),
});
// Not '$': there it makes a member of that name, against the specification.
const resultPath = fc.constantFrom(undefined, '$.r', '$.d.r', '$.new.deep', null);

const pass = fc.record({ Type: fc.constant('Pass'), Parameters: template, ResultPath: resultPath });
const result = fc.record({
  Type: fc.constant('Pass'),
  Result: fc.constantFrom(1, { k: 'v' }, [1, 2]),
  ResultPath: resultPath,
});
const map = fc.record({
  Type: fc.constant('Map'),
  ItemsPath: fc.constant('$.c'),
  MaxConcurrency: fc.constantFrom(0, 1, 2),
  ItemSelector: fc.constant({ 'item.$': '$$.Map.Item.Value', 'at.$': '$$.Map.Item.Index', 'b.$': '$.b' }),
  ItemProcessor: fc.constant({ StartAt: 'I', States: { I: { Type: 'Pass', End: true } } }),
  ResultPath: resultPath,
});
const parallel = fc.record({
  Type: fc.constant('Parallel'),
  Branches: fc
    .tuple(pass, pass)
    .map((states) => states.map((state) => ({ StartAt: 'B', States: { B: { ...state, End: true } } }))),
  ResultPath: resultPath,
});
const comparison = fc.oneof(
  fc.record({ Variable: fc.constant('$.a'), NumericGreaterThan: fc.integer({ min: -20, max: 20 }) }),
  fc.record({ Variable: fc.constant('$.a'), NumericLessThanEquals: fc.integer({ min: -20, max: 20 }) }),
  fc.record({ Variable: fc.constant('$.b'), StringMatches: fc.constantFrom('*', 'a*', '*z', 'a*z') }),
  fc.record({ Variable: fc.constant('$.b'), StringEquals: fc.constantFrom('', 'a') }),
  fc.record({ Variable: fc.constant('$.d.e'), BooleanEquals: fc.boolean() }),
  // Not false: there a test of the type or the presence never holds, against the specification.
  fc.record({ Variable: fc.constantFrom('$.a', '$.no'), IsPresent: fc.constant(true) }),
  fc.record({ Variable: fc.constantFrom('$.a', '$.b'), IsNumeric: fc.constant(true) }),
);
const rule = fc.oneof(
  comparison,
  comparison.map((Not) => ({ Not })),
  fc.tuple(comparison, comparison).map((And) => ({ And })),
  fc.tuple(comparison, comparison).map((Or) => ({ Or })),
);

/** Two choices and what they lead to. */
const machine = fc
  .record({
    rules: fc.tuple(rule, rule),
    ways: fc.tuple(...Array.from({ length: 3 }, () => fc.oneof(pass, result, map, parallel))),
  })
  .map(({ rules, ways }) => ({
    StartAt: 'Which',
    States: {
      Which: {
        Type: 'Choice',
        Choices: rules.map((one, index) => ({ ...one, Next: `W${index}` })),
        Default: 'W2',
      },
      ...Object.fromEntries(ways.map((way, index) => [`W${index}`, { ...way, End: true }])),
    },
  }));

test('machines at random', async () => {
  await fc.assert(
    fc.asyncProperty(machine, input, async (definition, given) => {
      const plain = JSON.parse(JSON.stringify(definition)) as typeof definition;
      const theirs = await new StateMachine(plain as never, { validationOptions: { noValidate: true } }).run(
        given,
      ).result;
      const world = new World();
      const { status, output } = await world.run(plain, given);
      await world.remove();
      expect([status, JSON.parse(output ?? 'null')]).toEqual(['SUCCEEDED', theirs]);
    }),
    { seed: 7, numRuns: 150 },
  );
});
