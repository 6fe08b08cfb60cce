// The options of a command without subcommands: `--help` tells them, and so does a mistake in them.
import { parseArgs } from 'node:util';

/** Exit code after a mistake in the options. */
const MISTAKEN = 2;

/**
 * What `read` makes of the command line. With `--help` or `-h` the command ends here with its help, and with the error and the help
 * when `read` throws.
 */
export function orHelp<T>(help: string, read: () => T): T {
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    console.log(help);
    process.exit(0);
  }
  try {
    return read();
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`);
    process.exit(MISTAKEN);
  }
}

/** For a command that takes none. */
export function noOptions(help: string): void {
  orHelp(help, () => parseArgs({}));
}

/** @param what the name of the argument, for the error @throws Error when it is no whole number from `least` on */
export function wholeNumber(what: string, text: string, least = 0): number {
  if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text);
  throw new Error(`${what} must be a whole number of ${least} or more, got '${text}'`);
}
