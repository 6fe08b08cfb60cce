// Runs the CDK CLI, unmodified, against the local endpoint.
import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Access, childEnvironment } from './account';
import { type DeployStep, readStep } from './deploy-output';

export interface DeployProps {
  readonly root: string;
  readonly stateDir: string;
  readonly access: Access;
  readonly context: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onStep: (step: DeployStep) => void;
  /** Ends the CLI when aborted. */
  readonly signal: AbortSignal;
}

/** Outputs by stack and name. */
export type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The deployment failed; the message holds what the CLI said last. */
export class DeployError extends Error {
  override readonly name = 'DeployError';
}

const LAST_LINES = 40;

function cliPath(root: string): string {
  const manifest = createRequire(join(root, 'package.json')).resolve('aws-cdk/package.json');
  return join(dirname(manifest), 'bin', 'cdk');
}

/** Rejects with DeployError. The CLI's whole output is in `deploy.log` of the state folder. */
export async function deploy(props: DeployProps): Promise<Outputs> {
  const outputsFile = join(props.stateDir, 'outputs.json');
  const args = [
    cliPath(props.root),
    'deploy',
    '--all',
    '--require-approval=never',
    '--progress=events',
    '--concurrency=4',
    '--no-notices',
    `--output=${join(props.stateDir, 'cdk.out')}`,
    `--outputs-file=${outputsFile}`,
    ...props.context.flatMap((setting) => ['-c', setting]),
  ];
  const child = spawn(process.execPath, args, {
    cwd: props.root,
    env: childEnvironment(props.environment, props.access),
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: props.signal,
  });
  const log = createWriteStream(join(props.stateDir, 'deploy.log'));
  const lines: string[] = [];
  const read = (line: string) => {
    log.write(`${line}\n`);
    lines.push(line);
    const step = readStep(line);
    if (step) props.onStep(step);
  };
  createInterface({ input: child.stdout }).on('line', read);
  createInterface({ input: child.stderr }).on('line', read);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  log.end();
  if (code !== 0) throw new DeployError(lines.slice(-LAST_LINES).join('\n'));
  return JSON.parse(readFileSync(outputsFile, 'utf8')) as Outputs;
}
