// The deployment that a command works on, and the dataset group in it, with the names and ARNs that the stacks and the controller
// derive from each other.
import { DescribeDatasetGroupCommand } from '@aws-sdk/client-personalize';
import { isGone, isGroupName } from '../lambda/controller/group-row';
import { readGroups } from '../lambda/controller/rows';
import { type Passable, readList } from '../lambda/shared/configuration/passable';
import { unlessGone } from '../lambda/shared/personalize/life-cycle';
import type { Clients } from './clients';
import { type Options, UserError, type Values } from './command';
import { DEFAULT_PREFIX, DEPLOYMENT_OPTIONS, type Deployment, readDeployment } from './deployment';
import { isGroup } from './group-rows';

/** Of commands that work on one dataset group. */
export const GROUP_OPTIONS = {
  ...DEPLOYMENT_OPTIONS,
  'dataset-group': {
    type: 'string',
    value: 'G',
    description: "a dataset group, for example of a configuration file (default the gallery's)",
  },
} as const satisfies Options;

/** Of commands that tell of all dataset groups, or of one. */
export const GROUPS_OPTIONS = {
  ...GROUP_OPTIONS,
  'dataset-group': {
    ...GROUP_OPTIONS['dataset-group'],
    description: 'this dataset group alone (default all)',
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

export type TargetClients = Pick<Clients, 'cloudFormation' | 'dynamodb' | 'personalize'>;

/** @throws UserError when there is no such deployment, or no such dataset group and no file that asks for one */
export async function readTarget(clients: TargetClients, values: Values): Promise<Target> {
  const prefix = String(values['stack-prefix'] ?? DEFAULT_PREFIX);
  const deployment = await readDeployment(clients.cloudFormation, prefix);
  const galleryArn = deployment.output('DatasetGroupArn');
  const galleryGroup = galleryArn.slice(galleryArn.indexOf('/') + 1);
  const arnBase = galleryArn.slice(0, galleryArn.lastIndexOf(':'));
  const group = String(values['dataset-group'] ?? galleryGroup);
  const groupArn = (name: string) => `${arnBase}:dataset-group/${name}`;
  const target: Target = {
    deployment,
    galleryGroup,
    arnBase,
    group,
    isGallery: group === galleryGroup,
    datasetGroupArn: groupArn(group),
    bucket: deployment.output('BucketName'),
    passable: {
      galleryGroup,
      // A deployment of an earlier version lists none.
      roles: readList(deployment.find('RolesForFiles') ?? deployment.output('PersonalizeRoleArn')),
      keys: readList(deployment.find('KeysForFiles') ?? 'none'),
    },
    arn: (kind, name) => `${arnBase}:${kind}/${galleryGroup}-${name}`,
    groupArn,
    datasetArn: (type) => `${arnBase}:dataset/${group}/${type}`,
  };
  if (!target.isGallery) await requireGroup(clients, target);
  return target;
}

async function requireGroup({ personalize, dynamodb }: TargetClients, target: Target): Promise<void> {
  const { group, datasetGroupArn, galleryGroup, deployment } = target;
  const described = isGroupName(group)
    ? await unlessGone(personalize.send(new DescribeDatasetGroupCommand({ datasetGroupArn })))
    : undefined;
  if (described) return;
  const rows = await readGroups({ dynamodb, table: deployment.output('RunsTableName') });
  const names = rows
    .filter((row) => isGroup(row) && !isGone(row))
    .map(({ datasetGroup }) => datasetGroup.name);
  // One that a file asks for, and that is not made yet.
  if (rows.some(({ datasetGroup, sources }) => datasetGroup.name === group && sources.length > 0)) return;
  const known = [...new Set([galleryGroup, ...names])].join(', ');
  throw new UserError(`there is no dataset group ${group}, and no file asks for one; there are: ${known}`);
}
