// What the runbook's entries are about, done to a deployment, each by its own cause: functions that may not do what they are for, an API
// whose function cannot run, a schedule that may start nothing, a run that is aborted. And mended again, as the entries say.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsEndpoint } from '@emotion-gallery/aws-local';
import type { VisitorResponse } from '../../../lambda/shared/contract/schemas';
import { webp } from '../../support/pictures';
import { GalleryClient, likeOf } from '../app/gallery-client';
import { outputsOf } from '../aws/support/cli';
import type { SkippingClock } from './skipping-clock';

export const PREFIX = 'emotion-gallery-prod';

/** What functions may not do while they are broken, by what names their alarm. */
const DENIED: Readonly<Record<string, readonly string[]>> = {
  like: ['personalize:PutEvents'],
  redeliver: ['personalize:PutEvents', 'dynamodb:Query'],
  catalog: ['s3:GetObject'],
  'forget-sweep': ['s3:ListBucket'],
};

/** The alarms that have to ring, with the entries that they name. */
export const ringing = [
  { alarm: 'function-errors-catalog', entry: 'function-errors' },
  { alarm: 'api-server-errors', entry: 'api-server-errors' },
  { alarm: 'training-failed', entry: 'training-failed' },
  ...[
    'given-up-likes',
    'given-up-sweeps',
    'given-up-pictures',
    'given-up-forgetting',
    'given-up-training-starts',
  ].map((name) => ({ alarm: name, entry: name })),
] as const;

const PICTURE = 'emotions/happy/broken.webp';
const PolicyName = 'broken-by-a-test';

interface Dimension {
  readonly Value: string;
}

interface Alarm {
  readonly StateValue: string;
  readonly AlarmDescription: string;
  readonly Dimensions?: readonly Dimension[];
  readonly Metrics?: readonly { readonly MetricStat?: { readonly Metric: { Dimensions: Dimension[] } } }[];
}

interface Statement {
  readonly Sid: string;
  readonly Condition?: { readonly ArnLike?: { readonly 'AWS:SourceArn'?: string } };
}

export class BreakableGallery {
  private readonly site: GalleryClient;
  private token = '';
  /** Taken from the function that looks what is due. */
  private readonly removed: { FunctionName: string; SourceArn: string; StatementId: string }[] = [];

  private constructor(
    private readonly aws: AwsEndpoint,
    private readonly clock: SkippingClock,
    private readonly outputs: Readonly<Record<string, string>>,
  ) {
    this.site = new GalleryClient(outputs.GalleryUrl ?? '');
  }

  static async of(aws: AwsEndpoint, clock: SkippingClock): Promise<BreakableGallery> {
    return new BreakableGallery(aws, clock, await outputsOf(aws));
  }

  close(): void {
    this.site.close();
  }

  private async alarm(name: string): Promise<Alarm> {
    const AlarmNames = [`${PREFIX}-${name}-alarm`];
    const { MetricAlarms } = await this.aws.call('monitoring', 'DescribeAlarms', { AlarmNames });
    const [alarm] = MetricAlarms as Alarm[];
    if (!alarm) throw new Error(`there is no alarm ${AlarmNames}`);
    return alarm;
  }

  /** The name or ARN of what an alarm watches. */
  private async watchedBy(name: string): Promise<string> {
    const { Dimensions = [], Metrics = [] } = await this.alarm(name);
    const [first] = [
      ...Dimensions,
      ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric.Dimensions ?? []),
    ];
    if (!first) throw new Error(`the alarm ${name} watches nothing`);
    return first.Value;
  }

  private functionOf = (name: string) => this.watchedBy(`function-errors-${name}`);

  private async roleOf(name: string): Promise<string> {
    const FunctionName = await this.functionOf(name);
    const { Role } = await this.aws.call('lambda', 'GetFunctionConfiguration', { FunctionName });
    return String(Role).split('/').at(-1) ?? '';
  }

  /** @returns the status of the answer to the visitor who opens the gallery */
  async ask(): Promise<number> {
    return (await this.site.send('/api/images?limit=1', { token: this.token })).status;
  }

  async break(): Promise<void> {
    const { token }: VisitorResponse = await this.site.createVisitor();
    this.token = token;
    for (const [name, Action] of Object.entries(DENIED)) {
      await this.aws.call('iam', 'PutRolePolicy', {
        RoleName: await this.roleOf(name),
        PolicyName,
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Action, Resource: '*' }],
        }),
      });
    }
    await this.likeInVain();
    await this.putPicture();
    await this.stopServing();
    await this.abortTraining();
    await this.forbidStarts();
  }

  private async likeInVain(): Promise<void> {
    const [image] = (await this.site.images(this.token)).images;
    if (!image) throw new Error('the gallery has no picture');
    // Each try follows the one before at once, not after the minutes that a function may take.
    await this.setRetryAfter(0);
    await this.site.like(this.token, [likeOf(image.itemId)]);
  }

  private async setRetryAfter(seconds: number): Promise<void> {
    await this.aws.call('sqs', 'SetQueueAttributes', {
      QueueUrl: await this.retryQueue(),
      Attributes: { VisibilityTimeout: String(seconds) },
    });
  }

  private async retryQueue(): Promise<string> {
    const FunctionName = await this.functionOf('like');
    const { Environment } = await this.aws.call('lambda', 'GetFunctionConfiguration', { FunctionName });
    return (Environment as { Variables: Record<string, string> }).Variables.RETRY_QUEUE_URL ?? '';
  }

  private async putPicture(): Promise<void> {
    const { BucketName: Bucket } = this.outputs;
    await this.aws.call('s3', 'PutObject', { Bucket, Key: PICTURE, Body: Buffer.from(await webp(64, 64)) });
  }

  private async stopServing(): Promise<void> {
    const FunctionName = await this.functionOf('images');
    await this.aws.call('lambda', 'PutFunctionConcurrency', {
      FunctionName,
      ReservedConcurrentExecutions: 0,
    });
    const status = await this.ask();
    if (status < 500) throw new Error(`the API answered ${status} although its function may not run`);
    await this.aws.call('lambda', 'DeleteFunctionConcurrency', { FunctionName });
  }

  private async abortTraining(): Promise<void> {
    const stateMachineArn = await this.watchedBy('training-failed');
    const { executionArn } = await this.aws.call('states', 'StartExecution', {
      stateMachineArn,
      input: JSON.stringify({ reason: 'look' }),
    });
    await this.aws.call('states', 'StopExecution', { executionArn, error: 'Aborted', cause: 'by a test' });
  }

  private async forbidStarts(): Promise<void> {
    const FunctionName = await this.functionOf('controller-sweep');
    const { Policy } = await this.aws.call('lambda', 'GetPolicy', { FunctionName });
    for (const { Sid: StatementId, Condition } of JSON.parse(String(Policy)).Statement as Statement[]) {
      const SourceArn = Condition?.ArnLike?.['AWS:SourceArn'] ?? '';
      if (!SourceArn.includes('EachMinute')) continue;
      await this.aws.call('lambda', 'RemovePermission', { FunctionName, StatementId });
      this.removed.push({ FunctionName, SourceArn, StatementId });
    }
    if (this.removed.length === 0) throw new Error(`no rule may start ${FunctionName}: ${Policy}`);
  }

  /** Lets minutes pass until each alarm has rung once. @returns what rang, with what it tells to do */
  async ring(): Promise<string[]> {
    const rang = new Map<string, string>();
    for (let look = 0; look < 150 && rang.size < ringing.length; look++) {
      for (const { alarm } of ringing) {
        const { StateValue, AlarmDescription } = await this.alarm(alarm);
        const [entry = ''] = /docs\/runbook\.md#\S+$/.exec(AlarmDescription) ?? [];
        if (StateValue === 'ALARM') rang.set(alarm, entry);
      }
      this.clock.skip(4000);
      await sleep(200);
    }
    return ringing.flatMap(({ alarm }) => (rang.has(alarm) ? [`${alarm}: ${rang.get(alarm)}`] : []));
  }

  async mend(): Promise<void> {
    for (const name of Object.keys(DENIED)) {
      await this.aws.call('iam', 'DeleteRolePolicy', { RoleName: await this.roleOf(name), PolicyName });
    }
    for (const each of this.removed) {
      const permission = { Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' };
      await this.aws.call('lambda', 'AddPermission', { ...each, ...permission });
    }
    await this.setRetryAfter(330);
  }
}
