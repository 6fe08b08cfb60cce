// The account's roles and customer managed policies, kept on disk, and the policies that apply to each role.

import type { Store, StoredMap } from '@emotion-gallery/local-kit/store';
import { AwsError } from '../service';
import type { NamedPolicy } from './evaluate';
import { isAwsManaged, managedPolicy } from './managed-policies';
import { parsePolicy } from './policy';

/** The name of their map in the store. */
export const ROLES = 'iam/roles';

export interface RoleRecord {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly createdAt: number;
  readonly description?: string;
  readonly maxSessionSeconds: number;
  /** JSON texts, as they were given. */
  readonly trustPolicy: string;
  readonly inlinePolicies: Readonly<Record<string, string>>;
  readonly attachedPolicies: readonly string[];
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

export interface PolicyRecord {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly createdAt: number;
  readonly description?: string;
  readonly document: string;
}

/** Looks up and changes roles and policies; everything else about IAM is built on it. */
export class IamDirectory {
  private readonly roles: StoredMap<RoleRecord>;
  private readonly policies: StoredMap<PolicyRecord>;
  /** Roles that exist in every bootstrapped account; not on disk, not changeable. */
  private readonly builtIn = new Map<string, RoleRecord>();
  private readonly parsed = new Map<string, readonly NamedPolicy[]>();

  constructor(store: Store) {
    this.roles = store.map(ROLES);
    this.policies = store.map('iam/policies');
  }

  addBuiltIn(role: RoleRecord): void {
    this.builtIn.set(role.name, role);
  }

  isBuiltIn(name: string): boolean {
    return this.builtIn.has(name);
  }

  /** Throws NoSuchEntity. */
  role(name: string): RoleRecord {
    const role = this.findRole(name);
    if (!role) throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
    return role;
  }

  findRole(name: string): RoleRecord | undefined {
    return this.builtIn.get(name) ?? this.roles.get(name);
  }

  findRoleByArn(arn: string): RoleRecord | undefined {
    const role = this.findRole(arn.slice(arn.lastIndexOf('/') + 1));
    return role?.arn === arn ? role : undefined;
  }

  listRoles(): readonly RoleRecord[] {
    return [...this.builtIn.values(), ...this.roles.values()];
  }

  putRole(role: RoleRecord): void {
    if (this.builtIn.has(role.name)) {
      throw new AwsError('EntityAlreadyExists', `Role with name ${role.name} already exists.`, 409);
    }
    this.roles.put(role.name, role);
    this.parsed.delete(role.arn);
  }

  deleteRole(name: string): void {
    const role = this.role(name);
    this.roles.delete(name);
    this.parsed.delete(role.arn);
  }

  /** Throws NoSuchEntity. */
  policy(arn: string): PolicyRecord {
    const policy = this.policies.get(arn);
    if (!policy) {
      const reason = isAwsManaged(arn)
        ? `The AWS managed policy ${arn} is not known on localhost.`
        : `Policy ${arn} does not exist or is not attachable.`;
      throw new AwsError('NoSuchEntity', reason, 404);
    }
    return policy;
  }

  hasPolicy(arn: string): boolean {
    return this.policies.has(arn) || managedPolicy(arn) !== undefined;
  }

  listPolicies(): readonly PolicyRecord[] {
    return [...this.policies.values()];
  }

  putPolicy(policy: PolicyRecord): void {
    this.policies.put(policy.arn, policy);
    this.parsed.clear();
  }

  deletePolicy(arn: string): void {
    this.policy(arn);
    this.policies.delete(arn);
    this.parsed.clear();
  }

  /** All identity policies of a role, inline and attached. Empty for a role that does not exist (any more). */
  policiesOf(roleArn: string): readonly NamedPolicy[] {
    const known = this.parsed.get(roleArn);
    if (known) return known;
    const role = this.findRoleByArn(roleArn);
    if (!role) return [];
    const policies = [
      ...Object.entries(role.inlinePolicies).map(([name, document]) => ({
        name,
        document: parsePolicy(document),
      })),
      ...role.attachedPolicies.map((arn) => ({ name: arn, document: parsePolicy(this.documentOf(arn)) })),
    ];
    this.parsed.set(roleArn, policies);
    return policies;
  }

  private documentOf(arn: string): unknown {
    return managedPolicy(arn) ?? this.policy(arn).document;
  }
}
