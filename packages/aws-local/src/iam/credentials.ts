// Access keys and what they stand for: the administrator, and the sessions that AssumeRole hands out.
import { randomBytes, randomUUID } from 'node:crypto';
import { type AccessRequest, AwsError, type Principal } from '../service';
import type { AccessKey } from './administrator';
import type { DecisionLog } from './decisions';
import type { IamDirectory } from './directory';
import { evaluate } from './evaluate';
import { parsePolicy } from './policy';

export interface Credentials extends AccessKey {
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

interface Session extends Credentials {
  readonly principal: Principal;
}

export interface CredentialsProps {
  readonly accountId: string;
  readonly administrator: AccessKey;
  readonly directory: IamDirectory;
  readonly decisions: DecisionLog;
  readonly now: () => number;
}

/** AWS keeps service sessions alive by renewing them; locally they last as long as the process. */
const SERVICE_SESSION_SECONDS = 365 * 24 * 3600;

export class CredentialStore {
  private readonly sessions = new Map<string, Session>();
  readonly bootstrapUser: Principal;

  constructor(private readonly props: CredentialsProps) {
    this.bootstrapUser = {
      kind: 'user',
      arn: `arn:aws:iam::${props.accountId}:user/bootstrap`,
      accountId: props.accountId,
    };
  }

  get administrator(): AccessKey {
    return this.props.administrator;
  }

  /** The secret and principal behind a key. Throws InvalidClientTokenId or ExpiredToken. */
  resolve(accessKeyId: string, sessionToken: string | undefined): { secret: string; principal: Principal } {
    if (accessKeyId === this.administrator.accessKeyId) {
      return { secret: this.administrator.secretAccessKey, principal: this.bootstrapUser };
    }
    const session = this.sessions.get(accessKeyId);
    if (!session || session.sessionToken !== sessionToken) {
      throw new AwsError(
        'InvalidClientTokenId',
        'The security token included in the request is invalid.',
        403,
      );
    }
    if (session.expiresAt <= this.props.now()) {
      this.sessions.delete(accessKeyId);
      throw new AwsError('ExpiredToken', 'The security token included in the request is expired', 403);
    }
    return { secret: session.secretAccessKey, principal: session.principal };
  }

  /** AssumeRole: the trust policy must name the caller. Throws AccessDenied. */
  assume(
    caller: Principal,
    roleArn: string,
    sessionName: string,
    seconds: number,
    externalId?: string,
  ): Session {
    const longest = this.props.directory.findRoleByArn(roleArn)?.maxSessionSeconds;
    const principal = this.trustedPrincipal(caller, roleArn, sessionName, externalId);
    if (caller.kind !== 'service' && longest !== undefined && seconds > longest) {
      throw new AwsError(
        'ValidationError',
        'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      );
    }
    return this.open(principal, seconds);
  }

  /** The principal of a role session for calls in process. Throws AccessDenied. */
  trustedPrincipal(caller: Principal, roleArn: string, sessionName: string, externalId?: string): Principal {
    const action = 'sts:AssumeRole';
    const role = this.props.directory.findRoleByArn(roleArn);
    const denied = () =>
      new AwsError(
        'AccessDenied',
        `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${roleArn}`,
        403,
      );
    if (!role) throw denied();
    const question = {
      principal: caller,
      action,
      resource: roleArn,
      context: sourceContext(caller, externalId),
    };
    const trust = { name: 'trust policy', document: parsePolicy(role.trustPolicy) };
    // The trust policy must allow in any case; where it names only the account, the caller's own policies must allow as well.
    const trusted = evaluate(question, [trust]);
    const mayDecideItself = caller.kind === 'user' || caller.kind === 'root';
    const decision =
      trusted.allowed && !mayDecideItself
        ? evaluate(question, this.props.directory.policiesOf(caller.roleArn ?? ''), trust)
        : trusted;
    this.props.decisions.record(question, decision, this.props.now());
    if (!decision.allowed) throw denied();
    return this.rolePrincipal(roleArn, sessionName);
  }

  /** Keys for a role session of a service (a Lambda function's execution role). Throws AccessDenied. */
  forService(servicePrincipal: string, roleArn: string, sessionName: string): Credentials {
    const service: Principal = { kind: 'service', arn: servicePrincipal, accountId: this.props.accountId };
    return this.assume(service, roleArn, sessionName, SERVICE_SESSION_SECONDS);
  }

  rolePrincipal(roleArn: string, sessionName: string): Principal {
    const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const { accountId } = this.props;
    return {
      kind: 'assumed-role',
      arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
      accountId,
      roleArn,
    };
  }

  private open(principal: Principal, seconds: number): Session {
    const session: Session = {
      accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString('base64url'),
      sessionToken: randomUUID(),
      expiresAt: this.props.now() + seconds * 1000,
      principal,
    };
    for (const [id, { expiresAt }] of this.sessions)
      if (expiresAt <= this.props.now()) this.sessions.delete(id);
    this.sessions.set(session.accessKeyId, session);
    return session;
  }
}

function sourceContext(caller: Principal, externalId?: string): NonNullable<AccessRequest['context']> {
  return {
    ...(externalId === undefined ? {} : { 'sts:externalid': externalId }),
    ...(caller.sourceArn ? { 'aws:sourcearn': caller.sourceArn } : {}),
    ...(caller.sourceAccount ? { 'aws:sourceaccount': caller.sourceAccount } : {}),
  };
}
