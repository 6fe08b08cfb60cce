// Event patterns: does an event fit?
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
import { BlockList } from 'node:net';

type Json = unknown;
type JsonObject = Record<string, Json>;

/** Checks that a pattern is well formed. @throws Error that says what is wrong */
export function requireValidPattern(pattern: Json, path = ''): asserts pattern is JsonObject {
  if (!isObject(pattern))
    throw new Error(
      `Event pattern is not valid. Reason: ${path || 'the pattern'} must be an object or an array`,
    );
  for (const [name, value] of Object.entries(pattern)) {
    if (name === '$or') {
      if (!Array.isArray(value) || value.length < 2)
        throw new Error('Event pattern is not valid. Reason: $or needs two patterns or more');
      for (const alternative of value) requireValidPattern(alternative, `${path}$or`);
    } else if (!Array.isArray(value)) requireValidPattern(value, `${path}${name}`);
    else if (value.length === 0)
      throw new Error(`Event pattern is not valid. Reason: Empty arrays are not allowed at ${path}${name}`);
    else for (const matcher of value) requireValidMatcher(matcher, `${path}${name}`);
  }
}

export function matchesPattern(pattern: JsonObject, event: Json): boolean {
  return Object.entries(pattern).every(([name, wanted]) => {
    if (name === '$or')
      return Array.isArray(wanted) && wanted.some((one) => isObject(one) && matchesPattern(one, event));
    const value = isObject(event) && Object.hasOwn(event, name) ? event[name] : undefined;
    if (Array.isArray(wanted)) return matchesAny(wanted, value);
    if (!isObject(wanted)) return false;
    // Of a list of objects, one must fit.
    if (Array.isArray(value)) return value.some((element) => matchesPattern(wanted, element));
    return matchesPattern(wanted, value);
  });
}

const MATCHERS = [
  'prefix',
  'suffix',
  'anything-but',
  'numeric',
  'exists',
  'wildcard',
  'equals-ignore-case',
  'cidr',
];

function requireValidMatcher(matcher: Json, path: string): void {
  if (!isObject(matcher)) return;
  const [name, ...others] = Object.keys(matcher);
  if (name === undefined || others.length > 0 || !MATCHERS.includes(name)) {
    throw new Error(`Event pattern is not valid. Reason: Unrecognized match type ${name ?? ''} at ${path}`);
  }
  if (name === 'exists' && typeof matcher.exists !== 'boolean') {
    throw new Error(`Event pattern is not valid. Reason: match value of exists must be a boolean at ${path}`);
  }
  if (name === 'numeric' && !Array.isArray(matcher.numeric)) {
    throw new Error(`Event pattern is not valid. Reason: Value of numeric must be an array at ${path}`);
  }
}

function matchesAny(matchers: readonly Json[], value: Json): boolean {
  const values = Array.isArray(value) ? value : [value];
  return matchers.some((matcher) => {
    if (isObject(matcher) && 'exists' in matcher) return matcher.exists === (value !== undefined);
    if (value === undefined) return false;
    // What must not be among the values must not be any of them.
    if (isObject(matcher) && 'anything-but' in matcher)
      return values.every((one) => matchesOne(matcher, one));
    return values.some((one) => matchesOne(matcher, one));
  });
}

function matchesOne(matcher: Json, value: Json): boolean {
  if (!isObject(matcher)) return matcher === value;
  const [[name, operand] = ['', undefined]] = Object.entries(matcher);
  switch (name) {
    case 'prefix':
      return affix(operand, value, (text, part) => text.startsWith(part));
    case 'suffix':
      return affix(operand, value, (text, part) => text.endsWith(part));
    case 'equals-ignore-case':
      return (
        typeof value === 'string' &&
        typeof operand === 'string' &&
        value.toLowerCase() === operand.toLowerCase()
      );
    case 'wildcard':
      return typeof value === 'string' && typeof operand === 'string' && wildcard(operand).test(value);
    case 'numeric':
      return typeof value === 'number' && Array.isArray(operand) && numeric(operand, value);
    case 'cidr':
      return typeof value === 'string' && typeof operand === 'string' && inCidr(operand, value);
    case 'anything-but':
      return !anythingListed(operand, value);
    default:
      return false;
  }
}

/** The operand of `anything-but`: values, or one matcher whose own operand may be a list. */
function anythingListed(operand: Json, value: Json): boolean {
  if (Array.isArray(operand)) return operand.includes(value);
  if (!isObject(operand)) return operand === value;
  return Object.entries(operand).some(([name, inner]) =>
    [inner].flat().some((one) => matchesOne({ [name]: one }, value)),
  );
}

function affix(operand: Json, value: Json, test: (text: string, part: string) => boolean): boolean {
  if (typeof value !== 'string') return false;
  if (typeof operand === 'string') return test(value, operand);
  const ignoringCase = isObject(operand) ? operand['equals-ignore-case'] : undefined;
  return typeof ignoringCase === 'string' && test(value.toLowerCase(), ignoringCase.toLowerCase());
}

/** `*` stands for any characters; `\*` and `\\` for themselves. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replace(
    /\\([*\\])|(\*)|[.+?^${}()|[\]\\]/g,
    (whole, escaped?: string, star?: string) => {
      if (star) return '.*';
      return `\\${escaped ?? whole}`;
    },
  );
  return new RegExp(`^${source}$`, 's');
}

function numeric(conditions: readonly Json[], value: number): boolean {
  for (let index = 0; index < conditions.length; index += 2) {
    const bound = Number(conditions[index + 1]);
    const holds = {
      '<': value < bound,
      '<=': value <= bound,
      '=': value === bound,
      '>': value > bound,
      '>=': value >= bound,
    };
    if (!holds[conditions[index] as keyof typeof holds]) return false;
  }
  return true;
}

function inCidr(cidr: string, address: string): boolean {
  const [network = '', bits] = cidr.split('/');
  const family = network.includes(':') ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  try {
    list.addSubnet(network, Number(bits), family);
    return list.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
  } catch {
    // Not an address at all.
    return false;
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
