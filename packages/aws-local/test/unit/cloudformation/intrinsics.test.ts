// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of policies and templates look like those of JavaScript
import { Resolver, UnresolvedReference } from '../../../src/cloudformation/intrinsics';
import { dependenciesOf, parseTemplate } from '../../../src/cloudformation/template';

const resolver = new Resolver({
  parameters: { Stage: 'dev', Zones: ['a', 'b'] },
  pseudo: { 'AWS::Region': 'us-east-1', 'AWS::StackName': 'gallery' },
  mappings: { Sizes: { dev: { memory: 128 } } },
  conditions: {
    IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] },
    IsProd: { 'Fn::Not': [{ Condition: 'IsDev' }] },
  },
  resource: (logicalId) =>
    logicalId === 'Table'
      ? {
          physicalId: 'table-1',
          attributes: { Arn: 'arn:table-1', 'Endpoint.Port': 1 },
          properties: { BillingMode: 'PAY_PER_REQUEST' },
        }
      : undefined,
  importValue: (name) => `imported ${name}`,
  stackOutput: (stack, output) => `${output} of ${stack}`,
});

test.each<[unknown, unknown]>([
  [{ Ref: 'Stage' }, 'dev'],
  [{ 'Fn::GetAtt': ['Table', 'BillingMode'] }, 'PAY_PER_REQUEST'],
  [{ Ref: 'Table' }, 'table-1'],
  [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:table-1'],
  [{ 'Fn::GetAtt': 'Table.Endpoint.Port' }, 1],
  [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] }, 'a-us-east-1'],
  [{ 'Fn::Sub': '${Table.Arn}/${Stage}/${!Literal}' }, 'arn:table-1/dev/${Literal}'],
  [{ 'Fn::Sub': ['${x}-${Table}', { x: { Ref: 'Stage' } }] }, 'dev-table-1'],
  [{ 'Fn::Select': [1, { 'Fn::Split': [',', 'a,b'] }] }, 'b'],
  [{ 'Fn::Select': ['0', { Ref: 'Zones' }] }, 'a'],
  [{ 'Fn::If': ['IsProd', 1, { Ref: 'AWS::NoValue' }] }, undefined],
  [{ a: { 'Fn::If': ['IsProd', 1, { Ref: 'AWS::NoValue' }] }, b: 2 }, { b: 2 }],
  [
    { 'Fn::And': [{ Condition: 'IsDev' }, { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'IsDev' }] }] },
    true,
  ],
  [{ 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'memory'] }, 128],
  [{ 'Fn::FindInMap': ['Sizes', 'other', 'memory', { DefaultValue: 256 }] }, 256],
  [{ 'Fn::Base64': 'x' }, 'eA=='],
  [{ 'Fn::ImportValue': 'n' }, 'imported n'],
  [{ 'Fn::GetStackOutput': { StackName: 's', OutputName: 'o', Region: { Ref: 'AWS::Region' } } }, 'o of s'],
  [{ 'Fn::Length': { Ref: 'Zones' } }, 2],
  [{ 'Fn::ToJsonString': { a: { Ref: 'Stage' } } }, '{"a":"dev"}'],
  [{ 'Fn::Contains': [['a', 'dev'], { Ref: 'Stage' }] }, true],
])('%j resolves to %j', (value, expected) => {
  expect(resolver.resolve(value)).toEqual(expected);
});

test('a resource that does not exist yet is told apart from a mistake', () => {
  expect(() => resolver.resolve({ Ref: 'Later' })).toThrow(UnresolvedReference);
  expect(() => resolver.resolve({ 'Fn::GetAtt': ['Table', 'Colour'] })).toThrow(
    'does not support attribute Colour',
  );
});

test.each([
  [{ 'Fn::Transform': { Name: 'AWS::Include' } }, 'Fn::Transform is not supported'],
  [{ 'Fn::Cidr': ['10.0.0.0/8', 2] }, 'Fn::Cidr is not supported'],
  ['{{resolve:ssm:/a}}', 'dynamic reference'],
])('%j is refused', (value, message) => {
  expect(() => resolver.resolve(value)).toThrow(message);
});

describe('templates', () => {
  const template = (Resources: unknown, rest = {}) => JSON.stringify({ Resources, ...rest });

  test('name the dependencies of a resource, however it refers to them', () => {
    const parsed = parseTemplate(
      template({
        A: { Type: 'T' },
        B: { Type: 'T' },
        C: { Type: 'T' },
        D: {
          Type: 'T',
          DependsOn: 'A',
          Properties: { x: { 'Fn::Sub': '${B.Arn}' }, y: [{ 'Fn::GetAtt': ['C', 'Arn'] }] },
        },
      }),
    );
    expect([...dependenciesOf(parsed, 'D')].sort()).toEqual(['A', 'B', 'C']);
  });

  test.each([
    [
      template({ A: { Type: 'T', Properties: { x: { Ref: 'Nobody' } } } }),
      'Unresolved resource dependencies [Nobody]',
    ],
    [template({ A: { Type: 'T', DependsOn: 'B' }, B: { Type: 'T', DependsOn: 'A' } }), 'Circular dependency'],
    [template({}), 'At least one Resources member'],
    [template({ A: { Type: 'T', CreationPolicy: {} } }), 'CreationPolicy of resource A is not supported'],
    [template({ A: { Type: 'T' } }, { Transform: 'AWS::Serverless' }), 'section Transform is not supported'],
    ['Resources:\n  A: 1', 'only JSON templates'],
  ])('that cannot be deployed are refused: %s', (text, message) => {
    expect(() => parseTemplate(text)).toThrow(message);
  });
});
