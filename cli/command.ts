// What a command of `npm run gallery -- <command>` is, and the errors that it tells its user about.

import { type Language, type Text, textIn } from './text';

export interface Option {
  readonly type: 'string' | 'boolean';
  /** What stands for the value in the help, for example `N`. */
  readonly value?: string;
  readonly description: Text;
  readonly required?: boolean;
}

export type Options = Readonly<Record<string, Option>>;

export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** What a command found: as text for people, as JSON for scripts (`--json`). */
export interface Result {
  readonly text: string;
  readonly json: unknown;
  /** 1 when what was found is a reason to stop. @default 0 */
  readonly exitCode?: 0 | 1;
}

export interface Rim {
  /** Current time, milliseconds since 1970. */
  readonly now: () => number;
  /** Tells what is going on while the command runs; goes to standard error, so that the result stays alone on standard output. */
  readonly progress: (line: string) => void;
}

export interface Command {
  readonly name: string;
  readonly summary: Text;
  /** Arguments without a name, for the help: `FILE`, `[FILE]` for one that may be left out, `FILE …` for one or more. */
  readonly positionals?: readonly string[];
  readonly options: Options;
  run(values: Values, positionals: readonly string[], rim: Rim): Promise<Result>;
}

/** An error whose message is all that the user needs: no stack is printed. */
export class UserError extends Error {
  constructor(
    private readonly text: Text,
    /** The command was called wrongly, so its help is worth printing. */
    readonly usage = false,
  ) {
    super(textIn('en', text));
    this.name = 'UserError';
  }

  said(language: Language): string {
    return textIn(language, this.text);
  }
}
