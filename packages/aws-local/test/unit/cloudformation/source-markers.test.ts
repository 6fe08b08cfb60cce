// Values of a stack in deployed files, in each of the CDK's encodings.
import { withMarkers } from '../../../src/cloudformation/resources/source-markers';

const replaced = (value: unknown, encoding?: string) =>
  withMarkers(
    Buffer.from('<é <<m>>>'),
    { '<<m>>': value },
    encoding ? { markerEncodings: { '<<m>>': encoding } } : {},
  ).toString();

test.each([
  [undefined, 'a"ü', '<é a"ü>'],
  ['UNQUOTED_JSON_VALUE', 'a"', '<é a\\">'],
  ['JSON_VALUE', 'a"', '<é "a\\"">'],
  ['JSON_VALUE', { a: 1 }, '<é {"a":1}>'],
  ['YAML_STRING', 'plain', '<é plain>'],
  ['YAML_STRING', 'yes', '<é "yes">'],
])('%s of %j', (encoding, value, expected) => {
  expect(replaced(value, encoding)).toBe(expected);
});

test('a file whose markers have JSON values escapes them, and bytes that are no text stay', () => {
  const content = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('"m"')]);
  const expected = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('"a\\nb"')]);
  expect(withMarkers(content, { m: 'a\nb' }, { jsonEscape: 'true' })).toEqual(expected);
});

test('what has no text is refused', () => {
  expect(() => replaced({ a: 1 })).toThrow('which is no text');
  expect(() => replaced('a', 'BASE64')).toThrow('not known on localhost');
});
