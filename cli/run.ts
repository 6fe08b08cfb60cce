// Runs one command line: finds the command, parses, prints the result or the error, and says the exit code.
import { commandHelp, overview, parseArguments } from './arguments';
import { type Command, type Rim, UserError } from './command';

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
  if (name === undefined || name === '--help' || name === 'help') {
    output.print(overview(commands));
    return name === undefined ? 2 : 0;
  }
  // Some commands are two words: data describe.
  const pair = commands.find((each) => each.name === `${name} ${rest[0]}`);
  const command = pair ?? commands.find((each) => each.name === name);
  const args = pair ? rest.slice(1) : rest;
  if (!command) {
    output.printError(`unknown command ${name}\n\n${overview(commands)}`);
    return 2;
  }
  try {
    const { values, positionals } = parseArguments(command, args);
    if (values.help) {
      output.print(commandHelp(command));
      return 0;
    }
    const result = await command.run(values, positionals, output);
    output.print(values.json ? JSON.stringify(result.json, null, 2) : result.text);
    return result.exitCode ?? 0;
  } catch (error) {
    output.printError(describe(error, command));
    return error instanceof UserError && error.usage ? 2 : 1;
  }
}

const LOCALHOST = 'for a gallery on localhost, the line of environment that `npm start` prints';

/** An AWS error needs its name, as the message alone may be empty; anything else unexpected needs its stack. */
function describe(error: unknown, command: Command): string {
  if (error instanceof UserError) {
    return error.usage ? `${error.message}\n\n${commandHelp(command)}` : error.message;
  }
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'CredentialsProviderError') {
    return `no AWS credentials: ${error.message} (${LOCALHOST})`;
  }
  // The SDK gives this error no name of its own.
  if (error.message === 'Region is missing') return `no AWS region: set AWS_REGION (${LOCALHOST})`;
  return '$metadata' in error ? `${error.name}: ${error.message}` : (error.stack ?? error.message);
}
