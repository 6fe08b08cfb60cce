// What each role of the app was granted and never used, and what it was denied.
import { type DecisionReport, type Denial, useKey } from '../iam/decisions';
import type { RoleRecord } from '../iam/directory';
import { managedPolicy } from '../iam/managed-policies';
import { parsePolicy } from '../iam/policy';

export interface UnusedGrant {
  readonly policy: string;
  readonly statement: number;
  readonly action: string;
  readonly resources: readonly string[];
}

export interface RoleReport {
  readonly role: string;
  readonly unused: readonly UnusedGrant[];
  readonly denials: readonly Denial[];
}

function unusedGrants(role: RoleRecord, { uses }: DecisionReport): UnusedGrant[] {
  const attached = role.attachedPolicies.map((arn) => [arn, managedPolicy(arn)] as const);
  const policies = [...Object.entries(role.inlinePolicies), ...attached.filter(([, document]) => document)];
  return policies.flatMap(([policy, document]) =>
    parsePolicy(document).statements.flatMap((statement, index) =>
      (statement.effect === 'Allow' ? (statement.actions ?? ['NotAction']) : [])
        .filter((action) => uses[useKey(role.arn, policy, index, action)] === undefined)
        .map((action) => ({ policy, statement: index, action, resources: statement.resources ?? ['*'] })),
    ),
  );
}

/** One entry for each role that has something to tell, by name. */
export function permissionsReport(roles: Iterable<RoleRecord>, decisions: DecisionReport): RoleReport[] {
  return [...roles]
    .map((role) => ({
      role: role.name,
      unused: unusedGrants(role, decisions),
      denials: Object.values(decisions.denials).filter((denial) => denial.role === role.arn),
    }))
    .filter(({ unused, denials }) => unused.length + denials.length > 0)
    .sort((a, b) => a.role.localeCompare(b.role));
}

export function printReport(reports: readonly RoleReport[]): string {
  if (reports.length === 0) return 'Every granted action was used, and nothing was denied.';
  return reports
    .map(({ role, unused, denials }) =>
      [
        role,
        ...unused.map(
          ({ policy, statement, action, resources }) =>
            `  never used  ${action} on ${resources.join(', ')} (${policy}, statement ${statement + 1})`,
        ),
        ...denials.map(
          ({ action, resource, count, reason }) => `  denied ${count}×  ${action} on ${resource} (${reason})`,
        ),
      ].join('\n'),
    )
    .join('\n\n');
}
