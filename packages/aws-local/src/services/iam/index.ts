// AWS IAM: roles and customer managed policies, as CloudFormation and the command line make and read them.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { IamDirectory, PolicyRecord, RoleRecord } from '../../iam/directory';
import { checkDocument, checkInlineSize } from '../../iam/document-checks';
import { parsePolicy } from '../../iam/policy';
import { AwsError, type AwsService, type ServiceContext } from '../../service';
import { type Caller, type Operations, operation, TAG_LIST } from '../shared/operations';
import { queryList, queryService } from '../shared/query-protocol';
import { tagList, tagMap, withoutKeys } from '../shared/tags';

const NAMESPACE = 'https://iam.amazonaws.com/doc/2010-05-08/';

const ROLE_NAME = z.string().regex(/^[\w+=,.@-]{1,64}$/);
const POLICY_NAME = z.string().regex(/^[\w+=,.@-]{1,128}$/);
const PATH = z
  .string()
  .regex(/^\/([\x21-\x7e]*\/)?$/)
  .default('/');
const DOCUMENT = z.string().min(1);

const CREATE_ROLE = z.object({
  RoleName: ROLE_NAME,
  Path: PATH,
  AssumeRolePolicyDocument: DOCUMENT,
  Description: z.string().max(1000).optional(),
  MaxSessionDuration: z.coerce.number().min(3600).max(43_200).default(3600),
  Tags: queryList(TAG_LIST.default([])),
});
const ROLE = z.object({ RoleName: ROLE_NAME });
const ROLE_POLICY = z.object({ RoleName: ROLE_NAME, PolicyName: POLICY_NAME });
const ATTACHMENT = z.object({ RoleName: ROLE_NAME, PolicyArn: z.string().min(20) });
const CREATE_POLICY = z.object({
  PolicyName: POLICY_NAME,
  Path: PATH,
  PolicyDocument: DOCUMENT,
  Description: z.string().max(1000).optional(),
});

const newId = (prefix: string) => prefix + randomBytes(9).toString('hex').slice(0, 17).toUpperCase();

function describeRole(role: RoleRecord) {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    // IAM answers documents percent-encoded (RFC 3986).
    AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
    Tags: role.tags.length > 0 ? role.tags : undefined,
  };
}

function describePolicy(policy: PolicyRecord) {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: 'v1',
    IsAttachable: true,
    Description: policy.description,
    CreateDate: new Date(policy.createdAt),
  };
}

/** A role that CloudFormation deletes must be bare, as on AWS. */
function requireBare(role: RoleRecord): void {
  if (Object.keys(role.inlinePolicies).length > 0) {
    throw new AwsError('DeleteConflict', 'Cannot delete entity, must delete policies first.', 409);
  }
  if (role.attachedPolicies.length > 0) {
    throw new AwsError('DeleteConflict', 'Cannot delete entity, must detach all policies first.', 409);
  }
}

function roleOperations(context: ServiceContext, directory: IamDirectory, allow: Allow): Operations {
  /** Besides its form: the account's roles that it names are there. @throws MalformedPolicyDocument */
  const checkTrustPolicy = (text: string) => {
    checkDocument(text, 'trust');
    const own = `arn:aws:iam::${context.accountId}:role/`;
    const unknown = parsePolicy(text)
      .statements.flatMap(({ principals }) => principals?.AWS ?? [])
      .find((arn) => arn.startsWith(own) && !directory.findRoleByArn(arn));
    if (unknown === undefined) return;
    throw new AwsError('MalformedPolicyDocument', `Invalid principal in policy: "AWS":"${unknown}"`);
  };
  const change = (name: string, edit: (role: RoleRecord) => Partial<RoleRecord>) => {
    const role = directory.role(name);
    if (directory.isBuiltIn(name)) {
      throw new AwsError('UnmodifiableEntity', `The role ${name} belongs to the account's bootstrap.`, 400);
    }
    directory.putRole({ ...role, ...edit(role) });
  };
  return {
    CreateRole: operation(CREATE_ROLE, (input, caller) => {
      const arn = `arn:aws:iam::${context.accountId}:role${input.Path}${input.RoleName}`;
      allow('CreateRole', arn, caller);
      checkTrustPolicy(input.AssumeRolePolicyDocument);
      if (directory.findRole(input.RoleName)) {
        throw new AwsError('EntityAlreadyExists', `Role with name ${input.RoleName} already exists.`, 409);
      }
      const role: RoleRecord = {
        name: input.RoleName,
        path: input.Path,
        arn,
        id: newId('AROA'),
        createdAt: context.clock.now(),
        description: input.Description,
        maxSessionSeconds: input.MaxSessionDuration,
        trustPolicy: input.AssumeRolePolicyDocument,
        inlinePolicies: {},
        attachedPolicies: [],
        tags: input.Tags,
      };
      directory.putRole(role);
      return { Role: describeRole(role) };
    }),
    GetRole: operation(ROLE, ({ RoleName }, caller) => {
      const role = directory.role(RoleName);
      allow('GetRole', role.arn, caller);
      return { Role: describeRole(role) };
    }),
    ListRoles: operation(z.object({}), (_input, caller) => {
      allow('ListRoles', '*', caller);
      return { Roles: directory.listRoles().map(describeRole), IsTruncated: false };
    }),
    UpdateRole: operation(
      ROLE.extend({ Description: z.string().optional(), MaxSessionDuration: z.coerce.number().optional() }),
      (input, caller) => {
        allow('UpdateRole', directory.role(input.RoleName).arn, caller);
        change(input.RoleName, (role) => ({
          description: input.Description,
          maxSessionSeconds: input.MaxSessionDuration ?? role.maxSessionSeconds,
        }));
      },
    ),
    UpdateAssumeRolePolicy: operation(ROLE.extend({ PolicyDocument: DOCUMENT }), (input, caller) => {
      allow('UpdateAssumeRolePolicy', directory.role(input.RoleName).arn, caller);
      checkTrustPolicy(input.PolicyDocument);
      change(input.RoleName, () => ({ trustPolicy: input.PolicyDocument }));
    }),
    TagRole: operation(ROLE.extend({ Tags: queryList(TAG_LIST) }), (input, caller) => {
      allow('TagRole', directory.role(input.RoleName).arn, caller);
      change(input.RoleName, ({ tags }) => ({
        tags: tagList({ ...tagMap(tags), ...tagMap(input.Tags) }),
      }));
    }),
    UntagRole: operation(ROLE.extend({ TagKeys: queryList(z.array(z.string())) }), (input, caller) => {
      allow('UntagRole', directory.role(input.RoleName).arn, caller);
      change(input.RoleName, ({ tags }) => ({ tags: tagList(withoutKeys(tagMap(tags), input.TagKeys)) }));
    }),
    ListRoleTags: operation(ROLE, ({ RoleName }, caller) => {
      const role = directory.role(RoleName);
      allow('ListRoleTags', role.arn, caller);
      return { Tags: role.tags, IsTruncated: false };
    }),
    DeleteRole: operation(ROLE, ({ RoleName }, caller) => {
      const role = directory.role(RoleName);
      allow('DeleteRole', role.arn, caller);
      change(RoleName, () => ({}));
      requireBare(role);
      directory.deleteRole(RoleName);
    }),
    PutRolePolicy: operation(ROLE_POLICY.extend({ PolicyDocument: DOCUMENT }), (input, caller) => {
      allow('PutRolePolicy', directory.role(input.RoleName).arn, caller);
      checkDocument(input.PolicyDocument, 'inline');
      change(input.RoleName, (role) => {
        const inlinePolicies = { ...role.inlinePolicies, [input.PolicyName]: input.PolicyDocument };
        checkInlineSize(role.name, Object.values(inlinePolicies));
        return { inlinePolicies };
      });
    }),
    GetRolePolicy: operation(ROLE_POLICY, (input, caller) => {
      const role = directory.role(input.RoleName);
      allow('GetRolePolicy', role.arn, caller);
      const document = role.inlinePolicies[input.PolicyName];
      if (document === undefined) {
        throw new AwsError(
          'NoSuchEntity',
          `The role policy with name ${input.PolicyName} cannot be found.`,
          404,
        );
      }
      return {
        RoleName: role.name,
        PolicyName: input.PolicyName,
        PolicyDocument: encodeURIComponent(document),
      };
    }),
    ListRolePolicies: operation(ROLE, ({ RoleName }, caller) => {
      const role = directory.role(RoleName);
      allow('ListRolePolicies', role.arn, caller);
      return { PolicyNames: Object.keys(role.inlinePolicies), IsTruncated: false };
    }),
    DeleteRolePolicy: operation(ROLE_POLICY, (input, caller) => {
      allow('DeleteRolePolicy', directory.role(input.RoleName).arn, caller);
      change(input.RoleName, ({ inlinePolicies }) => {
        const { [input.PolicyName]: removed, ...rest } = inlinePolicies;
        if (removed === undefined) {
          throw new AwsError(
            'NoSuchEntity',
            `The role policy with name ${input.PolicyName} cannot be found.`,
            404,
          );
        }
        return { inlinePolicies: rest };
      });
    }),
    AttachRolePolicy: operation(ATTACHMENT, (input, caller) => {
      allow('AttachRolePolicy', directory.role(input.RoleName).arn, caller);
      if (!directory.hasPolicy(input.PolicyArn)) directory.policy(input.PolicyArn);
      change(input.RoleName, ({ attachedPolicies }) => ({
        attachedPolicies: [...new Set([...attachedPolicies, input.PolicyArn])],
      }));
    }),
    DetachRolePolicy: operation(ATTACHMENT, (input, caller) => {
      allow('DetachRolePolicy', directory.role(input.RoleName).arn, caller);
      change(input.RoleName, ({ attachedPolicies }) => ({
        attachedPolicies: attachedPolicies.filter((arn) => arn !== input.PolicyArn),
      }));
    }),
    ListAttachedRolePolicies: operation(ROLE, ({ RoleName }, caller) => {
      const role = directory.role(RoleName);
      allow('ListAttachedRolePolicies', role.arn, caller);
      const attached = role.attachedPolicies.map((arn) => ({
        PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
        PolicyArn: arn,
      }));
      return { AttachedPolicies: attached, IsTruncated: false };
    }),
  };
}

function policyOperations(context: ServiceContext, directory: IamDirectory, allow: Allow): Operations {
  const named = z.object({ PolicyArn: z.string().min(20) });
  return {
    CreatePolicy: operation(CREATE_POLICY, (input, caller) => {
      const arn = `arn:aws:iam::${context.accountId}:policy${input.Path}${input.PolicyName}`;
      allow('CreatePolicy', arn, caller);
      checkDocument(input.PolicyDocument, 'managed');
      if (directory.hasPolicy(arn)) {
        throw new AwsError('EntityAlreadyExists', `A policy called ${input.PolicyName} already exists.`, 409);
      }
      const policy: PolicyRecord = {
        arn,
        name: input.PolicyName,
        path: input.Path,
        id: newId('ANPA'),
        createdAt: context.clock.now(),
        description: input.Description,
        document: input.PolicyDocument,
      };
      directory.putPolicy(policy);
      return { Policy: describePolicy(policy) };
    }),
    CreatePolicyVersion: operation(
      named.extend({
        PolicyDocument: DOCUMENT,
        SetAsDefault: z
          .union([z.literal(true), z.literal('true')], 'older versions are not kept on localhost')
          .optional(),
      }),
      (input, caller) => {
        allow('CreatePolicyVersion', input.PolicyArn, caller);
        checkDocument(input.PolicyDocument, 'managed');
        directory.putPolicy({ ...directory.policy(input.PolicyArn), document: input.PolicyDocument });
        return { PolicyVersion: { VersionId: 'v1', IsDefaultVersion: true } };
      },
    ),
    GetPolicy: operation(named, ({ PolicyArn }, caller) => {
      allow('GetPolicy', PolicyArn, caller);
      return { Policy: describePolicy(directory.policy(PolicyArn)) };
    }),
    ListPolicies: operation(z.object({}), (_input, caller) => {
      allow('ListPolicies', '*', caller);
      return { Policies: directory.listPolicies().map(describePolicy), IsTruncated: false };
    }),
    DeletePolicy: operation(named, ({ PolicyArn }, caller) => {
      allow('DeletePolicy', PolicyArn, caller);
      if (directory.listRoles().some(({ attachedPolicies }) => attachedPolicies.includes(PolicyArn))) {
        throw new AwsError('DeleteConflict', 'Cannot delete a policy attached to entities.', 409);
      }
      directory.deletePolicy(PolicyArn);
    }),
  };
}

type Allow = (action: string, resource: string, caller: Caller) => void;

export function createIam(context: ServiceContext, directory: IamDirectory): AwsService {
  const allow: Allow = (action, resource, { principal, conditions }) =>
    context.authorize({ principal, action: `iam:${action}`, resource, context: conditions });
  return queryService({
    id: 'iam',
    namespace: NAMESPACE,
    invalidInput: 'ValidationError',
    operations: {
      ...roleOperations(context, directory, allow),
      ...policyOperations(context, directory, allow),
    },
  });
}
