// Starts an endpoint in a temporary folder on free ports, and runs the CDK CLI against it.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type AwsEndpoint, createAwsEndpoint } from '@emotion-gallery/aws-local';
import { type Clock, RealClock } from '@emotion-gallery/local-kit/clock';
import { ACCOUNT_ID, type Access, childEnvironment, REGION } from '../../../../local/start/account';

export const root = resolve(__dirname, '../../../..');
const cli = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk');

export interface LocalAws {
  readonly folder: string;
  readonly endpoint: AwsEndpoint;
  readonly log: string[];
  /** Stops the endpoint and removes its folder. */
  dispose(): Promise<void>;
}

export async function startLocalAws(
  folder = mkdtempSync(join(tmpdir(), 'local-aws-')),
  clock: Clock = new RealClock(1),
): Promise<LocalAws> {
  const log: string[] = [];
  const endpoint = await createAwsEndpoint({
    stateDir: folder,
    region: REGION,
    accountId: ACCOUNT_ID,
    awsPort: 0,
    sitePort: 0,
    clock,
    personalizeClock: new RealClock(6000),
    // The CDK's framework for slow custom resources waits in a state machine.
    statesClock: new RealClock(60),
    log: (line) => log.push(line),
  });
  return {
    folder,
    endpoint,
    log,
    async dispose() {
      await endpoint.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface CliResult {
  readonly exitCode: number;
  /** Standard output and standard error together. */
  readonly output: string;
}

/** Runs `cdk <args>`; never rejects. */
export function cdk(access: Access, ...args: string[]): Promise<CliResult> {
  return new Promise((done) => {
    const options = { cwd: root, env: childEnvironment(process.env, access), maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [cli, ...args], options, (error, stdout, stderr) => {
      const exitCode = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      done({ exitCode, output: stdout + stderr });
    });
  });
}

/** Of all stacks. */
export async function outputsOf({ call }: Pick<AwsEndpoint, 'call'>): Promise<Record<string, string>> {
  const { Stacks } = await call('cloudformation', 'DescribeStacks', {});
  const outputs = (Stacks as { Outputs?: { OutputKey: string; OutputValue: string }[] }[]).flatMap(
    ({ Outputs = [] }) => Outputs,
  );
  return Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}
