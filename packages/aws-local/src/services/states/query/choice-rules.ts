// The rules of a Choice state in JSONPath.
import { RuntimeFailure } from '../language/failure';
import { findPath, type PathScope } from './jsonpath';
import { isTimestamp } from './timestamp';

type Rule = Readonly<Record<string, unknown>>;

/** What a rule has besides its comparison. */
export const RULE_FIELDS: readonly string[] = ['Variable', 'Next', 'Comment', 'Assign'];
const TYPE_TESTS = ['IsPresent', 'IsNull', 'IsTimestamp', 'IsString', 'IsNumeric', 'IsBoolean'];
const COMPARISON =
  /^(String|Numeric|Boolean|Timestamp)(Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals|Matches)$/;

/** Whether a Choice rule may compare so. */
export function isComparison(operator: string): boolean {
  if (TYPE_TESTS.includes(operator)) return true;
  const match = COMPARISON.exec(operator.replace(/Path$/, ''));
  if (!match) return false;
  const [, kind, comparison] = match;
  if (comparison === 'Matches') return operator === 'StringMatches';
  return kind !== 'Boolean' || comparison === 'Equals';
}

/** @throws RuntimeFailure when a path finds nothing */
export function ruleHolds(rule: Rule, scope: PathScope): boolean {
  if (Array.isArray(rule.And)) return rule.And.every((inner) => ruleHolds(inner as Rule, scope));
  if (Array.isArray(rule.Or)) return rule.Or.some((inner) => ruleHolds(inner as Rule, scope));
  if (rule.Not) return !ruleHolds(rule.Not as Rule, scope);
  const [operator = '', operand] = Object.entries(rule).find(([name]) => !RULE_FIELDS.includes(name)) ?? [];
  const found = findPath(String(rule.Variable), scope);
  if (operator === 'IsPresent') return 'value' in found === operand;
  const value = foundValue(found, String(rule.Variable));
  if (operator.startsWith('Is')) return isOfType(operator, value) === operand;
  const other = operator.endsWith('Path')
    ? foundValue(findPath(String(operand), scope), String(operand))
    : operand;
  return compare(operator.replace(/Path$/, ''), value, other);
}

function foundValue(found: ReturnType<typeof findPath>, path: string): unknown {
  if ('value' in found) return found.value;
  throw new RuntimeFailure(
    `Invalid path '${path}': The choice state's condition path references an invalid value.`,
  );
}

function isOfType(operator: string, value: unknown): boolean {
  if (operator === 'IsNull') return value === null;
  if (operator === 'IsTimestamp') return isTimestamp(value);
  return typeof value === operator.slice(2).toLowerCase().replace('numeric', 'number');
}

function compare(operator: string, value: unknown, other: unknown): boolean {
  const [, kind, comparison] = COMPARISON.exec(operator) ?? [];
  const wanted = kind === 'Numeric' ? 'number' : kind === 'Boolean' ? 'boolean' : 'string';
  if (typeof value !== wanted || typeof other !== wanted) return false;
  if (comparison === 'Matches') return matchesPattern(String(value), String(other));
  const sides =
    kind === 'Timestamp' ? [Date.parse(String(value)), Date.parse(String(other))] : [value, other];
  const [left, right] = sides as [number, number];
  if (comparison === 'Equals') return left === right;
  if (comparison === 'LessThan') return left < right;
  if (comparison === 'GreaterThan') return left > right;
  return comparison === 'LessThanEquals' ? left <= right : left >= right;
}

/** `*` stands for anything; a backslash takes the meaning from the next character. */
function matchesPattern(value: string, pattern: string): boolean {
  const source = pattern.replace(/\\([\s\S])|[\s\S]/g, (character, escaped: string | undefined) => {
    if (escaped === undefined && character === '*') return '[\\s\\S]*';
    return (escaped ?? character).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'u').test(value);
}
