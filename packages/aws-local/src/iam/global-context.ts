// The global condition keys that follow from who calls and when; those of the request itself come with the question.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
import type { Principal } from '../service';
import type { IamDirectory } from './directory';
import type { Context } from './match';

/** What `aws:userid` and GetCallerIdentity say: a role's id with the session's name, a user's id, the account's for its root. */
export function userIdOf(principal: Principal, directory: IamDirectory): string {
  if (principal.kind === 'root') return principal.accountId;
  if (principal.roleArn === undefined) return 'AIDALOCALBOOTSTRAP';
  const session = principal.arn.split('/').at(-1);
  return `${directory.findRoleByArn(principal.roleArn)?.id ?? 'AROALOCAL'}:${session}`;
}

function ofIdentity(principal: Principal, directory: IamDirectory): Context {
  const { kind, arn, roleArn, accountId } = principal;
  const tags = (roleArn === undefined ? undefined : directory.findRoleByArn(roleArn)?.tags) ?? [];
  return {
    'aws:principaltype': { 'assumed-role': 'AssumedRole', root: 'Account' }[kind as string] ?? 'User',
    'aws:principalarn': roleArn ?? arn,
    'aws:principalaccount': accountId,
    'aws:principalisawsservice': 'false',
    'aws:userid': userIdOf(principal, directory),
    ...(kind === 'user' ? { 'aws:username': arn.split('/').at(-1) ?? '' } : {}),
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:principaltag/${Key.toLowerCase()}`, Value])),
  };
}

function ofService({ arn, sourceArn, sourceAccount }: Principal): Context {
  return {
    'aws:principaltype': 'User',
    'aws:principalservicename': arn,
    'aws:principalisawsservice': 'true',
    ...(sourceArn ? { 'aws:sourcearn': sourceArn } : {}),
    ...(sourceAccount ? { 'aws:sourceaccount': sourceAccount } : {}),
    // What the policy that SNS gives to new topics asks for; alarms have it.
    ...(sourceAccount && arn === 'cloudwatch.amazonaws.com' ? { 'aws:sourceowner': sourceAccount } : {}),
  };
}

/** @param now milliseconds since the epoch */
export function globalContext(principal: Principal, directory: IamDirectory, now: number): Context {
  const caller = {
    anonymous: () => ({}),
    service: () => ofService(principal),
    root: () => ofIdentity(principal, directory),
    user: () => ofIdentity(principal, directory),
    'assumed-role': () => ofIdentity(principal, directory),
  }[principal.kind]();
  return {
    // The loopback interface counts as TLS: nothing on it crosses a wire. A request says otherwise through its own context.
    'aws:securetransport': 'true',
    'aws:currenttime': new Date(now).toISOString(),
    'aws:epochtime': String(Math.floor(now / 1000)),
    'aws:resourceaccount': principal.accountId,
    ...caller,
  };
}
