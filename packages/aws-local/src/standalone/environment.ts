// What points the CDK, the AWS CLI and every AWS SDK at an endpoint on localhost.
import type { AccessKey } from '../iam/administrator';

export interface EnvironmentProps {
  /** `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  readonly credentials: AccessKey;
  readonly region: string;
  readonly accountId: string;
}

/** The variables that one printed line sets. */
export function awsEnvironment({
  endpoint,
  credentials,
  region,
  accountId,
}: EnvironmentProps): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    CDK_DEFAULT_ACCOUNT: accountId,
    CDK_DEFAULT_REGION: region,
  };
}

const PROXIES = ['http_proxy', 'https_proxy', 'all_proxy'];

/** `export AWS_ENDPOINT_URL=… …`, for a shell; in one that has a proxy, past it. */
export function exportLine(
  props: EnvironmentProps,
  shell: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const variables = Object.entries(awsEnvironment(props)).map(([name, value]) => `${name}=${value}`);
  const hasProxy = PROXIES.some((name) => shell[name] || shell[name.toUpperCase()]);
  const past = hasProxy ? ['NO_PROXY="localhost,127.0.0.1,$NO_PROXY"'] : [];
  return `export ${[...variables, ...past].join(' ')}`;
}
