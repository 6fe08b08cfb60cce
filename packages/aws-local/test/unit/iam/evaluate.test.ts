// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of policies and templates look like those of JavaScript
import { conditionsHold } from '../../../src/iam/conditions';
import { evaluate } from '../../../src/iam/evaluate';
import { parsePolicy } from '../../../src/iam/policy';
import type { Principal } from '../../../src/service';

const role: Principal = {
  kind: 'assumed-role',
  arn: 'arn:aws:sts::111122223333:assumed-role/reader/session',
  roleArn: 'arn:aws:iam::111122223333:role/reader',
  accountId: '111122223333',
};
const events: Principal = { kind: 'service', arn: 'events.amazonaws.com', accountId: '111122223333' };
const policy = (...Statement: unknown[]) => ({ name: 'p', document: parsePolicy({ Statement }) });
const question = (principal: Principal, action: string, resource: string, context = {}) => ({
  principal,
  action,
  resource,
  context,
});
const allow = (Action: unknown, Resource: unknown, rest = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...rest,
});
const deny = (Action: unknown, Resource: unknown, rest = {}) => ({
  Effect: 'Deny',
  Action,
  Resource,
  ...rest,
});

describe('the evaluation logic', () => {
  test('denies what no policy allows', () => {
    expect(evaluate(question(role, 's3:GetObject', 'arn:aws:s3:::b/k'), [])).toEqual({
      allowed: false,
      reason: 'implicit',
    });
  });

  test('allows by an identity policy, and says which statement and patterns did it', () => {
    const decision = evaluate(question(role, 's3:GetObject', 'arn:aws:s3:::b/k'), [
      policy(allow('s3:Put*', '*'), allow(['s3:Get*'], 'arn:aws:s3:::b/*')),
    ]);
    expect(decision).toMatchObject({
      allowed: true,
      by: [{ policy: 'p', statement: 1, actionPattern: 's3:Get*', resourcePattern: 'arn:aws:s3:::b/*' }],
    });
  });

  test('an explicit deny of the identity or of the resource wins over every allow', () => {
    const everything = policy(allow('*', '*'));
    const asked = question(role, 's3:GetObject', 'arn:aws:s3:::b/k');
    expect(evaluate(asked, [everything, policy(deny('s3:*', 'arn:aws:s3:::b/*'))])).toMatchObject({
      reason: 'explicit-identity',
    });
    const bucketPolicy = policy(deny('s3:*', '*', { Principal: '*' }));
    expect(evaluate(asked, [everything], bucketPolicy)).toMatchObject({ reason: 'explicit-resource' });
  });

  test('actions match without regard to case, resources with it', () => {
    expect(evaluate(question(role, 'S3:getobject', 'r'), [policy(allow('s3:GetObject', 'r'))]).allowed).toBe(
      true,
    );
    expect(evaluate(question(role, 's3:GetObject', 'R'), [policy(allow('s3:GetObject', 'r'))]).allowed).toBe(
      false,
    );
  });

  test('NotAction and NotResource cover everything but what they name', () => {
    const identity = [policy({ Effect: 'Allow', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::secret/*' })];
    expect(evaluate(question(role, 's3:GetObject', 'arn:aws:s3:::open/k'), identity).allowed).toBe(true);
    expect(evaluate(question(role, 's3:GetObject', 'arn:aws:s3:::secret/k'), identity).allowed).toBe(false);
    expect(evaluate(question(role, 'iam:GetRole', 'x'), identity).allowed).toBe(false);
  });

  test('a resource policy that names the role grants by itself; one that names the account leaves it to the role', () => {
    const asked = question(role, 'sqs:SendMessage', 'q');
    const naming = (AWS: string) => policy(allow('sqs:*', '*', { Principal: { AWS } }));
    expect(evaluate(asked, [], naming('arn:aws:iam::111122223333:role/reader')).allowed).toBe(true);
    expect(evaluate(asked, [], naming('arn:aws:iam::111122223333:root')).allowed).toBe(false);
    expect(evaluate(asked, [policy(allow('sqs:SendMessage', '*'))], naming('111122223333')).allowed).toBe(
      true,
    );
  });

  test('a service gets in by the resource policy only, under its conditions', () => {
    const resource = policy(
      allow('lambda:InvokeFunction', '*', {
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/mine' } },
      }),
    );
    const from = (rule: string) =>
      question(events, 'lambda:InvokeFunction', 'f', {
        'aws:sourcearn': `arn:aws:events:us-east-1:111122223333:rule/${rule}`,
      });
    expect(evaluate(from('mine'), [], resource).allowed).toBe(true);
    expect(evaluate(from('other'), [], resource).allowed).toBe(false);
    const scheduler = { ...events, arn: 'scheduler.amazonaws.com' };
    expect(evaluate({ ...from('mine'), principal: scheduler }, [], resource).allowed).toBe(false);
  });

  test('a policy variable without a value matches nothing', () => {
    const identity = [policy(allow('s3:GetObject', 'arn:aws:s3:::b/${aws:username}/*'))];
    const asked = (context: object) => question(role, 's3:GetObject', 'arn:aws:s3:::b/ann/k', context);
    expect(evaluate(asked({ 'aws:username': 'ann' }), identity).allowed).toBe(true);
    expect(evaluate(asked({}), identity).allowed).toBe(false);
  });
});

describe('conditions', () => {
  const holds = (condition: unknown, context: Record<string, string | string[]>) => {
    const document = parsePolicy({ Statement: allow('*', '*', { Condition: condition }) });
    return conditionsHold(document.statements[0]?.conditions ?? {}, context);
  };

  test.each([
    [{ StringEquals: { a: 'x' } }, { a: 'x' }, true],
    [{ StringEquals: { a: 'x' } }, {}, false],
    [{ StringEqualsIfExists: { a: 'x' } }, {}, true],
    [{ StringNotEquals: { a: 'x' } }, {}, true],
    [{ StringLike: { a: ['emotions/*', 'site/*'] } }, { a: 'site/index.html' }, true],
    [{ Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:securetransport': 'false' }, true],
    [{ Bool: { 'aws:SecureTransport': false } }, { 'aws:securetransport': 'true' }, false],
    [{ NumericLessThanEquals: { n: 10 } }, { n: '9' }, true],
    [{ DateGreaterThan: { t: '2026-01-01T00:00:00Z' } }, { t: '2026-06-01T00:00:00Z' }, true],
    [{ IpAddress: { ip: '10.0.0.0/8' } }, { ip: '10.200.0.1' }, true],
    [{ IpAddress: { ip: '2001:db8::/32' } }, { ip: '2001:db8:7::1' }, true],
    [{ IpAddress: { ip: '::/0' } }, { ip: '10.0.0.1' }, false],
    [{ NotIpAddress: { ip: '10.0.0.0/8' } }, { ip: '10.200.0.1' }, false],
    [{ Null: { a: 'true' } }, {}, true],
    [{ 'ForAnyValue:StringEquals': { k: ['a'] } }, { k: ['a', 'b'] }, true],
    [{ 'ForAllValues:StringEquals': { k: ['a'] } }, { k: ['a', 'b'] }, false],
    [{ 'ForAllValues:StringEquals': { k: ['a'] } }, {}, true],
    [{ 'ForAnyValue:StringEquals': { k: ['a'] } }, {}, false],
    [{ 'ForAnyValue:StringEqualsIfExists': { k: ['a'] } }, {}, true],
    [{ Null: { a: false, b: 'true' } }, { a: 'x' }, true],
    [{ ArnEquals: { r: 'arn:aws:s3:::*' } }, { r: 'arn:aws:sns:eu:1:t' }, false],
  ])('%j in %j is %s', (condition, context, expected) => {
    expect(holds(condition, context as Record<string, string | string[]>)).toBe(expected);
  });

  test('an unknown operator is refused', () => {
    expect(() => holds({ StringSounds: { a: 'x' } }, { a: 'x' })).toThrow(
      'Unknown condition operator StringSounds',
    );
  });
});
