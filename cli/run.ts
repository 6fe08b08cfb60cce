// Runs one command line: finds the command, parses, prints the result or the error, and says the exit code.
import { commandHelp, overview, parseArguments } from './arguments';
import { type Command, type Rim, UserError } from './command';
import { languageOfLine, speaker } from './language';
import type { Language } from './text';

export interface Output extends Rim {
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
}

/** Exit codes: 0 done, 1 failed, 2 called wrongly. */
export async function run(
  commands: readonly Command[],
  line: readonly string[],
  output: Output,
): Promise<number> {
  const [name, ...rest] = line;
  const language = languageOfLine(line);
  if (name === undefined || name === '--help' || name === 'help') {
    output.print(overview(commands, language));
    return name === undefined ? 2 : 0;
  }
  // Some commands are two words: data describe.
  const pair = commands.find((each) => each.name === `${name} ${rest[0]}`);
  const command = pair ?? commands.find((each) => each.name === name);
  const args = pair ? rest.slice(1) : rest;
  if (!command) {
    const unknown = speaker(language)(`unknown command ${name}`, `없는 명령입니다: ${name}`);
    output.printError(`${unknown}\n\n${overview(commands, language)}`);
    return 2;
  }
  try {
    const { values, positionals } = parseArguments(command, args);
    if (values.help) {
      output.print(commandHelp(command, language));
      return 0;
    }
    const result = await command.run(values, positionals, output);
    output.print(values.json ? JSON.stringify(result.json, null, 2) : result.text);
    return result.exitCode ?? 0;
  } catch (error) {
    output.printError(describe(error, command, language));
    return error instanceof UserError && error.usage ? 2 : 1;
  }
}

/** An AWS error needs its name, as the message alone may be empty; anything else unexpected needs its stack. */
function describe(error: unknown, command: Command, language: Language): string {
  const say = speaker(language);
  const localhost = say(
    'on localhost, the line of environment that `npm start` or `npm run aws` prints',
    'localhost에서는 `npm start`나 `npm run aws`가 출력하는 환경 변수 한 줄',
  );
  if (error instanceof UserError) {
    const said = error.said(language);
    return error.usage ? `${said}\n\n${commandHelp(command, language)}` : said;
  }
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'CredentialsProviderError') {
    return `${say('no AWS credentials', 'AWS 자격 증명이 없습니다')}: ${error.message} (${localhost})`;
  }
  // The SDK gives this error no name of its own.
  if (error.message === 'Region is missing')
    return `${say('no AWS region: set AWS_REGION', 'AWS 리전이 없습니다: AWS_REGION을 설정하세요')} (${localhost})`;
  return '$metadata' in error ? `${error.name}: ${error.message}` : (error.stack ?? error.message);
}
