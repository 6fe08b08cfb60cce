// What `cdk bootstrap` leaves in an account, present here from the start: the CDK's roles, its version parameter, its bucket's name.
// https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
import type { IamDirectory, RoleRecord } from './directory';

const QUALIFIER = 'hnb659fds';

/** The version of the bootstrap template that the account claims to have. */
export const BOOTSTRAP_VERSION = '30';
export const BOOTSTRAP_VERSION_PARAMETER = `/cdk-bootstrap/${QUALIFIER}/version`;

export function stagingBucketName(accountId: string, region: string): string {
  return `cdk-${QUALIFIER}-assets-${accountId}-${region}`;
}

/** Tells the CDK's own roles from the app's, which alone the permissions report is about. */
export function isBootstrapRole(arn: string): boolean {
  return arn.includes(`:role/cdk-${QUALIFIER}-`);
}

function bootstrapRole(
  kind: string,
  accountId: string,
  region: string,
  policy: unknown,
  trust: unknown,
): RoleRecord {
  const name = `cdk-${QUALIFIER}-${kind}-role-${accountId}-${region}`;
  return {
    name,
    path: '/',
    arn: `arn:aws:iam::${accountId}:role/${name}`,
    id: `AROA${kind
      .toUpperCase()
      .replace(/[^A-Z]/g, '')
      .padEnd(17, '0')
      .slice(0, 17)}`,
    createdAt: 0,
    maxSessionSeconds: 3600,
    trustPolicy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: trust, Action: ['sts:AssumeRole', 'sts:TagSession'] }],
    }),
    inlinePolicies: { default: JSON.stringify(policy) },
    attachedPolicies: [],
    tags: [],
  };
}

const allow = (actions: string | readonly string[], resources: string | readonly string[]) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
});

/** Adds the deploy, publishing, lookup and execution roles, with the permissions of the CDK's bootstrap template. */
export function addBootstrapRoles(directory: IamDirectory, accountId: string, region: string): void {
  const account = { AWS: `arn:aws:iam::${accountId}:root` };
  const bucket = `arn:aws:s3:::${stagingBucketName(accountId, region)}`;
  const versionParameter = `arn:aws:ssm:${region}:${accountId}:parameter${BOOTSTRAP_VERSION_PARAMETER}`;
  const executionRole = `arn:aws:iam::${accountId}:role/cdk-${QUALIFIER}-cfn-exec-role-${accountId}-${region}`;
  const readBucket = ['s3:GetObject*', 's3:GetBucket*', 's3:List*'];
  const document = (...statements: unknown[]) => ({ Version: '2012-10-17', Statement: statements });

  const deploy = document(
    allow('cloudformation:*', '*'),
    allow('iam:PassRole', executionRole),
    allow('sts:GetCallerIdentity', '*'),
    allow(readBucket, [bucket, `${bucket}/*`]),
    allow('ssm:GetParameter*', versionParameter),
  );
  const publish = document(
    allow(
      [...readBucket, 's3:GetEncryptionConfiguration', 's3:DeleteObject*', 's3:PutObject*', 's3:Abort*'],
      [bucket, `${bucket}/*`],
    ),
    allow('ssm:GetParameter', versionParameter),
  );
  const readOnly = document(
    allow(['*:Get*', '*:List*', '*:Describe*'], '*'),
    allow('ssm:GetParameter', versionParameter),
  );
  const everything = document(allow('*', '*'));

  directory.addBuiltIn(bootstrapRole('deploy', accountId, region, deploy, account));
  directory.addBuiltIn(bootstrapRole('file-publishing', accountId, region, publish, account));
  directory.addBuiltIn(bootstrapRole('lookup', accountId, region, readOnly, account));
  directory.addBuiltIn(
    bootstrapRole('cfn-exec', accountId, region, everything, { Service: 'cloudformation.amazonaws.com' }),
  );
}
