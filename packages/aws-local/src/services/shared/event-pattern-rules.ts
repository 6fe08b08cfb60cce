// What a valid event pattern is, and in which words AWS refuses others.
import { isIP } from 'node:net';

export type Json = unknown;
export type JsonObject = Record<string, Json>;

const STARS_TOO_MANY = 5;

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const invalid = (reason: string) => new Error(`Event pattern is not valid. Reason: ${reason}`);

/** Checks that a pattern is well formed. @throws Error that says what is wrong, as AWS says it */
export function requireValidPattern(pattern: Json): asserts pattern is JsonObject {
  if (!isObject(pattern)) throw invalid('Filter is not an object');
  requireValidLevel(pattern);
}

function requireValidLevel(pattern: JsonObject): void {
  if (Object.keys(pattern).length === 0) throw invalid('Empty objects are not allowed');
  for (const [name, value] of Object.entries(pattern)) {
    if (name === '$or') requireAlternatives(value);
    else if (isObject(value)) requireValidLevel(value);
    else if (!Array.isArray(value)) throw invalid(`"${name}" must be an object or an array`);
    else if (value.length === 0) throw invalid('Empty arrays are not allowed');
    else for (const matcher of value) requireValidMatcher(matcher);
  }
}

function requireAlternatives(value: Json): void {
  if (!Array.isArray(value) || value.length < 2 || !value.every(isObject))
    throw invalid('$or needs a list of two patterns or more');
  value.forEach(requireValidLevel);
}

function requireValidMatcher(matcher: Json): void {
  if (Array.isArray(matcher)) throw invalid('Match value must be String, number, true, false, or null');
  if (!isObject(matcher)) return;
  const [name = '', ...others] = Object.keys(matcher);
  const check = Object.hasOwn(MATCHERS, name) ? MATCHERS[name] : undefined;
  if (!check) throw invalid(`Unrecognized match type ${name}`);
  if (others.length > 0) throw invalid('Only one key allowed in match expression');
  check(matcher[name]);
}

const MATCHERS: Readonly<Record<string, (operand: Json) => void>> = {
  prefix: (operand) => requireAffix('prefix', operand),
  suffix: (operand) => requireAffix('suffix', operand),
  'equals-ignore-case': (operand) => requireText('equals-ignore-case', operand),
  wildcard: requireWildcard,
  'anything-but': requireAnythingBut,
  numeric: requireNumeric,
  cidr: requireCidr,
  exists(operand) {
    if (typeof operand !== 'boolean') throw invalid('exists match pattern must be either true or false.');
  },
};

function requireText(name: string, operand: Json): asserts operand is string {
  if (typeof operand !== 'string') throw invalid(`${name} match pattern must be a string`);
}

function requireAffix(name: string, operand: Json): void {
  if (!isObject(operand)) {
    requireText(name, operand);
    return;
  }
  const [inner, ...others] = Object.keys(operand);
  if (inner !== 'equals-ignore-case' || others.length > 0)
    throw invalid(`Unsupported anything-but pattern: ${inner ?? ''}`);
  requireText(`${name}/${inner}`, operand[inner]);
}

function requireWildcard(operand: Json): void {
  requireText('wildcard', operand);
  const parts: string[] = [];
  for (let index = 0, start = 0; index <= operand.length; index += 1) {
    const character = operand[index];
    if (character === '\\') {
      index += 1;
      if (operand[index] !== '*' && operand[index] !== '\\')
        throw invalid(`Invalid escape character at pos ${index - 1}`);
    } else if (character === '*' || character === undefined) {
      if (character === '*' && operand[index + 1] === '*')
        throw invalid(`Consecutive wildcard characters at pos ${index + 1}`);
      parts.push(operand.slice(start, index));
      start = index + 1;
    }
  }
  // Between stars that are followed by the same, there are too many ways to match.
  const [, repeated = '', ...others] = parts;
  const alike = repeated === '' ? [] : others.filter((part) => part.startsWith(repeated));
  if (alike.length + 1 >= STARS_TOO_MANY) {
    throw invalid(
      'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
    );
  }
}

function requireAnythingBut(operand: Json): void {
  const wrong = 'Value of anything-but must be an array or single string/number value.';
  if (isObject(operand)) {
    const [[name = '', inner] = []] = Object.entries(operand);
    if (
      Object.keys(operand).length !== 1 ||
      !['prefix', 'suffix', 'wildcard', 'equals-ignore-case'].includes(name)
    )
      throw invalid(`Unsupported anything-but pattern: ${name}`);
    if (isObject(inner)) throw invalid(wrong);
    if (Array.isArray(inner) && inner.length === 0) throw invalid('Empty arrays are not allowed');
    for (const one of [inner].flat()) requireInsideAnythingBut(name, one);
    return;
  }
  if (!Array.isArray(operand)) {
    if (typeof operand !== 'string' && typeof operand !== 'number') throw invalid(wrong);
    return;
  }
  if (operand.length === 0) throw invalid('Empty arrays are not allowed');
  const types = new Set(operand.map((one) => typeof one));
  if (!operand.every((one) => typeof one === 'string' || typeof one === 'number'))
    throw invalid('Inside anything but list, start|null|boolean is not supported.');
  if (types.size > 1)
    throw invalid(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
}

function requireInsideAnythingBut(name: string, operand: Json): void {
  if (name === 'wildcard') {
    requireWildcard(operand);
    return;
  }
  if (typeof operand !== 'string') {
    throw invalid(
      name === 'equals-ignore-case'
        ? 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.'
        : 'prefix/suffix match pattern must be a string',
    );
  }
  if (operand === '' && name !== 'equals-ignore-case') throw invalid('Null prefix/suffix not allowed');
}

function requireNumeric(operand: Json): void {
  if (!Array.isArray(operand)) throw invalid('Value of numeric must be an array.');
  if (operand.length === 0) throw invalid('Invalid member in numeric match: ]');
  for (let index = 0; index < operand.length; index += 2) {
    const [operator, bound] = operand.slice(index, index + 2);
    if (typeof operator !== 'string') throw invalid(`Invalid member in numeric match: ${String(operator)}`);
    const isRange = index > 0;
    if (!(isRange ? ['<', '<='] : ['<', '<=', '=', '>', '>=']).includes(operator)) {
      throw invalid(
        isRange
          ? `Bad numeric range operator: ${operator}`
          : `Unrecognized numeric range operator: ${operator}`,
      );
    }
    if (typeof bound !== 'number')
      throw invalid(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
    const endsHere = index > 0 || !['>', '>='].includes(operator);
    if (endsHere && index + 2 < operand.length) throw invalid('Too many terms in numeric range expression');
    if (isRange && !(bound > operand[1])) throw invalid('Bottom must be less than top');
  }
}

function requireCidr(operand: Json): void {
  // In the words of the check that AWS makes.
  requireText('prefix', operand);
  const parts = operand.split('/');
  const [address = '', mask = ''] = parts;
  if (parts.length !== 2) throw invalid("Malformed CIDR, one '/' required");
  if (!/^\d+$/.test(mask)) throw invalid('Malformed CIDR, mask bits must be an integer');
  const version = isIP(address);
  if (version === 0) throw invalid(`Nonstandard IP address: ${address}`);
  if (Number(mask) > (version === 6 ? 128 : 32))
    throw invalid(`Malformed CIDR, mask bits must not be negative or too large: ${mask}`);
}
