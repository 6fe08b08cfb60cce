// The evaluation logic within one account: an explicit deny wins, then an allow by identity or resource policy, else denied.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
import type { Principal } from '../service';
import { conditionsHold } from './conditions';
import { type Context, matchesWildcard, substituteVariables } from './match';
import type { PolicyDocument, PrincipalBlock, Statement } from './policy';

/** A policy with the name under which decisions are reported. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** The statement that decided, and which of its patterns matched. */
export interface StatementMatch {
  readonly policy: string;
  readonly statement: number;
  readonly sid?: string;
  readonly actionPattern: string;
  readonly resourcePattern: string;
}

export interface Question {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

export type Decision =
  | { readonly allowed: true; readonly by: readonly StatementMatch[] }
  | {
      readonly allowed: false;
      readonly reason: 'explicit-identity' | 'explicit-resource' | 'implicit';
      readonly by?: StatementMatch;
    };

function matchingAction(statement: Statement, action: string): string | undefined {
  if (statement.actions) return statement.actions.find((pattern) => matchesWildcard(pattern, action, true));
  const excluded = statement.notActions?.some((pattern) => matchesWildcard(pattern, action, true));
  return excluded ? undefined : 'NotAction';
}

function matchingResource(statement: Statement, resource: string, context: Context): string | undefined {
  const covers = (pattern: string) => {
    const concrete = substituteVariables(pattern, context);
    return concrete !== undefined && (concrete === resource || matchesWildcard(concrete, resource));
  };
  if (statement.resources) return statement.resources.find(covers);
  if (statement.notResources) return statement.notResources.some(covers) ? undefined : 'NotResource';
  // Trust policies have no resource: the role itself is meant.
  return '*';
}

/** Tells whether a principal block names the principal: by ARN, role, account, service, or everybody. */
export function namesPrincipal(block: PrincipalBlock, principal: Principal): boolean {
  return Object.entries(block).some(([kind, patterns]) =>
    patterns.some((pattern) => {
      if (pattern === '*') return kind === 'AWS' || kind === '*';
      if (kind === 'Service') return principal.kind === 'service' && principal.arn === pattern;
      if (kind !== 'AWS' || principal.kind === 'service' || principal.kind === 'anonymous') return false;
      const account = `arn:aws:iam::${principal.accountId}:root`;
      return [principal.arn, principal.roleArn, principal.accountId, account].includes(pattern);
    }),
  );
}

function matchStatement(policy: NamedPolicy, index: number, question: Question): StatementMatch | undefined {
  const statement = policy.document.statements[index];
  if (!statement) return undefined;
  const actionPattern = matchingAction(statement, question.action);
  if (actionPattern === undefined) return undefined;
  const resourcePattern = matchingResource(statement, question.resource, question.context);
  if (resourcePattern === undefined) return undefined;
  if (statement.principals && !namesPrincipal(statement.principals, question.principal)) return undefined;
  if (statement.notPrincipals && namesPrincipal(statement.notPrincipals, question.principal))
    return undefined;
  if (!conditionsHold(statement.conditions, question.context)) return undefined;
  return { policy: policy.name, statement: index, sid: statement.sid, actionPattern, resourcePattern };
}

function findMatches(
  policies: readonly NamedPolicy[],
  effect: Statement['effect'],
  question: Question,
): StatementMatch[] {
  return policies.flatMap((policy) =>
    policy.document.statements.flatMap((statement, index) => {
      if (statement.effect !== effect) return [];
      const match = matchStatement(policy, index, question);
      return match ? [match] : [];
    }),
  );
}

/**
 * True when an allow of the account as a whole (`arn:aws:iam::<account>:root`) still needs the identity's own policy: trust and
 * resource policies that name the account delegate to IAM, others grant directly.
 */
function delegatesToIdentity(policy: NamedPolicy, match: StatementMatch, principal: Principal): boolean {
  const names = policy.document.statements[match.statement]?.principals?.AWS ?? [];
  const direct = [principal.arn, principal.roleArn, '*'];
  return (
    principal.kind !== 'service' &&
    principal.kind !== 'anonymous' &&
    names.length > 0 &&
    !names.some((name) => direct.includes(name))
  );
}

/** Decides a question from the identity's policies and, if there is one, the resource's policy. */
export function evaluate(
  question: Question,
  identity: readonly NamedPolicy[],
  resource?: NamedPolicy,
): Decision {
  const resourcePolicies = resource ? [resource] : [];
  const [deniedByIdentity] = findMatches(identity, 'Deny', question);
  if (deniedByIdentity) return { allowed: false, reason: 'explicit-identity', by: deniedByIdentity };
  const [deniedByResource] = findMatches(resourcePolicies, 'Deny', question);
  if (deniedByResource) return { allowed: false, reason: 'explicit-resource', by: deniedByResource };

  const byIdentity = findMatches(identity, 'Allow', question);
  const byResource = resource
    ? findMatches(resourcePolicies, 'Allow', question).filter(
        (match) => !delegatesToIdentity(resource, match, question.principal),
      )
    : [];
  const by = [...byIdentity, ...byResource];
  return by.length > 0 ? { allowed: true, by } : { allowed: false, reason: 'implicit' };
}

/** The account's root user may do everything that no resource policy denies. */
export function rootDecision(question: Question, resource?: NamedPolicy): Decision {
  const [denied] = findMatches(resource ? [resource] : [], 'Deny', question);
  return denied ? { allowed: false, reason: 'explicit-resource', by: denied } : { allowed: true, by: [] };
}
