// Which documents IAM refuses, and in which words, follows recordings of the real service that others keep beside their tests.
import { checkDocument, checkInlineSize, type DocumentKind } from '../../../src/iam/document-checks';

const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::pictures/*' };
const TRUST = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
const { Resource: _resource, ...WITHOUT_RESOURCE } = READ;
const { Action: _action, ...WITHOUT_ACTION } = READ;
const { Effect: _effect, ...WITHOUT_EFFECT } = READ;
const { Principal: _principal, ...WITHOUT_PRINCIPAL } = TRUST;

/** What is said of a document; undefined when it is taken. */
function refusal(document: unknown, kind: DocumentKind = 'managed'): string | undefined {
  try {
    checkDocument(typeof document === 'string' ? document : JSON.stringify(document), kind);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
const of = (...Statement: unknown[]) => ({ Version: '2012-10-17', Statement });
const resource = (Resource: unknown) => of({ ...READ, Resource });
const when = (Condition: unknown) => of({ ...READ, Condition });

const SYNTAX = 'Syntax errors in policy.';
const VERSION = 'Policy document must be version 2012-10-17 or greater.';
const LEGACY = 'The policy failed legacy parsing';
const ACTIONS = 'Policy statement must contain actions.';
const RESOURCES = 'Policy statement must contain resources.';
const ARN = (text: string) => `Resource ${text} must be in ARN format or "*".`;

describe('a document of an identity', () => {
  test.each<[string, unknown, string]>([
    ['is no JSON', '{ "Version"', 'This policy contains invalid Json'],
    ['is a text', '"a policy"', SYNTAX],
    ['has another member', { ...of(READ), Rules: [] }, SYNTAX],
    ['has a version that is none', { ...of(READ), Version: '2013-10-17' }, SYNTAX],
    ['has no statements', of(), SYNTAX],
    ['has a text as statement', of('all'), SYNTAX],
    ['has a list as id', { ...of(READ), Id: [] }, SYNTAX],
    ['has no effect', of(WITHOUT_EFFECT), SYNTAX],
    ['has an effect that is none', of({ ...READ, Effect: 'Permit' }), SYNTAX],
    ['has a member that statements do not have', of({ ...READ, Actions: [] }), SYNTAX],
    ['has actions and what are none', of({ ...READ, NotAction: 's3:*' }), SYNTAX],
    ['has resources and what are none', of({ ...READ, NotResource: '*' }), SYNTAX],
    ['has an object as resource', resource({}), SYNTAX],
    ['has a list in a list', of({ ...READ, Action: [[]] }), SYNTAX],
    ['has an object as statement id', of({ ...READ, Sid: {} }), SYNTAX],
    ['has a list of conditions', when([{ StringEquals: { a: 'b' } }]), SYNTAX],
    ['has a condition without keys', when({ StringEquals: 'b' }), SYNTAX],
    ['has an operator that is none', when({ StringResembles: { a: 'b' } }), SYNTAX],
    ['has an operator with two colons', when({ 'ForAnyValue::StringEquals': { a: 'b' } }), SYNTAX],
    ['has no version', { Statement: READ }, VERSION],
    ['has the older version', { ...of(READ), Version: '2008-10-17' }, VERSION],
    ['has an effect in capitals', of({ ...READ, Effect: 'ALLOW' }), LEGACY],
    ['compares with what is no time', when({ DateLessThan: { a: '2026-13' } }), LEGACY],
    [
      'compares with a time zone of one digit',
      when({ DateLessThan: { a: '2026-01-01T10:00:00+1' } }),
      LEGACY,
    ],
    ['compares with too late a time', when({ DateLessThan: { a: '9223372036854775808' } }), LEGACY],
    ['has a colon too few in an ARN', resource('arn:aws:s3::pictures'), LEGACY],
    ['has no service in an ARN', resource('arn:aws:::pictures'), LEGACY],
    [
      'has an id twice',
      of({ ...READ, Sid: 'a' }, { Effect: 'Deny', Sid: 'a' }),
      'Statement IDs (SID) in a single policy must be unique.',
    ],
    ['has no actions', of(WITHOUT_ACTION), ACTIONS],
    ['has an empty list of actions', of({ ...READ, Action: [] }), ACTIONS],
    [
      'has an action without a service',
      of({ ...READ, Action: 'GetObject' }),
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    ],
    [
      'has an action with two colons',
      of({ ...READ, Action: 's3:Get:Object' }),
      'Actions/Condition can contain only one colon.',
    ],
    ['has an action with a blank', of({ ...READ, Action: 's 3:GetObject' }), 'Vendor s 3 is not valid'],
    ['has no resources', of(WITHOUT_RESOURCE), RESOURCES],
    ['has an empty list of resources', resource([]), RESOURCES],
    ['has a resource that is no ARN', resource('pictures'), ARN('pictures')],
    ['has an empty resource', resource(''), ARN('')],
    ['is told its resource before its action', of({ ...READ, Action: 'x', Resource: 'y' }), ARN('y')],
    [
      'has a partition that is none',
      resource('arn:az:s3:::pictures'),
      'Partition "az" is not valid for resource "arn:az:s3:::pictures".',
    ],
    [
      'has a partition alone',
      resource('arn:az'),
      'Partition "az" is not valid for resource "arn:az:*:*:*:*".',
    ],
    [
      'has an ARN without a service',
      resource('arn:aws'),
      'Resource vendor must be fully qualified and cannot contain regexes.',
    ],
    [
      'has a region for IAM',
      resource('arn:aws:iam:us-east-1::role/a'),
      'IAM resource arn:aws:iam:us-east-1::role/a cannot contain region information.',
    ],
    [
      'has a region for S3',
      resource('arn:aws:s3:us-east-1::a'),
      'Resource arn:aws:s3:us-east-1::a can not contain region information.',
    ],
    ['names a principal', of({ ...READ, Principal: '*' }), 'Policy document should not specify a principal.'],
  ])('%s', (_what, document, message) => {
    expect(refusal(document)).toBe(message);
  });

  test('IAM has resources of certain kinds', () => {
    expect(refusal(resource('arn:aws:iam:::pictures'))).toMatch(
      /^IAM resource path must either be "\*" or start with user\//,
    );
    expect(refusal(resource('arn:aws:iam::*:role/reader'))).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ['one statement without a list', { Version: '2012-10-17', Statement: READ }],
    ['everything', of({ Effect: 'Allow', Action: '*', Resource: '*' })],
    ['what are not resources', of({ Effect: 'Deny', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::a' })],
    ['two statements with empty ids', of({ ...READ, Sid: '' }, { ...READ, Sid: '' })],
    ['conditions of all forms', when({ 'ForAllValues:StringLikeIfExists': { a: ['b'] }, Null: { c: true } })],
    [
      'times of all forms',
      when({ DateEquals: { a: ['2026', '2026-01-01T10:00:00.5Z', '1700000000', '01T'] } }),
    ],
    ['a null among the resources', resource(['arn:aws:s3:::a', null])],
    ['an access point in a region', resource('arn:aws:s3:us-east-1:111122223333:accesspoint/a')],
  ])('%s is taken', (_what, document) => {
    expect(refusal(document)).toBeUndefined();
  });

  test('a role may have one of the older version, a managed policy may not', () => {
    expect(refusal({ Statement: READ }, 'inline')).toBeUndefined();
    expect(refusal({ Version: '2008-10-17', Statement: READ }, 'inline')).toBeUndefined();
  });

  test('sizes are limited, white space does not count', () => {
    const long = of({ ...READ, Resource: `arn:aws:s3:::${'a'.repeat(6_200)}` });
    expect(refusal(long)).toBe('Cannot exceed quota for PolicySize: 6144');
    expect(refusal(JSON.stringify(of(READ), undefined, 4_000))).toBeUndefined();
    expect(() => checkInlineSize('reader', ['a'.repeat(6_000), 'b'.repeat(6_000)])).toThrow(
      'Maximum policy size of 10240 bytes exceeded for role reader',
    );
  });
});

describe('a document that says who may take a role', () => {
  const prohibited = 'Has prohibited field Resource';
  const only =
    'Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  and sts:AssumeRoleWithWebIdentity';
  test.each<[string, unknown, string | undefined]>([
    ['a service', TRUST, undefined],
    ['everybody of AWS', { ...TRUST, Principal: { AWS: '*' } }, undefined],
    ['tags of sessions', { ...TRUST, Action: ['sts:AssumeRole', 'sts:TagSession'] }, undefined],
    [
      'everybody without a kind',
      { ...TRUST, Principal: '*' },
      'AssumeRolepolicy contained an invalid principal: "STAR":"*".',
    ],
    ['nobody', WITHOUT_PRINCIPAL, 'Missing required field Principal'],
    ['a kind that is none', { ...TRUST, Principal: { Robot: 'r2' } }, SYNTAX],
    ['a resource', { ...TRUST, Resource: '*' }, prohibited],
    ['another action', { ...TRUST, Action: 's3:GetObject' }, only],
  ])('%s', (_what, statement, message) => {
    expect(refusal(of(statement), 'trust')).toBe(message);
  });
});
