// Calls commands as `npm run gallery` does, and keeps what they print.
import type { Command } from '../../../cli/command';
import { type Output, run } from '../../../cli/run';

export interface Answer {
  readonly exitCode: number;
  /** What a script reads. */
  readonly out: string;
  /** What stands on standard error: progress and errors. */
  readonly told: string;
}

export class Caller {
  constructor(
    private readonly commands: readonly Command[],
    /** Given to each command that names no deployment itself. */
    private readonly deployment: readonly string[],
  ) {}

  call(...args: string[]): Promise<Answer> {
    return this.listening(() => undefined, ...args);
  }

  /** @throws with what it printed when it failed */
  async json<T>(...args: string[]): Promise<T> {
    const { exitCode, out, told } = await this.call(...args, '--json');
    if (exitCode !== 0) throw new Error(`${args.join(' ')}: ${told}${out}`);
    return JSON.parse(out) as T;
  }

  /** @param listen gets the lines that tell of the progress as they come */
  async listening(listen: (line: string) => void, ...args: string[]): Promise<Answer> {
    const [printed, told]: [string[], string[]] = [[], []];
    const output: Output = {
      now: Date.now,
      progress: (line) => {
        told.push(line);
        listen(line);
      },
      print: (text) => printed.push(text),
      printError: (text) => told.push(text),
    };
    const deployment = args.includes('--stack-prefix') ? [] : this.deployment;
    const exitCode = await run(this.commands, [...args, ...deployment], output);
    return { exitCode, out: printed.join('\n'), told: told.join('\n') };
  }
}
