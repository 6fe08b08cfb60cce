import { isPublic, readBucketPolicy } from '../../../src/services/s3/bucket-policy';

const READ = {
  Effect: 'Allow',
  Principal: { Service: 'personalize.amazonaws.com' },
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::pictures/*',
};
const without = (name: keyof typeof READ) => ({ ...READ, [name]: undefined });
const read = (Statement: unknown, bucket = 'pictures') =>
  readBucketPolicy(JSON.stringify({ Version: '2012-10-17', Statement }), bucket);

test.each<[string, unknown, string]>([
  ['no statement', undefined, 'Missing required field Statement'],
  ['an empty list', [], 'Could not parse the policy: Statement is empty!'],
  ['a member that statements do not have', { ...READ, Actions: 's3:*' }, 'Unknown field Actions'],
  ['no effect', without('Effect'), 'Missing required field Effect'],
  ['no principal', without('Principal'), 'Missing required field Principal'],
  ['no action', without('Action'), 'Missing required field Action'],
  ['no resource', without('Resource'), 'Missing required field Resource'],
  ['another effect', { ...READ, Effect: 'allow' }, 'Invalid effect: allow'],
  ['a principal of no kind', { ...READ, Principal: { Robot: 'r2' } }, 'Invalid principal in policy'],
  ['another service’s action', { ...READ, Action: 'sqs:SendMessage' }, 'Policy has invalid action'],
  ['another bucket', [READ, { ...READ, Resource: 'arn:aws:s3:::else/*' }], 'Policy has invalid resource'],
  ['everything as resource', { ...READ, Resource: '*' }, 'Policy has invalid resource'],
  [
    'a condition that is none',
    { ...READ, Condition: { StringResembles: { 'aws:SourceAccount': '1' } } },
    'Invalid Condition type : StringResembles',
  ],
])('a policy with %s is refused', (_what, statement, message) => {
  expect(() => read(statement)).toThrow(message);
});

test('what is no JSON object is refused', () => {
  for (const text of ['', '[]', '{']) {
    expect(() => readBucketPolicy(text, 'pictures')).toThrow(
      "Policies must be valid JSON and the first byte must be '{'",
    );
  }
});

test('one that lets everybody in, and does not say who is meant, is public', () => {
  expect(isPublic(read({ ...READ, Principal: '*' }))).toBe(true);
  expect(isPublic(read([READ, { ...READ, Principal: { AWS: '*' } }]))).toBe(true);
  expect(isPublic(read(READ))).toBe(false);
  const under = (Condition: object) => isPublic(read({ ...READ, Principal: '*', Condition }));
  expect(under({ Bool: { 'aws:SecureTransport': 'true' } })).toBe(true);
  expect(under({ StringEquals: { 'aws:SourceAccount': '111122223333' } })).toBe(false);
});
