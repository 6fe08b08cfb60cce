// Each field of a configuration file wrong in turn: a file that has every field there is, and one of them spoilt at a time.
import { z } from 'zod';
import { configuration } from '../../../../lambda/shared/configuration/configuration';
import { readConfiguration } from '../../../../lambda/shared/configuration/read';
import { everything, sampleWithEverything } from './everything';

type Path = readonly (string | number)[];
type Json = Record<string | number, unknown>;

const isNode = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Every place in a value, the containers before what is in them. */
function places(value: unknown, path: Path = []): { path: Path; value: unknown }[] {
  const inner = !isNode(value)
    ? []
    : Object.entries(value).flatMap(([key, member]) =>
        places(member, [...path, Array.isArray(value) ? Number(key) : key]),
      );
  return path.length === 0 ? inner : [{ path, value }, ...inner];
}

function spoilt(file: object, path: Path, value: unknown): string {
  // Not a structured clone: that would keep parts that are one object in several places.
  const copy = JSON.parse(JSON.stringify(file)) as Json;
  let at = copy;
  for (const part of path.slice(0, -1)) at = at[part] as Json;
  at[path.at(-1) as string] = value;
  return JSON.stringify(copy, null, 2);
}

const textOf = (path: Path) =>
  path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');

/** A value of another JSON type than the right one. */
function ofAnotherType(value: unknown): unknown {
  if (typeof value === 'string') return 17;
  if (typeof value === 'number' || typeof value === 'boolean') return 'seventeen';
  return Array.isArray(value) ? { some: 'thing' } : ['something'];
}

/** Whether a problem is told at the place, within it, or at what directly holds it (as where a choice of shapes fails). */
const isAt = (told: string, place: Path): boolean =>
  told.startsWith(textOf(place)) || told === textOf(place.slice(0, -1));

/** An Avro schema, or within one: Avro takes further attributes, and so does Amazon Personalize. */
const isAvro = (path: Path, value: Json): boolean => path.includes('fields') || 'namespace' in value;

/** What is in them are the customer's own words. */
const MAPS = ['algorithmHyperParameters', 'featureTransformationParameters', 'itemExplorationConfig'];
const files: readonly [string, object][] = [
  ['our format', everything],
  ["the format of AWS's sample", sampleWithEverything],
];

describe.each(files)('in %s', (_name, file) => {
  const problemsOf = (text: string) => {
    const result = readConfiguration(text);
    return result.ok ? [] : result.problems;
  };

  test('the file with every field is accepted', () => {
    expect(problemsOf(JSON.stringify(file))).toEqual([]);
  });

  test.each(places(file).map(({ path, value }) => [textOf(path), path, value] as const))(
    '%s of another type is refused, at its place',
    (_text, path, value) => {
      const text = spoilt(file, path, ofAnotherType(value));
      const problems = problemsOf(text);
      expect(problems.some((problem) => isAt(problem.path, path))).toBe(true);
      for (const { line, column, message } of problems) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(text.split('\n').length);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(message).not.toBe('');
      }
    },
  );

  // Where the schema for editors lies says nothing to the pipeline.
  const texts = places(file).filter(({ path, value }) => typeof value === 'string' && path[0] !== '$schema');
  test.each(texts.map(({ path }) => [textOf(path), path] as const))(
    'a text of five thousand letters for %s is refused, at its place',
    (_text, path) => {
      const problems = problemsOf(spoilt(file, path, 'x'.repeat(5000)));
      expect(problems.some((problem) => isAt(problem.path, path))).toBe(true);
    },
  );

  const numbers = places(file).filter(
    ({ path, value }) => typeof value === 'number' && path.at(-1) !== 'eventValueThreshold',
  );
  test.each(numbers.map(({ path }) => [textOf(path), path] as const))(
    '%s far less than nothing is refused, at its place',
    (_text, path) => {
      const problems = problemsOf(spoilt(file, path, -1_000_001));
      expect(problems.some((problem) => isAt(problem.path, path))).toBe(true);
    },
  );

  const isOpen = (path: Path, value: Json) => MAPS.includes(String(path.at(-1))) || isAvro(path, value);
  const objects = places(file).filter(
    ({ path, value }) => isNode(value) && !Array.isArray(value) && !isOpen(path, value),
  );
  test.each(objects.map(({ path }) => [textOf(path), path] as const))(
    'a setting of %s that does not exist is refused, at its place',
    (_text, path) => {
      const unknown = [...path, 'colour'];
      expect(problemsOf(spoilt(file, unknown, 'red')).map((problem) => problem.path)).toEqual([
        textOf(unknown),
      ]);
    },
  );
});

/** The members of all objects that a JSON Schema knows. */
function membersIn(schema: unknown): string[] {
  if (!isNode(schema)) return [];
  const { properties = {}, ...rest } = schema as { properties?: Json };
  return [
    ...Object.keys(properties),
    ...[...Object.values(properties), ...Object.values(rest)].flatMap(membersIn),
  ];
}

test('the file with every field has every field that the schema knows', () => {
  const named = new Set(places(everything).flatMap(({ path }) => path.map(String)));
  const known = membersIn(z.toJSONSchema(configuration, { io: 'input', unrepresentable: 'any' }));
  expect(known.length).toBeGreaterThan(100);
  expect(known.filter((name) => !named.has(name))).toEqual([]);
});
