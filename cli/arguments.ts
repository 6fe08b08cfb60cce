// Parses a command's arguments by its list of options, and prints its help from the same list.
import { parseArgs } from 'node:util';
import { type Command, type Option, type Options, UserError, type Values } from './command';

/** Every command has these. */
export const COMMON_OPTIONS = {
  json: { type: 'boolean', description: 'print the result as JSON' },
  help: { type: 'boolean', description: 'print this help' },
} as const satisfies Options;

/** How the last argument ends that may be given several times: `FILE …`. */
const MORE = ' …';

export interface Arguments {
  readonly values: Values;
  readonly positionals: readonly string[];
}

/** @throws UserError for an unknown option, a missing value, a missing required option, too few or many positionals */
export function parseArguments(command: Command, args: readonly string[]): Arguments {
  const options = { ...command.options, ...COMMON_OPTIONS };
  const { values, positionals } = parse(args, options);
  if (values.help) return { values, positionals };
  const expected = command.positionals ?? [];
  const least = expected.filter((name) => !name.startsWith('[')).length;
  const most = expected.at(-1)?.endsWith(MORE) ? Number.POSITIVE_INFINITY : expected.length;
  if (positionals.length < least || positionals.length > most) {
    const wanted = expected.length === 0 ? 'none' : expected.join(' ');
    throw new UserError(`expected arguments: ${wanted}; got: ${positionals.join(' ') || 'none'}`, true);
  }
  const missing = Object.entries(command.options).find(([name, { required }]) => required && !values[name]);
  if (missing) throw new UserError(`--${missing[0]} is missing: ${missing[1].description}`, true);
  return { values, positionals };
}

function parse(args: readonly string[], options: Options): { values: Values; positionals: string[] } {
  const types = Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }]));
  try {
    const parsed = parseArgs({ args: [...args], options: types, allowPositionals: true });
    return { values: parsed.values as Values, positionals: parsed.positionals };
  } catch (error) {
    throw new UserError((error as Error).message, true);
  }
}

/** A number given as an option. @throws UserError when it is not a number within the bounds */
export function numberOption(
  values: Values,
  name: string,
  { minimum, maximum, otherwise }: { minimum: number; maximum: number; otherwise: number },
): number {
  const text = values[name];
  if (text === undefined) return otherwise;
  const number = Number(text);
  if (String(text).trim() === '' || !(number >= minimum && number <= maximum)) {
    throw new UserError(`--${name} must be a number from ${minimum} to ${maximum}, got ${text}`, true);
  }
  return number;
}

/** `A,B` as a list. */
export const namesIn = (list: string): string[] => list.split(',').filter(Boolean);

/** The names of an option like `--campaigns A,B`; undefined when it is not given. */
export function listOption(values: Values, name: string): string[] | undefined {
  const list = values[name];
  return list === undefined ? undefined : namesIn(String(list));
}

const PROGRAM = 'npm run gallery --';

function optionLine([name, { type, value = 'VALUE', description, required }]: [string, Option]): string {
  const left = type === 'boolean' ? `--${name}` : `--${name} ${value}`;
  return `  ${left.padEnd(26)}${description}${required ? ' (required)' : ''}`;
}

export function commandHelp(command: Command): string {
  const { name, summary, positionals = [], options } = command;
  const usage = [PROGRAM, name, ...positionals, '[options]'].join(' ');
  const lines = Object.entries<Option>({ ...options, ...COMMON_OPTIONS }).map(optionLine);
  return [summary, '', `  ${usage}`, '', 'Options:', ...lines].join('\n');
}

export function overview(commands: readonly Command[]): string {
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(18)}${summary}`);
  return [
    'Works on a deployed Emotion Gallery, on AWS or on localhost (AWS_ENDPOINT_URL).',
    '',
    `  ${PROGRAM} COMMAND [options]`,
    '',
    'Commands:',
    ...lines,
    '',
    `${PROGRAM} COMMAND --help tells more.`,
  ].join('\n');
}
