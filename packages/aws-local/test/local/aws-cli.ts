// The AWS CLI, version 2, for tests that call it often.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Runs one command in the folder. Resolves with what it wrote to standard output, rejects when it fails. */
export type AwsCli = (...args: string[]) => Promise<string>;

/** The first one that is version 2, with its whole path; on a PATH version 1 may come before it. */
export function findAwsCli(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/bin', '/usr/local/bin'];
  return folders
    .map((folder) => join(folder, 'aws'))
    .find((file) =>
      /^aws-cli\/2\./.test(String(spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout)),
    );
}

export interface AwsCliProps {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** The interpreter of a CLI that is a Python script; what AWS's own installer brings is a program. */
function pythonOf(file: string): string | undefined {
  const [, python] = /^#!\s*(\S*python3\S*)\s*\n/.exec(readFileSync(file).toString('latin1', 0, 200)) ?? [];
  return python;
}

/** Ended with `close`. */
export function startAwsCli(props: AwsCliProps): { run: AwsCli; close(): void } {
  const python = pythonOf(props.file);
  return python === undefined ? { run: program(props), close: () => undefined } : forks(python, props);
}

const failure = (args: readonly string[], output: string) => new Error(`aws ${args.join(' ')}: ${output}`);

function program({ file, env, cwd }: AwsCliProps): AwsCli {
  return (...args) =>
    new Promise((resolve, reject) => {
      execFile(file, args, { env, cwd }, (error, stdout, stderr) =>
        error ? reject(failure(args, stdout + stderr)) : resolve(stdout),
      );
    });
}

interface Answer {
  readonly id: number;
  readonly code: number;
  readonly said: string;
  readonly complained: string;
}

function forks(python: string, { env, cwd }: AwsCliProps): { run: AwsCli; close(): void } {
  const script = join(__dirname, 'aws-cli-forks.py');
  const child = spawn(python, [script], { env, cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: ((answer: Answer) => void)[] = [];
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`${python} ${script} ended with ${code}`)));
  });
  ended.catch(() => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer;
    waiting[answer.id]?.(answer);
  });
  return {
    async run(...args) {
      const answered = new Promise<Answer>((resolve) => {
        const id = waiting.push(resolve) - 1;
        child.stdin.write(`${JSON.stringify({ id, args })}\n`);
      });
      const { code, said, complained } = await Promise.race([answered, ended]);
      if (code !== 0) throw failure(args, said + complained);
      return said;
    },
    close: () => void child.kill(),
  };
}
