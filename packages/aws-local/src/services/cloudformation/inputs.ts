// What requests to CloudFormation may contain.
import { z } from 'zod';
import { validationError } from '../../cloudformation/template';
import { TAG_LIST } from '../shared/operations';
import { queryList } from '../shared/query-protocol';

export const FLAG = z.union([z.boolean(), z.string()]).transform((value) => String(value) === 'true');
export const NAMES = queryList(z.array(z.string()).default([]));

const PARAMETERS = z.array(
  z.object({
    ParameterKey: z.string().optional(),
    ParameterValue: z.string().optional(),
    UsePreviousValue: z.union([z.boolean(), z.string()]).optional(),
  }),
);

export const STACK = z.object({ StackName: z.string().min(1) });
/** Of requests that begin an operation. */
export const TOKEN = { ClientRequestToken: z.string().optional() };

/** What would change the course of an operation, and is not carried out here. */
const NOT_SUPPORTED = [
  'DeploymentMode',
  'ImportExistingResources',
  'NotificationARNs',
  'OnFailure',
  'OnStackFailure',
  'ResourcesToImport',
  'RollbackConfiguration',
  'StackPolicyBody',
  'StackPolicyDuringUpdateBody',
  'StackPolicyDuringUpdateURL',
  'StackPolicyURL',
  'TimeoutInMinutes',
];

/** Checked by `checkSupported`: set to nothing they may be there. */
const NOT_SUPPORTED_MEMBERS = Object.fromEntries(NOT_SUPPORTED.map((name) => [name, z.unknown().optional()]));

export const SOURCE = STACK.extend({
  TemplateBody: z.string().optional(),
  TemplateURL: z.string().optional(),
  UsePreviousTemplate: FLAG.default(false),
  Parameters: queryList(PARAMETERS.default([])),
  Capabilities: NAMES,
  RoleARN: z.string().optional(),
  Tags: queryList(TAG_LIST.default([])),
  /** Tells a repeated request; each request here is carried out once. */
  ClientRequestToken: z.string().optional(),
  ClientToken: z.string().optional(),
  IncludeNestedStacks: FLAG.optional(),
  DeploymentConfig: z
    .object({
      Mode: z.literal('STANDARD', 'only the deployment mode STANDARD is supported on localhost').optional(),
      DisableRollback: FLAG.optional(),
    })
    .optional(),
  ...NOT_SUPPORTED_MEMBERS,
});

export type SourceInput = z.output<typeof SOURCE>;

export const DEPLOYMENT = SOURCE.extend({
  // A stack may also be named by its ARN, but not a new one.
  StackName: z.string().regex(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$|^arn:/),
  DisableRollback: FLAG.default(false),
});

/** Asked for in one of two places. */
export const leavesFailures = (input: {
  readonly DisableRollback?: boolean;
  readonly DeploymentConfig?: { readonly DisableRollback?: boolean };
}): boolean => input.DisableRollback === true || input.DeploymentConfig?.DisableRollback === true;

const isSet = (value: unknown): boolean => {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(isSet);
  return value !== undefined && value !== null && value !== '' && String(value) !== 'false';
};

/** Throws ValidationError: what is asked for must not be passed over in silence. */
export function checkSupported(input: SourceInput): void {
  const members: Readonly<Record<string, unknown>> = input;
  const asked = NOT_SUPPORTED.filter((name) => isSet(members[name]));
  if (asked.length > 0) throw validationError(`${asked.join(', ')} is not supported on localhost.`);
}
