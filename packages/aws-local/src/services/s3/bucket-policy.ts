// A bucket's policy: what S3 refuses, in its own words, and whether everybody is let in.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
import { isOperator } from '../../iam/conditions';
import { matchesWildcard } from '../../iam/match';
import { AwsError, type Shape } from '../../service';

const MOST_BYTES = 20 * 1024;
/** What each statement has, and the other form of saying it. */
const REQUIRED = [
  ['Effect', 'Effect'],
  ['Principal', 'NotPrincipal'],
  ['Action', 'NotAction'],
  ['Resource', 'NotResource'],
] as const;
const MEMBERS = ['Sid', 'Condition', ...REQUIRED.flat()];
const PRINCIPAL_KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

const malformed = (message: string) => new AwsError('MalformedPolicy', message);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const isRecord = (value: unknown): value is Shape =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isMissing = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0);

/** The policy in a text. @throws MalformedPolicy */
export function readBucketPolicy(text: string, bucket: string): unknown {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    policy = undefined;
  }
  if (!isRecord(policy)) throw malformed("Policies must be valid JSON and the first byte must be '{'");
  if (text.length > MOST_BYTES) throw malformed('Policy exceeds the maximum allowed document size.');
  if (policy.Statement === undefined) throw malformed('Missing required field Statement');
  const statements = listOf(policy.Statement);
  if (statements.length === 0) throw malformed('Could not parse the policy: Statement is empty!');
  for (const statement of statements) checkStatement(statement, bucket);
  return policy;
}

function checkStatement(statement: unknown, bucket: string): void {
  if (!isRecord(statement)) throw malformed('Policy has invalid statement');
  const unknown = Object.keys(statement).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) throw malformed(`Unknown field ${unknown}`);
  for (const [name, other] of REQUIRED) {
    if (isMissing(statement[name]) && isMissing(statement[other])) {
      throw malformed(`Missing required field ${name}`);
    }
  }
  const {
    Effect,
    Principal,
    NotPrincipal,
    Action,
    NotAction,
    Resource,
    NotResource,
    Condition = {},
  } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') throw malformed(`Invalid effect: ${String(Effect)}`);
  if (!isPrincipal(Principal ?? NotPrincipal)) throw malformed('Invalid principal in policy');
  if (!listOf(Action ?? NotAction).every(isAction)) throw malformed('Policy has invalid action');
  if (!listOf(Resource ?? NotResource).every((resource) => isOf(bucket, resource))) {
    throw malformed('Policy has invalid resource');
  }
  const operator = isRecord(Condition) ? Object.keys(Condition).find((name) => !isOperator(name)) : '';
  if (operator !== undefined) throw malformed(`Invalid Condition type : ${operator}`);
}

const isPrincipal = (value: unknown) =>
  value === '*' ||
  (isRecord(value) &&
    Object.entries(value).every(
      ([kind, names]) =>
        PRINCIPAL_KINDS.includes(kind) && listOf(names).every((name) => typeof name === 'string'),
    ));
const isAction = (action: unknown) =>
  action === '*' || (typeof action === 'string' && /^s3[\w-]*:[\w*?]+$/i.test(action));

function isOf(bucket: string, resource: unknown): boolean {
  const name = /^arn:aws[\w-]*:s3:::([^/]+)/.exec(String(resource))?.[1];
  return name !== undefined && matchesWildcard(name, bucket);
}

/** Conditions that leave not everybody. */
const NARROWING = [
  'aws:sourceip',
  'aws:sourcearn',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceowner',
  'aws:sourceaccount',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:userid',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
  's3:dataaccesspointarn',
  's3:dataaccesspointaccount',
];

/** A policy is public when a statement allows everyone, and no condition says who is meant. */
export function isPublic(policy: unknown): boolean {
  const statements = isRecord(policy) ? listOf(policy.Statement).filter(isRecord) : [];
  return statements.some(({ Effect, Principal, Condition }) => {
    const names = isRecord(Principal) ? listOf(Principal.AWS) : [Principal];
    const keys = isRecord(Condition) ? Object.values(Condition).filter(isRecord).flatMap(Object.keys) : [];
    return (
      Effect === 'Allow' &&
      names.includes('*') &&
      !keys.some((key) => NARROWING.includes(String(key).toLowerCase()))
    );
  });
}
