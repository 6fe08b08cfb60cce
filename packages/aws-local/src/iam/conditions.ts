// Condition operators. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
import { BlockList, isIP } from 'node:net';
import { AwsError } from '../service';
import { type Context, matchesArn, matchesWildcard, substituteVariables } from './match';
import type { ConditionBlock } from './policy';

/** Compares one value of the request with one value of the policy. */
type Comparison = (actual: string, expected: string) => boolean;

const numeric =
  (compare: (a: number, b: number) => boolean): Comparison =>
  (actual, expected) =>
    compare(Number(actual), Number(expected));

const toTime = (text: string) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));
const dated =
  (compare: (a: number, b: number) => boolean): Comparison =>
  (actual, expected) =>
    compare(toTime(actual), toTime(expected));

function inCidr(address: string, cidr: string): boolean {
  const [network = '', bits] = cidr.split('/');
  const version = isIP(address);
  if (version === 0 || isIP(network) !== version) return address === network;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const subnet = new BlockList();
  subnet.addSubnet(network, Number(bits ?? (version === 4 ? 32 : 128)), family);
  return subnet.check(address, family);
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: (a, b) => a === b,
  StringEqualsIgnoreCase: (a, b) => a.toLowerCase() === b.toLowerCase(),
  StringLike: (a, b) => matchesWildcard(b, a),
  NumericEquals: numeric((a, b) => a === b),
  NumericLessThan: numeric((a, b) => a < b),
  NumericLessThanEquals: numeric((a, b) => a <= b),
  NumericGreaterThan: numeric((a, b) => a > b),
  NumericGreaterThanEquals: numeric((a, b) => a >= b),
  DateEquals: dated((a, b) => a === b),
  DateLessThan: dated((a, b) => a < b),
  DateLessThanEquals: dated((a, b) => a <= b),
  DateGreaterThan: dated((a, b) => a > b),
  DateGreaterThanEquals: dated((a, b) => a >= b),
  Bool: (a, b) => a.toLowerCase() === b.toLowerCase(),
  BinaryEquals: (a, b) => a === b,
  IpAddress: inCidr,
  ArnEquals: (a, b) => matchesArn(b, a),
  ArnLike: (a, b) => matchesArn(b, a),
};

/** Negated operators and what they negate. */
const NEGATIONS: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

interface Operator {
  readonly set?: 'ForAnyValue' | 'ForAllValues';
  readonly name: string;
  readonly ifExists: boolean;
}

const OPERATOR = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/;

function parseOperator(text: string): Operator {
  const match = OPERATOR.exec(text);
  const name = match?.[2];
  if (!match || !name)
    throw new AwsError('MalformedPolicyDocument', `Unknown condition operator ${text}.`, 400);
  return { set: match[1] as Operator['set'], name, ifExists: match[3] !== undefined };
}

/** Tells whether a text names an operator, with what may stand before and behind it. */
export function isOperator(text: string): boolean {
  const name = OPERATOR.exec(text)?.[2] ?? '';
  return name === 'Null' || Object.hasOwn(COMPARISONS, NEGATIONS[name] ?? name);
}

function matchesOne(actual: string, expected: readonly string[], name: string): boolean {
  const negated = NEGATIONS[name];
  const comparison = COMPARISONS[negated ?? name];
  if (!comparison) throw new AwsError('MalformedPolicyDocument', `Unknown condition operator ${name}.`, 400);
  const found = expected.some((value) => comparison(actual, value));
  return negated ? !found : found;
}

function holds(operator: Operator, value: Context[string] | undefined, expected: readonly string[]): boolean {
  if (operator.name === 'Null') {
    const absent = value === undefined || value.length === 0;
    return expected.some((text) => (text.toLowerCase() === 'true') === absent);
  }
  if (value === undefined) {
    if (operator.set === 'ForAllValues' || operator.ifExists) return true;
    // A negated operator holds when the key is absent.
    return operator.set === undefined && NEGATIONS[operator.name] !== undefined;
  }
  const values = typeof value === 'string' ? [value] : value;
  const test = (actual: string) => matchesOne(actual, expected, operator.name);
  return operator.set === 'ForAllValues' ? values.every(test) : values.some(test);
}

/** All operators and keys must hold. Throws MalformedPolicyDocument for an unknown operator. */
export function conditionsHold(conditions: ConditionBlock, context: Context): boolean {
  return Object.entries(conditions).every(([text, keys]) => {
    const operator = parseOperator(text);
    return Object.entries(keys).every(([key, values]) => {
      const expected = values
        .map((value) => substituteVariables(value, context))
        .filter((value) => value !== undefined);
      return holds(operator, context[key], expected);
    });
  });
}
