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

function matchingResource(statement: Statement, question: Question): string | undefined {
  const { resource } = question;
  const covers = (pattern: string) => {
    const concrete = pattern.includes('${') ? substituteVariables(pattern, question.context) : pattern;
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

/** A statement that is about an action, as far as the action alone decides. */
interface Candidate {
  readonly statement: Statement;
  readonly index: number;
  readonly actionPattern: string;
  readonly isConditional: boolean;
}

const MAX_ACTIONS = 500;
const candidates = new WeakMap<PolicyDocument, Map<string, readonly Candidate[]>>();

/** A document's statements about an action, found once: most statements of a policy are about other actions. */
function candidatesFor(document: PolicyDocument, action: string): readonly Candidate[] {
  let byAction = candidates.get(document);
  if (!byAction || byAction.size >= MAX_ACTIONS) {
    byAction = new Map();
    candidates.set(document, byAction);
  }
  let found = byAction.get(action);
  if (!found) {
    found = document.statements.flatMap((statement, index) => {
      const actionPattern = matchingAction(statement, action);
      const isConditional = Object.keys(statement.conditions).length > 0;
      return actionPattern === undefined ? [] : [{ statement, index, actionPattern, isConditional }];
    });
    byAction.set(action, found);
  }
  return found;
}

function matchCandidate(
  policy: NamedPolicy,
  { statement, index, actionPattern, isConditional }: Candidate,
  question: Question,
): StatementMatch | undefined {
  const resourcePattern = matchingResource(statement, question);
  if (resourcePattern === undefined) return undefined;
  if (statement.principals && !namesPrincipal(statement.principals, question.principal)) return undefined;
  if (statement.notPrincipals && namesPrincipal(statement.notPrincipals, question.principal))
    return undefined;
  if (isConditional && !conditionsHold(statement.conditions, question.context)) return undefined;
  return { policy: policy.name, statement: index, sid: statement.sid, actionPattern, resourcePattern };
}

function findMatches(
  policies: readonly NamedPolicy[],
  effect: Statement['effect'],
  question: Question,
): StatementMatch[] {
  const matches: StatementMatch[] = [];
  for (const policy of policies) {
    for (const candidate of candidatesFor(policy.document, question.action)) {
      if (candidate.statement.effect !== effect) continue;
      const match = matchCandidate(policy, candidate, question);
      if (match) matches.push(match);
    }
  }
  return matches;
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
