// The roles, keys and dataset group that a file may name. Whoever can upload a file would otherwise choose with which role Amazon
// Personalize works, so the deployment's settings list them, and its own role may pass no others.
import type { Problem } from '@emotion-gallery/personalize-rules/recipes';
import type { Configuration } from './configuration';

export interface Passable {
  /** ARNs; the deployment's own role for Amazon Personalize is always among them. */
  readonly roles: readonly string[];
  /** ARNs of KMS keys that the deployment's own role may use. */
  readonly keys: readonly string[];
  /** The name of the gallery's own dataset group: its stacks make it, and a file that adds to it names none. */
  readonly galleryGroup: string;
}

const NONE = 'none';

/** As an environment variable or an output, which are never empty. */
export const listText = (arns: readonly string[]): string => arns.join(',') || NONE;
export const readList = (text: string): readonly string[] => (text === NONE ? [] : text.split(','));

export function passProblems(config: Configuration, { roles, keys, galleryGroup }: Passable): Problem[] {
  const { name, roleArn, kmsKeyArn } = config.datasetGroup?.serviceConfig ?? {};
  const problem = (member: string, message: string): Problem => ({
    path: ['datasetGroup', 'serviceConfig', member],
    message,
  });
  const [own] = roles;
  return [
    ...(name === galleryGroup
      ? [
          problem(
            'name',
            `${name} is the gallery's own dataset group, which its stacks make with its datasets: leave datasetGroup and datasets out to add to it, or choose another name`,
          ),
        ]
      : []),
    ...(roleArn === undefined || roles.includes(roleArn)
      ? []
      : [
          problem(
            'roleArn',
            `this deployment may not pass ${roleArn}: leave roleArn out (then it is ${own}), or add the role to the setting rolesForFiles, deploy, and upload the file again`,
          ),
        ]),
    ...(kmsKeyArn === undefined || keys.includes(kmsKeyArn)
      ? []
      : [
          problem(
            'kmsKeyArn',
            `this deployment may not use the key ${kmsKeyArn}: it may use ${keys.join(', ') || NONE}. Add the key to the setting keysForFiles, deploy, and upload the file again`,
          ),
        ]),
  ];
}
