// The deployment that a command works on, and the dataset group in it, with the names and ARNs that the stacks and the controller
// derive from each other.
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type Passable, readList } from '../lambda/shared/configuration/passable';
import type { Options, Values } from './command';
import { DEFAULT_PREFIX, DEPLOYMENT_OPTIONS, type Deployment, readDeployment } from './deployment';

/** Of commands that work on one dataset group. */
export const GROUP_OPTIONS = {
  ...DEPLOYMENT_OPTIONS,
  'dataset-group': {
    type: 'string',
    value: 'G',
    description: "a dataset group, for example of a configuration file (default the gallery's)",
  },
} as const satisfies Options;

export interface Target {
  readonly deployment: Deployment;
  /** The name of the gallery's own dataset group. */
  readonly galleryGroup: string;
  /** `arn:aws:personalize:<region>:<account>`. */
  readonly arnBase: string;
  /** The group that is meant. */
  readonly group: string;
  readonly isGallery: boolean;
  readonly datasetGroupArn: string;
  readonly bucket: string;
  /** What its files may name. */
  readonly passable: Passable;
  /** For example `campaign`, `personal`: the gallery's resources begin with its dataset group's name. */
  arn(kind: 'campaign' | 'solution' | 'filter', name: string): string;
  groupArn(name: string): string;
  datasetArn(type: string): string;
}

export async function readTarget(
  client: Pick<CloudFormationClient, 'send'>,
  values: Values,
): Promise<Target> {
  const deployment = await readDeployment(client, String(values['stack-prefix'] ?? DEFAULT_PREFIX));
  const galleryArn = deployment.output('DatasetGroupArn');
  const galleryGroup = galleryArn.slice(galleryArn.indexOf('/') + 1);
  const arnBase = galleryArn.slice(0, galleryArn.lastIndexOf(':'));
  const group = String(values['dataset-group'] ?? galleryGroup);
  const groupArn = (name: string) => `${arnBase}:dataset-group/${name}`;
  return {
    deployment,
    galleryGroup,
    arnBase,
    group,
    isGallery: group === galleryGroup,
    datasetGroupArn: groupArn(group),
    bucket: deployment.output('BucketName'),
    passable: {
      roles: readList(deployment.output('RolesForFiles')),
      keys: readList(deployment.output('KeysForFiles')),
    },
    arn: (kind, name) => `${arnBase}:${kind}/${galleryGroup}-${name}`,
    groupArn,
    datasetArn: (type) => `${arnBase}:dataset/${group}/${type}`,
  };
}
