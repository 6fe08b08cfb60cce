// The account that the local AWS stands for, and the environment that points the CDK, the AWS CLI and SDKs at it.
import { type AwsEndpoint, awsEnvironment as environmentOf } from '@emotion-gallery/aws-local';

export const ACCOUNT_ID = '000000000000';
export const REGION = 'us-east-1';

/** Where the local AWS is, and the key of its administrator. */
export type Access = Pick<AwsEndpoint, 'endpoint' | 'credentials'>;

/** The variables that one printed line sets. */
export function awsEnvironment(access: Access): Readonly<Record<string, string>> {
  return environmentOf({ ...access, region: REGION, accountId: ACCOUNT_ID });
}

/** What is on this machine is asked directly, whatever proxy leads out of it. */
function withoutProxy(parent: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const named = parent.NO_PROXY ?? parent.no_proxy;
  const hosts = [named, 'localhost', '127.0.0.1', '::1'].filter(Boolean).join(',');
  return { NO_PROXY: hosts, no_proxy: hosts };
}

/** A process environment for a child that must see this account only, whatever profiles the person has. */
export function childEnvironment(
  parent: Readonly<Record<string, string | undefined>>,
  access: Access,
): Record<string, string | undefined> {
  const inherited = Object.entries(parent).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(inherited),
    ...withoutProxy(parent),
    ...awsEnvironment(access),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    // The CDK's own rules take most of a synthesis; the tests check them, and so does every deployment to AWS.
    CDK_VALIDATION: 'false',
  };
}
