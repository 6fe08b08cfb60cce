// IAM policy documents: their JSON form, and the normalised form that the evaluator works on.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
import { AwsError } from '../service';

export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Principals by kind, for example `{ Service: ['lambda.amazonaws.com'] }`; `{ AWS: ['*'] }` is everybody. */
export type PrincipalBlock = Readonly<Record<string, readonly string[]>>;

/** One statement; of each pair (actions, notActions, …) a valid statement has one. */
export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  readonly principals?: PrincipalBlock;
  readonly notPrincipals?: PrincipalBlock;
  readonly conditions: ConditionBlock;
}

export interface PolicyDocument {
  readonly statements: readonly Statement[];
}

const MEMBERS = new Set([
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
]);

function malformed(problem: string): AwsError {
  return new AwsError('MalformedPolicyDocument', problem, 400);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strings(value: unknown, what: string): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const list = Array.isArray(value) ? value : [value];
  // A null in a list is nothing.
  return list.flatMap((element) => {
    if (element === null && Array.isArray(value)) return [];
    if (typeof element === 'string') return element;
    if (typeof element === 'boolean' || typeof element === 'number') return String(element);
    throw malformed(`${what} must be a string or a list of strings, got ${JSON.stringify(element)}.`);
  });
}

function parsePrincipals(value: unknown, what: string): PrincipalBlock | undefined {
  if (value === undefined) return undefined;
  if (value === '*') return { AWS: ['*'] };
  if (!isRecord(value)) throw malformed(`${what} must be "*" or an object, got ${JSON.stringify(value)}.`);
  return Object.fromEntries(Object.entries(value).map(([kind, list]) => [kind, strings(list, what) ?? []]));
}

function parseConditions(value: unknown): ConditionBlock {
  if (value === undefined) return {};
  if (!isRecord(value)) throw malformed('Condition must be an object.');
  const block: Record<string, Record<string, readonly string[]>> = {};
  for (const [operator, keys] of Object.entries(value)) {
    if (!isRecord(keys)) throw malformed(`Condition operator ${operator} must hold an object.`);
    block[operator] = Object.fromEntries(
      Object.entries(keys).map(([key, list]) => [key.toLowerCase(), strings(list, `Condition ${key}`) ?? []]),
    );
  }
  return block;
}

function parseStatement(value: unknown): Statement {
  if (!isRecord(value)) throw malformed('A statement must be an object.');
  const unknown = Object.keys(value).find((name) => !MEMBERS.has(name));
  if (unknown) throw malformed(`A statement has no member ${unknown}.`);
  if (value.Effect !== 'Allow' && value.Effect !== 'Deny') {
    throw malformed(`Effect must be Allow or Deny, got ${JSON.stringify(value.Effect)}.`);
  }
  if ((value.Action === undefined) === (value.NotAction === undefined)) {
    throw malformed('A statement must have either Action or NotAction.');
  }
  return {
    sid: typeof value.Sid === 'string' ? value.Sid : undefined,
    effect: value.Effect,
    actions: strings(value.Action, 'Action'),
    notActions: strings(value.NotAction, 'NotAction'),
    resources: strings(value.Resource, 'Resource'),
    notResources: strings(value.NotResource, 'NotResource'),
    principals: parsePrincipals(value.Principal, 'Principal'),
    notPrincipals: parsePrincipals(value.NotPrincipal, 'NotPrincipal'),
    conditions: parseConditions(value.Condition),
  };
}

/** Parses a policy given as JSON text or as an object. Throws MalformedPolicyDocument. */
export function parsePolicy(source: unknown): PolicyDocument {
  let document = source;
  if (typeof source === 'string') {
    try {
      document = JSON.parse(source);
    } catch (cause) {
      throw malformed(`The policy is not valid JSON: ${String(cause)}`);
    }
  }
  if (!isRecord(document)) throw malformed('A policy must be an object.');
  const statement = document.Statement;
  if (statement === undefined) throw malformed('A policy must have a Statement.');
  return { statements: (Array.isArray(statement) ? statement : [statement]).map(parseStatement) };
}
