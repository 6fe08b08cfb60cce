import type { IamDirectory } from '../../../src/iam/directory';
import { globalContext, userIdOf } from '../../../src/iam/global-context';
import type { Principal } from '../../../src/service';

const accountId = '111122223333';
const roleArn = `arn:aws:iam::${accountId}:role/reader`;
const role = { id: 'AROAREADER', tags: [{ Key: 'Team', Value: 'pictures' }] };
const directory = { findRoleByArn: (arn: string) => (arn === roleArn ? role : undefined) } as IamDirectory;
const session: Principal = {
  kind: 'assumed-role',
  arn: `arn:aws:sts::${accountId}:assumed-role/reader/monday`,
  accountId,
  roleArn,
};

test('of a session, conditions see the role, its tags, and the id with the session’s name', () => {
  expect(globalContext(session, directory, 1_500)).toEqual({
    'aws:securetransport': 'true',
    'aws:currenttime': '1970-01-01T00:00:01.500Z',
    'aws:epochtime': '1',
    'aws:resourceaccount': accountId,
    'aws:principaltype': 'AssumedRole',
    'aws:principalarn': roleArn,
    'aws:principalaccount': accountId,
    'aws:principalisawsservice': 'false',
    'aws:userid': 'AROAREADER:monday',
    'aws:principaltag/team': 'pictures',
  });
});

test('a user has a name, a root user the account’s id, nobody has nothing', () => {
  const user: Principal = { kind: 'user', arn: `arn:aws:iam::${accountId}:user/ann`, accountId };
  expect(globalContext(user, directory, 0)).toMatchObject({
    'aws:username': 'ann',
    'aws:principaltype': 'User',
  });
  expect(userIdOf({ ...user, kind: 'root' }, directory)).toBe(accountId);
  const anonymous = globalContext({ ...user, kind: 'anonymous' }, directory, 0);
  expect(Object.keys(anonymous).filter((key) => key.startsWith('aws:principal'))).toEqual([]);
});

test('a service acts for a resource of an account', () => {
  const sourceArn = `arn:aws:events:us-east-1:${accountId}:rule/nightly`;
  const events: Principal = {
    kind: 'service',
    arn: 'events.amazonaws.com',
    accountId,
    sourceArn,
    sourceAccount: accountId,
  };
  expect(globalContext(events, directory, 0)).toMatchObject({
    'aws:principalservicename': 'events.amazonaws.com',
    'aws:principalisawsservice': 'true',
    'aws:sourcearn': sourceArn,
    'aws:sourceaccount': accountId,
  });
});
