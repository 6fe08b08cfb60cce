// The deployment that a command works on, with the names and ARNs that the stacks and the pipeline derive from each other.
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Values } from './command';
import { DEFAULT_PREFIX, type Deployment, readDeployment } from './deployment';

export interface Target {
  readonly deployment: Deployment;
  readonly datasetGroupArn: string;
  readonly bucket: string;
  /** For example `campaign`, `personal`: the gallery's resources begin with its dataset group's name. */
  arn(kind: 'campaign' | 'solution' | 'filter', name: string): string;
  /** A dataset group that a configuration file has made. */
  groupArn(name: string): string;
  datasetArn(type: 'INTERACTIONS' | 'ITEMS' | 'USERS'): string;
}

export async function readTarget(
  client: Pick<CloudFormationClient, 'send'>,
  values: Values,
): Promise<Target> {
  const deployment = await readDeployment(client, String(values['stack-prefix'] ?? DEFAULT_PREFIX));
  const datasetGroupArn = deployment.output('DatasetGroupArn');
  const slash = datasetGroupArn.indexOf('/');
  const group = datasetGroupArn.slice(slash + 1);
  const base = datasetGroupArn.slice(0, datasetGroupArn.lastIndexOf(':'));
  return {
    deployment,
    datasetGroupArn,
    bucket: deployment.output('BucketName'),
    arn: (kind, name) => `${base}:${kind}/${group}-${name}`,
    groupArn: (name) => `${base}:dataset-group/${name}`,
    datasetArn: (type) => `${base}:dataset/${group}/${type}`,
  };
}
