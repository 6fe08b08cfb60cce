// What the app's roles were granted, statement by statement, and the taking away of one statement.
import type { AwsEndpoint } from '@emotion-gallery/aws-local';
import { type Denial, useKey } from '../../../../packages/aws-local/src/iam/decisions';
import { parsePolicy, type Statement } from '../../../../packages/aws-local/src/iam/policy';

export interface Grant {
  readonly role: string;
  readonly roleArn: string;
  readonly policy: string;
  /** Index in the policy. */
  readonly index: number;
  readonly statement: Statement;
}

interface Resource {
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string;
  readonly ResourceType: string;
}

export interface AppRole {
  /** Of the template, without the hash. */
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly functions: readonly string[];
}

export class Grants {
  constructor(private readonly endpoint: AwsEndpoint) {}

  /** The roles of all stacks. */
  async roles(): Promise<AppRole[]> {
    const { Stacks } = await this.endpoint.call('cloudformation', 'DescribeStacks', {});
    const { Functions } = await this.endpoint.call('lambda', 'ListFunctions', {});
    const roles: AppRole[] = [];
    for (const { StackName } of Stacks as { StackName: string }[]) {
      const { StackResources } = await this.endpoint.call('cloudformation', 'DescribeStackResources', {
        StackName,
      });
      for (const { LogicalResourceId, PhysicalResourceId, ResourceType } of StackResources as Resource[]) {
        if (ResourceType !== 'AWS::IAM::Role') continue;
        const { Role } = await this.endpoint.call('iam', 'GetRole', { RoleName: PhysicalResourceId });
        const { Arn } = Role as { Arn: string };
        const functions = (Functions as { FunctionName: string; Role: string }[])
          .filter((candidate) => candidate.Role === Arn)
          .map(({ FunctionName }) => FunctionName);
        const logicalId = LogicalResourceId.replace(/[0-9A-F]{8}$/, '');
        roles.push({ logicalId, name: PhysicalResourceId, arn: Arn, functions });
      }
    }
    return roles;
  }

  async of({ name, arn }: AppRole): Promise<Grant[]> {
    const { PolicyNames } = await this.endpoint.call('iam', 'ListRolePolicies', { RoleName: name });
    const grants: Grant[] = [];
    for (const policy of PolicyNames as string[]) {
      const statements = parsePolicy(await this.document(name, policy)).statements;
      grants.push(
        ...statements.map((statement, index) => ({ role: name, roleArn: arn, policy, index, statement })),
      );
    }
    return grants;
  }

  /** Takes statements of one role's policy away while `action` runs. */
  async without(grants: readonly Grant[], action: () => Promise<void>): Promise<void> {
    const [first] = grants;
    if (!first) throw new Error('no statement was named');
    const { role, policy } = first;
    const whole = await this.document(role, policy);
    const { Version, Statement } = JSON.parse(whole) as { Version: string; Statement: unknown[] };
    const rest = Statement.filter((_, index) => !grants.some((grant) => grant.index === index));
    const names = { RoleName: role, PolicyName: policy };
    if (rest.length === 0) await this.endpoint.call('iam', 'DeleteRolePolicy', names);
    else await this.put(role, policy, JSON.stringify({ Version, Statement: rest }));
    try {
      await action();
    } finally {
      await this.put(role, policy, whole);
    }
  }

  isUsed({ roleArn, policy, index }: Grant, action: string): boolean {
    return this.endpoint.permissions().uses[useKey(roleArn, policy, index, action)] !== undefined;
  }

  /** How often each call was denied to the role, up to now, by action. */
  denials(roleArn: string): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { role, action, count } of Object.values(this.endpoint.permissions().denials) as Denial[]) {
      if (role === roleArn) counts.set(action, (counts.get(action) ?? 0) + count);
    }
    return counts;
  }

  private async document(RoleName: string, PolicyName: string): Promise<string> {
    const { PolicyDocument } = await this.endpoint.call('iam', 'GetRolePolicy', { RoleName, PolicyName });
    const text = String(PolicyDocument);
    return text.startsWith('%7B') ? decodeURIComponent(text) : text;
  }

  private async put(RoleName: string, PolicyName: string, PolicyDocument: string): Promise<void> {
    await this.endpoint.call('iam', 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument });
  }
}

/** The actions that were denied more often than before. */
export function newDenials(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): string[] {
  return [...after].filter(([action, count]) => count > (before.get(action) ?? 0)).map(([action]) => action);
}
