// Runs the CDK CLI, unmodified, against the local endpoint.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { type Access, childEnvironment, REGION } from './account';
import { type DeployStep, readStep } from './deploy-output';
import { LogFile } from './log-file';

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
const POLL_MS = 200;

function cliPath(root: string): string {
  const manifest = createRequire(join(root, 'package.json')).resolve('aws-cdk/package.json');
  return join(dirname(manifest), 'bin', 'cdk');
}

/** Resolves when no operation on a stack is under way: one that was interrupted is ended first, which the CLI does not wait for. */
async function untilSettled({ access, signal }: DeployProps): Promise<void> {
  const client = new CloudFormationClient({ ...access, region: REGION });
  try {
    for (;;) {
      signal.throwIfAborted();
      const { Stacks = [] } = await client.send(new DescribeStacksCommand({}), { abortSignal: signal });
      if (Stacks.every(({ StackStatus = '' }) => !isUnderWay(StackStatus))) return;
      await sleep(POLL_MS, undefined, { signal });
    }
  } finally {
    client.destroy();
  }
}

/** A stack in review has no operation: its change set was never carried out, and the CLI makes another. */
const isUnderWay = (status: string) => status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';

/**
 * Rejects with DeployError, and with an AbortError when the CLI was ended. The CLI's whole output is in `deploy.log` of the state folder.
 */
export async function deploy(props: DeployProps): Promise<Outputs> {
  await untilSettled(props);
  const outputsFile = join(props.stateDir, 'outputs.json');
  const args = [
    `--import=${pathToFileURL(join(props.root, 'local/start/leash.mjs'))}`,
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
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, which is ended as a whole.
    detached: true,
  });
  const letGo = () => child.stdin.end();
  props.signal.addEventListener('abort', letGo, { once: true });
  const logFile = join(props.stateDir, 'deploy.log');
  rmSync(logFile, { force: true });
  const log = new LogFile(logFile);
  const lines: string[] = [];
  const read = (line: string) => {
    log.write(line);
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
  log.flush();
  props.signal.removeEventListener('abort', letGo);
  props.signal.throwIfAborted();
  if (code !== 0) throw new DeployError(lines.slice(-LAST_LINES).join('\n'));
  return JSON.parse(readFileSync(outputsFile, 'utf8')) as Outputs;
}
