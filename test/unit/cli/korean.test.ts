// What a person of the workshop meets of the commands is told in Korean too: help, results, errors.
import { awsClients } from '../../../cli/clients';
import { allCommands } from '../../../cli/commands';
import { run } from '../../../cli/run';
import { MODULES, readDocument, stepsOf } from '../../../scripts/workshop/document';

process.env.AWS_REGION ??= 'us-east-1';
const HANGUL = /[\uac00-\ud7a3]/;
const commands = allCommands(awsClients());
const used = new Set(MODULES.flatMap((name) => stepsOf(readDocument(name, 'ko')).map(({ words }) => words)));
const ofWorkshop = commands.filter(({ name }) =>
  [...used].some((words) => `${words.join(' ')} `.startsWith(`${name} `)),
);

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

async function gallery(environment: Readonly<Record<string, string>>, ...line: string[]) {
  for (const name of ['GALLERY_LANG', 'LC_ALL', 'LANG']) delete process.env[name];
  Object.assign(process.env, environment);
  const [out, errors]: [string[], string[]] = [[], []];
  const exitCode = await run(commands, line, {
    now: () => 0,
    progress: () => undefined,
    print: (text) => out.push(text),
    printError: (text) => errors.push(text),
  });
  return { exitCode, out: out.join('\n'), errors: errors.join('\n') };
}

test('all commands of the workshop are looked at', () => expect(ofWorkshop.length).toBeGreaterThan(8));

// `remove` takes the options of a deployment too, which are told in English.
test.each(ofWorkshop.filter(({ name }) => name !== 'remove').map(({ name }) => [name]))(
  '%s: each line of its help',
  async (name) => {
    const { out } = await gallery({ LANG: 'ko_KR.UTF-8' }, ...name.split(' '), '--help');
    const lines = out.split('\n').filter((line) => /^\S|^ {2}--/.test(line));
    expect(lines.filter((line) => !HANGUL.test(line))).toEqual([]);
  },
);

test.each([
  ['an unknown command', ['nonsense']],
  ['a file that is not there', ['data', 'describe', 'nowhere.csv']],
  ['a missing option', ['serve']],
  ['a number out of bounds', ['data', 'split', 'x.csv', '--share', '7']],
  ['a value that there is not', ['data', 'split', 'x.csv', '--by', 'taste']],
  ['too few arguments', ['data', 'describe']],
])('%s', async (_, line) => {
  const { exitCode, errors } = await gallery({ GALLERY_LANG: 'ko' }, ...line);
  expect(exitCode).toBeGreaterThan(0);
  expect(errors.split('\n')[0]).toMatch(HANGUL);
});

test('the option goes before the setting, and the setting before the shell', async () => {
  const first = async (environment: Record<string, string>, ...more: string[]) =>
    HANGUL.test((await gallery(environment, 'data', 'sample', '--help', ...more)).out);
  expect(await first({ LANG: 'ko_KR.UTF-8' })).toBe(true);
  expect(await first({ LANG: 'ko_KR.UTF-8', GALLERY_LANG: 'en' })).toBe(false);
  expect(await first({ GALLERY_LANG: 'en' }, '--lang', 'ko')).toBe(true);
  expect(await first({ GALLERY_LANG: 'en' }, '--lang=ko')).toBe(true);
  expect(await first({ LANG: 'de_DE.UTF-8' })).toBe(false);
});
