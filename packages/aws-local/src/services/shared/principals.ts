// Who acts when one service calls another: a service principal for a resource, or a role that the service assumed.
import type { AwsRequest, Principal } from '../../service';

/** `service` is for example `events.amazonaws.com`; `sourceArn` the resource that it acts for. */
export function servicePrincipal(service: string, sourceArn: string, accountId: string): Principal {
  return { kind: 'service', arn: service, accountId, sourceArn, sourceAccount: accountId };
}

/** The session of a role, as AssumeRole names it. */
export function rolePrincipal(roleArn: string, sessionName: string, accountId: string): Principal {
  const role = roleArn.split('/').at(-1) ?? roleArn;
  return {
    kind: 'assumed-role',
    arn: `arn:aws:sts::${accountId}:assumed-role/${role}/${sessionName}`,
    accountId,
    roleArn,
  };
}

/**
 * Condition keys that hold for a request to this endpoint. Localhost traffic never leaves the machine, so it counts as
 * secure transport unless a proxy in front says that it received plain HTTP.
 */
export function requestConditions(request: AwsRequest): Record<string, string> {
  const { headers, region, sourceIp } = request;
  const conditions: Record<string, string> = {
    'aws:securetransport': String(headers['x-forwarded-proto'] !== 'http'),
    'aws:viaawsservice': 'false',
  };
  if (region !== undefined) conditions['aws:requestedregion'] = region;
  if (sourceIp !== undefined) conditions['aws:sourceip'] = sourceIp;
  if (headers['user-agent'] !== undefined) conditions['aws:useragent'] = headers['user-agent'];
  if (headers.referer !== undefined) conditions['aws:referer'] = headers.referer;
  return conditions;
}
