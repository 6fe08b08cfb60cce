// Temporary credentials: whom they speak for, until when, and that nothing of them is kept after that.
import { CredentialStore } from '../../../src/iam/credentials';

const ROLE = 'arn:aws:iam::000000000000:role/reader';
const trustPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    { Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'sts:AssumeRole' },
  ],
});

let now: number;
let store: CredentialStore;
beforeEach(() => {
  now = 1_000_000;
  store = new CredentialStore({
    accountId: '000000000000',
    administrator: { accessKeyId: 'AKIAADMIN', secretAccessKey: 'admin' },
    directory: {
      findRoleByArn: (arn: string) => (arn === ROLE ? { trustPolicy, maxSessionSeconds: 3600 } : undefined),
    } as never,
    decisions: { record: () => undefined } as never,
    now: () => now,
  });
});
const assume = (seconds = 900) => store.assume(store.bootstrapUser, ROLE, 'session', seconds);

test('a key is good with its own token only, and for nobody who made one up', () => {
  const first = assume();
  const second = assume();
  expect(store.resolve(first.accessKeyId, first.sessionToken).principal.roleArn).toBe(ROLE);
  for (const [key, token] of [
    [first.accessKeyId, second.sessionToken],
    [first.accessKeyId, undefined],
    ['ASIAINVENTED', first.sessionToken],
  ] as const)
    expect(() => store.resolve(key, token)).toThrow('token included in the request is invalid');
});

test('a session ends at its time', () => {
  const { accessKeyId, sessionToken } = assume(900);
  now += 900_000 - 1;
  store.resolve(accessKeyId, sessionToken);
  now += 1;
  expect(() => store.resolve(accessKeyId, sessionToken)).toThrow('is expired');
});

test('sessions that are over are forgotten when another one is opened, those that go on are not', () => {
  const over = assume(900);
  const goesOn = assume(1800);
  now += 1_000_000;
  assume();
  // One that is not known any more is as one that never was.
  expect(() => store.resolve(over.accessKeyId, over.sessionToken)).toThrow('is invalid');
  expect(store.resolve(goesOn.accessKeyId, goesOn.sessionToken).principal.roleArn).toBe(ROLE);
});

test('a session longer than its role allows is refused', () => {
  expect(() => assume(3601)).toThrow('exceeds the MaxSessionDuration');
});
