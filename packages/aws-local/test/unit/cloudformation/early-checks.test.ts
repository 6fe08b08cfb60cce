// What is wrong with a template is told before anything begins, as AWS has been recorded to word it.
import { checkAttributes, checkResolvable } from '../../../src/cloudformation/early-checks';
import { coerced } from '../../../src/cloudformation/registry/registry';
import { parseTemplate } from '../../../src/cloudformation/template';

const TOPIC = { Type: 'AWS::SNS::Topic' };
const named = (TopicName: unknown) => ({ ...TOPIC, Properties: { TopicName } });

function check(template: object, parameters: Record<string, unknown> = {}): void {
  const parsed = parseTemplate(JSON.stringify(template));
  checkResolvable(parsed, {
    parameters,
    pseudo: { 'AWS::StackId': 'arn:aws:cloudformation:us-east-1:0:stack/name/id' },
    mappings: parsed.Mappings,
    conditions: parsed.Conditions,
    resource: () => undefined,
    importValue: () => '',
    stackOutput: () => '',
  });
}

const lookUp = { 'Fn::FindInMap': ['Suffixes', { Ref: 'Which' }, 'Text'] };
const mapped = (Suffixes: object) => ({
  Parameters: { Which: { Type: 'String' } },
  Mappings: { Suffixes },
  Resources: { Topic: named({ 'Fn::Join': ['-', ['a', lookUp]] }) },
});

test('a key that a mapping does not have is missed at once', () => {
  const template = mapped({ A: { Text: 'x' } });
  check(template, { Which: 'A' });
  expect(() => check(template, { Which: 'C' })).toThrow('Unable to get mapping for Suffixes::C::Text');
});

test.each([
  [{ A: 'x' }, 'Template format error: Every Mappings member A must be a map'],
  [
    { A: { Text: { Ref: 'Which' } } },
    'Template format error: Every Mappings attribute must be a String or a List.',
  ],
])('the mapping %j has the wrong depth', (mapping, message) => {
  expect(() => check(mapped(mapping), { Which: 'A' })).toThrow(message);
});

const conditional = (rest: object) => ({
  Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
  Resources: { Kept: TOPIC, Left: { ...TOPIC, Condition: 'Never' }, ...rest },
});

test('a reference to a resource that its condition leaves out is refused where it would be followed', () => {
  const message = 'Unresolved resource dependencies [Left] in the Resources block of the template';
  expect(() => check(conditional({ User: named({ Ref: 'Left' }) }))).toThrow(message);
  check(conditional({ User: named({ 'Fn::If': ['Never', { Ref: 'Left' }, { Ref: 'Kept' }] }) }));
  check(conditional({ User: { ...named({ Ref: 'Left' }), Condition: 'Never' } }));
  const Outputs = { Out: { Value: { Ref: 'Left' } } };
  expect(() => check({ ...conditional({}), Outputs })).toThrow(
    'Unresolved resource dependencies [Left] in the Outputs block of the template',
  );
});

test('conditions compare numbers and booleans as texts', () => {
  const Conditions = { Never: { 'Fn::Not': [{ 'Fn::Equals': [true, { Ref: 'On' }] }] } };
  const template = {
    ...conditional({ User: named({ Ref: 'Left' }) }),
    Parameters: { On: { Type: 'String' } },
    Conditions,
  };
  check(template, { On: 'false' });
  expect(() => check(template, { On: 'true' })).toThrow('Unresolved resource dependencies');
});

test('an attribute that the type does not have is told with its place', () => {
  const Outputs = { Out: { Value: { 'Fn::GetAtt': ['Kept', 'Invalid'] } } };
  const parsed = parseTemplate(JSON.stringify({ ...conditional({}), Outputs }));
  expect(() => checkAttributes(parsed)).toThrow(
    '[Error] /Outputs/Out/Value/Fn::GetAtt: Resource type AWS::SNS::Topic does not support attribute {Invalid}.',
  );
});

test('numbers, booleans and texts are converted to what the schema has, at every depth; what cannot be stays', () => {
  expect(
    coerced('AWS::SQS::Queue', {
      DelaySeconds: '5',
      SqsManagedSseEnabled: 'true',
      QueueName: 7,
      KmsMasterKeyId: 'x',
    }),
  ).toEqual({ DelaySeconds: 5, SqsManagedSseEnabled: true, QueueName: '7', KmsMasterKeyId: 'x' });
  expect(
    coerced('AWS::Lambda::Function', {
      Timeout: 'soon',
      Environment: { Variables: { DEBUG: true, COUNT: 3 } },
    }),
  ).toEqual({ Timeout: 'soon', Environment: { Variables: { DEBUG: 'true', COUNT: '3' } } });
  expect(coerced('AWS::Events::Rule', { Targets: [{ Id: 1 }] })).toEqual({ Targets: [{ Id: '1' }] });
});

test('what parameters and mappings decide is selected at once, and only what is there', () => {
  const part = (index: number) => ({
    'Fn::Select': [index, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }],
  });
  check({ Resources: { Topic: named(part(2)) } });
  expect(() => check({ Resources: { Topic: named(part(3)) } })).toThrow('nonexistent value at index 3');
});

test.each<[object, string]>([
  [{ Resources: { 'a-b': TOPIC } }, 'Resource name a-b is non alphanumeric.'],
  [{ Parameters: { 'AWS::NoValue': {} }, Resources: { A: TOPIC } }, 'Parameter name AWS::NoValue is non'],
  [
    { Resources: { A: {} } },
    'Template format error: [/Resources/A] Every Resources object must contain a Type member.',
  ],
  [
    { Resources: { A: TOPIC }, Outputs: { O: { Value: null } } },
    "[/Outputs/O/Value] 'null' values are not allowed in templates",
  ],
  [
    { Resources: { A: TOPIC }, Outputs: { O: { Description: 'd' } } },
    'Every Outputs member must contain a Value object',
  ],
  [
    { Resources: { A: { ...TOPIC, Properties: { 'Fn::Transform': { Name: 'AWS::Include' } } } } },
    '[/Resources/A/Properties] Fn::Transform is not supported on localhost.',
  ],
])('%j is refused at once: %s', (template, message) => {
  expect(() => check(template)).toThrow(message);
});
