// Event patterns: does an event fit? Rules of EventBridge and filter policies of SNS ask it. An event counts as its leaves, each under the
// names that lead to it, joined by dots; what lies in different elements of a list of objects does not count as one thing.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
import { BlockList } from 'node:net';
import { isObject, type Json, type JsonObject } from './event-pattern-rules';

export { requireValidPattern } from './event-pattern-rules';

/** A leaf of an event. */
interface Field {
  /** One value, or the scalars of a list. */
  readonly values: readonly Json[];
  /** By list of objects above it: in which element it lies. */
  readonly elements: ReadonlyMap<string, number>;
}

type Fields = ReadonlyMap<string, readonly Field[]>;

/** What the field with a name must be; several matchers are alternatives. */
interface Wanted {
  readonly path: string;
  readonly matchers: readonly Matcher[];
}

type Matcher = (field: Field | undefined) => boolean;

const compiled = new WeakMap<JsonObject, readonly (readonly Wanted[])[]>();
const flattened = new WeakMap<object, Fields>();

/** @param pattern one that `requireValidPattern` accepts */
export function matchesPattern(pattern: JsonObject, event: Json): boolean {
  let alternatives = compiled.get(pattern);
  if (!alternatives) {
    alternatives = compile(pattern, '');
    compiled.set(pattern, alternatives);
  }
  const fields = fieldsOf(event);
  return alternatives.some((wanted) => fits(wanted, fields, new Map()));
}

function fieldsOf(event: Json): Fields {
  if (!isObject(event)) return new Map();
  let fields = flattened.get(event);
  if (!fields) {
    const found = new Map<string, Field[]>();
    flatten(event, '', new Map(), found);
    fields = found;
    flattened.set(event, fields);
  }
  return fields;
}

function flatten(
  value: Json,
  path: string,
  elements: ReadonlyMap<string, number>,
  found: Map<string, Field[]>,
): void {
  const add = (values: readonly Json[]) =>
    found.set(path, [...(found.get(path) ?? []), { values, elements }]);
  if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) flatten(member, join(path, name), elements, found);
  } else if (Array.isArray(value)) {
    const flat: readonly Json[] = value.flat(Number.POSITIVE_INFINITY);
    const scalars = flat.filter((one) => !isObject(one));
    if (scalars.length > 0) add(scalars);
    for (const [index, element] of flat.entries()) {
      if (isObject(element)) flatten(element, path, new Map([...elements, [path, index]]), found);
    }
  } else add([value]);
}

const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

/** A pattern as alternatives, of each of which all must hold: `$or` multiplies them. */
function compile(pattern: JsonObject, path: string): Wanted[][] {
  let alternatives: Wanted[][] = [[]];
  for (const [name, value] of Object.entries(pattern)) {
    const options =
      name === '$or' && Array.isArray(value)
        ? value.flatMap((one: JsonObject) => compile(one, path))
        : isObject(value)
          ? compile(value, join(path, name))
          : [[{ path: join(path, name), matchers: (value as Json[]).map(matcherOf) }]];
    alternatives = alternatives.flatMap((before) => options.map((option) => [...before, ...option]));
  }
  return alternatives;
}

/** Is there a field for each that is wanted, all from the same elements of each list? */
function fits(wanted: readonly Wanted[], fields: Fields, chosen: ReadonlyMap<string, number>): boolean {
  const [first, ...rest] = wanted;
  if (!first) return true;
  const candidates = fields.get(first.path);
  if (!candidates) return first.matchers.some((matches) => matches(undefined)) && fits(rest, fields, chosen);
  return candidates.some((field) => {
    const agrees = [...field.elements].every(([list, index]) => (chosen.get(list) ?? index) === index);
    if (!agrees || !first.matchers.some((matches) => matches(field))) return false;
    return fits(rest, fields, new Map([...chosen, ...field.elements]));
  });
}

type Test = (value: Json) => boolean;

function matcherOf(matcher: Json): Matcher {
  if (!isObject(matcher)) return anyOf((value) => value === matcher);
  const [[name, operand] = ['', undefined]] = Object.entries(matcher);
  if (name === 'exists') return (field) => (field !== undefined) === operand;
  if (name === 'anything-but') {
    const isListed = listed(operand);
    return (field) => field?.values.every((value) => !isListed(value)) ?? false;
  }
  return anyOf(test(name, operand));
}

const anyOf =
  (accepts: Test): Matcher =>
  (field) =>
    field?.values.some(accepts) ?? false;

/** The operand of `anything-but`: values, or one matcher whose own operand may be a list. */
function listed(operand: Json): Test {
  if (!isObject(operand)) {
    const values = [operand].flat();
    return (value) => values.includes(value);
  }
  const tests = Object.entries(operand).flatMap(([name, inner]) =>
    [inner].flat().map((one) => test(name, one)),
  );
  return (value) => tests.some((accepts) => accepts(value));
}

const onText =
  (accepts: (text: string) => boolean): Test =>
  (value) =>
    typeof value === 'string' && accepts(value);

function test(name: string, operand: Json): Test {
  switch (name) {
    case 'prefix':
      return affix(operand, (text, part) => text.startsWith(part));
    case 'suffix':
      return affix(operand, (text, part) => text.endsWith(part));
    case 'equals-ignore-case': {
      const wanted = String(operand).toLowerCase();
      return onText((text) => text.toLowerCase() === wanted);
    }
    case 'wildcard': {
      const expression = wildcard(String(operand));
      return onText((text) => expression.test(text));
    }
    case 'numeric':
      return (value) => typeof value === 'number' && numeric(operand as Json[], value);
    case 'cidr':
      return cidr(String(operand));
    default:
      throw new Error(`the pattern was not checked: there is no match type ${name}`);
  }
}

function affix(operand: Json, holds: (text: string, part: string) => boolean): Test {
  if (!isObject(operand)) return onText((text) => holds(text, String(operand)));
  const part = String(operand['equals-ignore-case']).toLowerCase();
  return onText((text) => holds(text.toLowerCase(), part));
}

/** `*` stands for any characters; `\*` and `\\` for themselves. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replace(
    /\\([*\\])|(\*)|[.+?^${}()|[\]\\]/g,
    (whole, escaped?: string, star?: string) => (star ? '.*' : `\\${escaped ?? whole}`),
  );
  return new RegExp(`^${source}$`, 's');
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '=': (value, bound) => value === bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function numeric(conditions: readonly Json[], value: number): boolean {
  for (let index = 0; index < conditions.length; index += 2) {
    const holds = COMPARISONS[String(conditions[index])];
    if (!holds?.(value, Number(conditions[index + 1]))) return false;
  }
  return true;
}

function cidr(range: string): Test {
  const [network = '', bits] = range.split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4');
  return onText((address) => {
    try {
      return list.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
    } catch {
      // Not an address at all.
      return false;
    }
  });
}
