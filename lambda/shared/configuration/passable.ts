// The roles and keys that a file may name. Whoever can upload a file would otherwise choose with which role Amazon Personalize works,
// so the deployment's settings list them, and its own role may pass no others.
import type { Problem } from '@emotion-gallery/personalize-rules/recipes';
import type { Configuration } from './configuration';

export interface Passable {
  /** ARNs; the deployment's own role for Amazon Personalize is always among them. */
  readonly roles: readonly string[];
  /** ARNs of KMS keys that the deployment's own role may use. */
  readonly keys: readonly string[];
}

const NONE = 'none';

/** As an environment variable or an output, which are never empty. */
export const listText = (arns: readonly string[]): string => arns.join(',') || NONE;
export const readList = (text: string): readonly string[] => (text === NONE ? [] : text.split(','));

export function passProblems(config: Configuration, { roles, keys }: Passable): Problem[] {
  const { roleArn, kmsKeyArn } = config.datasetGroup?.serviceConfig ?? {};
  const problem = (member: string, message: string): Problem => ({
    path: ['datasetGroup', 'serviceConfig', member],
    message,
  });
  const [own] = roles;
  return [
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
