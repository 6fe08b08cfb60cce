// The small app, deployed by the real CDK CLI into a local AWS of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliResult, cdk, type LocalAws, startLocalAws } from './cli';
import { type SmallApp, STACK, synthesize } from './small-app';

interface Description {
  readonly StackStatus: string;
  readonly Outputs: readonly { readonly OutputKey: string; readonly OutputValue: string }[];
}

export class SmallStack {
  private readonly assemblies = mkdtempSync(join(tmpdir(), 'assemblies-'));
  private count = 0;

  private constructor(private readonly aws: LocalAws) {}

  /** Starts the local AWS; nothing is deployed yet. */
  static async start(): Promise<SmallStack> {
    return new SmallStack(await startLocalAws());
  }

  async dispose(): Promise<void> {
    await this.aws.dispose();
    rmSync(this.assemblies, { recursive: true, force: true });
  }

  get call() {
    return this.aws.endpoint.call;
  }

  /** Runs a command of the CLI on the app as these options make it. */
  run(command: string, options: SmallApp, ...args: string[]): Promise<CliResult> {
    this.count += 1;
    const assembly = join(this.assemblies, String(this.count));
    synthesize(assembly, options);
    return cdk(this.aws.endpoint, command, '--app', assembly, STACK, '--no-notices', ...args);
  }

  deploy(options: SmallApp, ...args: string[]): Promise<CliResult> {
    return this.run('deploy', options, '--require-approval=never', ...args);
  }

  /** Rejects when the stack does not exist. */
  async status(): Promise<string> {
    return (await this.describe()).StackStatus;
  }

  async output(key: string): Promise<string | undefined> {
    return (await this.describe()).Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  }

  /** Of the queue, in seconds. */
  async visibilityTimeout(): Promise<string | undefined> {
    const input = { QueueUrl: await this.output('QueueUrl'), AttributeNames: ['VisibilityTimeout'] };
    const { Attributes } = await this.call('sqs', 'GetQueueAttributes', input);
    return (Attributes as Record<string, string>).VisibilityTimeout;
  }

  private async describe(): Promise<Description> {
    const { Stacks } = await this.call('cloudformation', 'DescribeStacks', { StackName: STACK });
    return (Stacks as [Description])[0];
  }
}
