// AWS::IAM::Role, AWS::IAM::Policy and AWS::IAM::ManagedPolicy.

import {
  answered,
  byName,
  documentText,
  ignoreMissing,
  optionalString,
  type Properties,
  type ProviderContext,
  type ProvisionedResource,
  pick,
  type ResourceProvider,
  requiredString,
  reset,
  unlessMissing,
} from '../../cloudformation/provider';
import type { Shape } from '../../service';

interface InlinePolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: unknown;
}

const inlinePolicies = (properties: Properties) => (properties.Policies ?? []) as readonly InlinePolicy[];
const names = (value: unknown) => (value ?? []) as readonly string[];

async function applyPolicies(
  role: string,
  properties: Properties,
  previous: Properties,
  context: ProviderContext,
): Promise<void> {
  for (const { PolicyName, PolicyDocument } of inlinePolicies(properties)) {
    const document = documentText(PolicyDocument);
    await context.call('iam', 'PutRolePolicy', { RoleName: role, PolicyName, PolicyDocument: document });
  }
  for (const { PolicyName } of inlinePolicies(previous)) {
    if (inlinePolicies(properties).some((policy) => policy.PolicyName === PolicyName)) continue;
    await ignoreMissing(context.call('iam', 'DeleteRolePolicy', { RoleName: role, PolicyName }));
  }
  for (const PolicyArn of names(properties.ManagedPolicyArns)) {
    await context.call('iam', 'AttachRolePolicy', { RoleName: role, PolicyArn });
  }
  for (const PolicyArn of names(previous.ManagedPolicyArns)) {
    if (names(properties.ManagedPolicyArns).includes(PolicyArn)) continue;
    await ignoreMissing(context.call('iam', 'DetachRolePolicy', { RoleName: role, PolicyArn }));
  }
}

function roleValues(role: Shape): ProvisionedResource {
  return {
    physicalId: answered(role, 'RoleName'),
    attributes: { Arn: answered(role, 'Arn'), RoleId: answered(role, 'RoleId') },
  };
}

export const role: ResourceProvider = {
  properties: [
    'RoleName',
    'Path',
    'AssumeRolePolicyDocument',
    'Description',
    'MaxSessionDuration',
    'Policies',
    'ManagedPolicyArns',
  ],
  tags: {
    service: 'iam',
    put: 'TagRole',
    remove: 'UntagRole',
    of: ({ physicalId }) => ({ RoleName: physicalId }),
  },
  async create(properties, context) {
    const RoleName = optionalString(properties, 'RoleName') ?? context.generateName(64);
    const { Role } = await context.call('iam', 'CreateRole', {
      ...pick(properties, 'Path', 'Description', 'MaxSessionDuration'),
      RoleName,
      AssumeRolePolicyDocument: documentText(properties.AssumeRolePolicyDocument),
    });
    await applyPolicies(RoleName, properties, {}, context);
    return roleValues(Role as Shape);
  },
  async update(RoleName, properties, previous, context) {
    const PolicyDocument = documentText(properties.AssumeRolePolicyDocument);
    await context.call('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument });
    await context.call('iam', 'UpdateRole', {
      RoleName,
      ...reset(properties, previous, { Description: '', MaxSessionDuration: 3600 }),
      ...pick(properties, 'Description', 'MaxSessionDuration'),
    });
    await applyPolicies(RoleName, properties, previous, context);
    const { Role } = await context.call('iam', 'GetRole', { RoleName });
    return roleValues(Role as Shape);
  },
  lookUp: byName('RoleName', 64, (RoleName, context) => context.call('iam', 'GetRole', { RoleName })),
  delete: (RoleName, properties, context) =>
    ignoreMissing(
      applyPolicies(RoleName, {}, properties, context).then(() =>
        context.call('iam', 'DeleteRole', { RoleName }),
      ),
    ),
};

const ROLES_ONLY = 'only policies of roles are supported on localhost';

async function putOnRoles(properties: Properties, context: ProviderContext): Promise<void> {
  const PolicyName = requiredString(properties, 'PolicyName');
  const PolicyDocument = documentText(properties.PolicyDocument);
  if (names(properties.Roles).length === 0) throw new Error(ROLES_ONLY);
  for (const RoleName of names(properties.Roles)) {
    await context.call('iam', 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument });
  }
}

async function removeFromRoles(
  roles: readonly string[],
  PolicyName: string,
  context: ProviderContext,
): Promise<void> {
  for (const RoleName of roles) {
    await ignoreMissing(context.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName }));
  }
}

export const policy: ResourceProvider = {
  properties: ['PolicyName', 'PolicyDocument', 'Roles'],
  async create(properties, context) {
    await putOnRoles(properties, context);
    const physicalId = context.generateName(128);
    return { physicalId, attributes: { Id: physicalId } };
  },
  async update(physicalId, properties, previous, context) {
    await putOnRoles(properties, context);
    const before = requiredString(previous, 'PolicyName');
    const renamed = before !== properties.PolicyName;
    const left = names(previous.Roles).filter((name) => renamed || !names(properties.Roles).includes(name));
    await removeFromRoles(left, before, context);
    return { physicalId, attributes: { Id: physicalId } };
  },
  recover: async (_properties, context) => context.generateName(128),
  delete: (_id, properties, context) =>
    removeFromRoles(names(properties.Roles), requiredString(properties, 'PolicyName'), context),
};

export const managedPolicy: ResourceProvider = {
  properties: ['ManagedPolicyName', 'Path', 'Description', 'PolicyDocument', 'Roles'],
  async create(properties, context) {
    const PolicyName = optionalString(properties, 'ManagedPolicyName') ?? context.generateName(128);
    const { Policy } = await context.call('iam', 'CreatePolicy', {
      ...pick(properties, 'Path', 'Description'),
      PolicyName,
      PolicyDocument: documentText(properties.PolicyDocument),
    });
    const PolicyArn = answered(Policy as Shape, 'Arn');
    for (const RoleName of names(properties.Roles)) {
      await context.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
    }
    return { physicalId: PolicyArn, attributes: { PolicyArn } };
  },
  async update(PolicyArn, properties, previous, context) {
    const PolicyDocument = documentText(properties.PolicyDocument);
    await context.call('iam', 'CreatePolicyVersion', { PolicyArn, PolicyDocument, SetAsDefault: true });
    for (const RoleName of names(properties.Roles)) {
      await context.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
    }
    for (const RoleName of names(previous.Roles)) {
      if (names(properties.Roles).includes(RoleName)) continue;
      await ignoreMissing(context.call('iam', 'DetachRolePolicy', { RoleName, PolicyArn }));
    }
    return { physicalId: PolicyArn, attributes: { PolicyArn } };
  },
  async lookUp(properties, context) {
    const name = optionalString(properties, 'ManagedPolicyName') ?? context.generateName(128);
    const path = optionalString(properties, 'Path') ?? '/';
    const PolicyArn = `arn:aws:iam::${context.accountId}:policy${path}${name}`;
    return (await unlessMissing(context.call('iam', 'GetPolicy', { PolicyArn }))) && PolicyArn;
  },
  async delete(PolicyArn, properties, context) {
    for (const RoleName of names(properties.Roles)) {
      await ignoreMissing(context.call('iam', 'DetachRolePolicy', { RoleName, PolicyArn }));
    }
    await ignoreMissing(context.call('iam', 'DeletePolicy', { PolicyArn }));
  },
};
