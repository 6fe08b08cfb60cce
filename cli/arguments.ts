// Parses a command's arguments by its list of options, and prints its help from the same list.
import { parseArgs } from 'node:util';
import { type Command, type Option, type Options, UserError, type Values } from './command';
import { speaker } from './language';
import { both, joined, type Language, textIn } from './text';

/** Every command has these. */
export const COMMON_OPTIONS = {
  json: { type: 'boolean', description: both('print the result as JSON', '결과를 JSON으로 출력') },
  help: { type: 'boolean', description: both('print this help', '이 도움말을 출력') },
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
    const got = positionals.join(' ') || 'none';
    throw new UserError(
      both(`expected arguments: ${wanted}; got: ${got}`, `필요한 인수: ${wanted}, 받은 인수: ${got}`),
      true,
    );
  }
  const missing = Object.entries(command.options).find(([name, { required }]) => required && !values[name]);
  if (missing) {
    const [name, { description }] = missing;
    throw new UserError(
      joined([both(`--${name} is missing`, `--${name} 옵션이 필요합니다`), description], ': '),
      true,
    );
  }
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
    throw new UserError(
      both(
        `--${name} must be a number from ${minimum} to ${maximum}, got ${text}`,
        `--${name}에는 ${minimum}부터 ${maximum}까지의 숫자가 필요합니다. 받은 값: ${text}`,
      ),
      true,
    );
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

function optionLine(
  [name, { type, value = 'VALUE', description, required }]: [string, Option],
  language: Language,
): string {
  const left = type === 'boolean' ? `--${name}` : `--${name} ${value}`;
  const note = required ? speaker(language)(' (required)', ' (필수)') : '';
  return `  ${left.padEnd(26)}${textIn(language, description)}${note}`;
}

export function commandHelp(command: Command, language: Language): string {
  const say = speaker(language);
  const { name, summary, positionals = [], options } = command;
  const usage = [PROGRAM, name, ...positionals, say('[options]', '[옵션]')].join(' ');
  const lines = Object.entries<Option>({ ...options, ...COMMON_OPTIONS }).map((option) =>
    optionLine(option, language),
  );
  return [textIn(language, summary), '', `  ${usage}`, '', say('Options:', '옵션:'), ...lines].join('\n');
}

export function overview(commands: readonly Command[], language: Language): string {
  const say = speaker(language);
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(18)}${textIn(language, summary)}`);
  return [
    say(
      'Works on a deployed Emotion Gallery and on any dataset group, on AWS or on localhost (AWS_ENDPOINT_URL).',
      '배포된 감정 갤러리와 모든 데이터 세트 그룹을 AWS나 localhost(AWS_ENDPOINT_URL)에서 다룹니다.',
    ),
    '',
    `  ${PROGRAM} ${say('COMMAND [options]', '명령 [옵션]')}`,
    '',
    say('Commands:', '명령:'),
    ...lines,
    '',
    say(`${PROGRAM} COMMAND --help tells more.`, `자세한 사용법: ${PROGRAM} 명령 --help`),
  ].join('\n');
}
