import { reversed, runInOrder } from '../../../src/cloudformation/parallel';
import { mergeParameters } from '../../../src/cloudformation/parameters';
import {
  propertyProblems,
  replacementFor,
  resourceSchema,
} from '../../../src/cloudformation/registry/registry';
import { isSynced } from '../../../src/cloudformation/resources/bucket-deployment';
import { parseTemplate } from '../../../src/cloudformation/template';
import { providerFor, RESOURCE_TYPES } from '../../../src/services';

describe('the registry', () => {
  test.each([
    ['AWS::DynamoDB::Table', { TableName: 'a' }, { TableName: 'b' }, 'replace'],
    ['AWS::DynamoDB::Table', { BillingMode: 'a' }, { BillingMode: 'b' }, 'none'],
    ['AWS::Lambda::Function', { Timeout: 3 }, { Timeout: 4 }, 'none'],
    ['AWS::Personalize::Schema', { Name: 'a', Schema: '1' }, { Name: 'a', Schema: '2' }, 'replace'],
    ['AWS::Lambda::Permission', { SourceArn: 'a' }, {}, 'replace'],
    ['AWS::IAM::Role', { Description: 'a' }, { Description: 'b' }, 'none'],
  ])('a change of %s from %j to %j means: %s', (type, before, after, expected) => {
    expect(replacementFor(type, before, after)).toBe(expected);
  });

  test('unknown and missing properties are told', () => {
    expect(propertyProblems('AWS::IAM::Role', { Colour: 'red' })).toEqual([
      'Encountered unsupported property Colour',
      'Property AssumeRolePolicyDocument cannot be empty.',
    ]);
  });

  test('unknown and missing properties are told inside of others too', () => {
    const Targets = [{ Id: 'one', Arn: 'arn', Colour: 'red' }, { Id: 'two' }];
    expect(propertyProblems('AWS::Events::Rule', { Targets, State: 'ENABLED' })).toEqual([
      'Encountered unsupported property Targets.Colour',
      'Property Targets.Arn cannot be empty.',
    ]);
    const DeadLetterConfig = { TargetArn: 'arn', Shape: 'round' };
    const properties = { Code: {}, Role: 'arn', DeadLetterConfig };
    expect(propertyProblems('AWS::Lambda::Function', properties)).toEqual([
      'Encountered unsupported property DeadLetterConfig.Shape',
    ]);
  });

  test('every supported type has a provider, which carries out only properties that exist', () => {
    for (const type of RESOURCE_TYPES.filter((name) => resourceSchema(name))) {
      const provider = providerFor(type);
      const wanted = Object.fromEntries((provider?.properties ?? ['none']).map((name) => [name, 'x']));
      expect(propertyProblems(type, wanted)).toEqual([]);
    }
  });
});

describe('operations in dependency order', () => {
  const dependencies: Record<string, string[]> = {
    table: [],
    role: [],
    lambda: ['table', 'role'],
    rule: ['lambda'],
  };
  const ids = Object.keys(dependencies);
  const of = (id: string) => dependencies[id] ?? [];

  test('start as soon as what they depend on is there', async () => {
    const order: string[] = [];
    await runInOrder(ids, of, async (id) => {
      order.push(id);
    });
    expect(order).toEqual(['table', 'role', 'lambda', 'rule']);
  });

  test('stop after a failure, but let finish what runs', async () => {
    const finished: string[] = [];
    const failing = runInOrder(ids, of, async (id) => {
      if (id === 'role') throw new Error('no role');
      await new Promise((resolve) => setTimeout(resolve, 5));
      finished.push(id);
    });
    await expect(failing).rejects.toThrow('no role');
    expect(finished).toEqual(['table']);
  });

  test('go backwards for deletion', async () => {
    const order: string[] = [];
    const dependents = reversed(ids, of);
    await runInOrder(
      ids,
      (id) => dependents.get(id) ?? [],
      async (id) => {
        order.push(id);
      },
    );
    expect(order).toEqual(['rule', 'lambda', 'table', 'role']);
  });
});

test('parameters are taken as given, from before, or by default, and must be known', () => {
  const template = parseTemplate(
    JSON.stringify({
      Parameters: { A: { Type: 'String' }, B: { Type: 'String', Default: 'b' }, C: { Type: 'String' } },
      Resources: { R: { Type: 'T' } },
    }),
  );
  const given = [
    { ParameterKey: 'A', ParameterValue: '1' },
    { ParameterKey: 'C', UsePreviousValue: 'true' },
  ];
  expect(mergeParameters(template, given, { C: 'before' })).toEqual({ A: '1', B: 'b', C: 'before' });
  expect(() => mergeParameters(template, [], {})).toThrow('Parameters: [A] must have values');
  expect(() => mergeParameters(template, [{ ParameterKey: 'X' }], {})).toThrow('[X] do not exist');
});

test.each([
  ['assets/app.js', ['*'], ['assets/*'], true],
  ['index.html', ['*'], ['assets/*'], false],
  ['index.html', ['assets/*'], [], true],
  ['assets/app.js', ['assets/*'], [], false],
])('a bucket deployment takes %s under exclude %j and include %j: %s', (path, exclude, include, expected) => {
  expect(isSynced(path, exclude, include)).toBe(expected);
});
