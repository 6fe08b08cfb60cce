// The one place that says what a function of ours is: runtime, architecture, own role and log group, code, alarm.
import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  type IEventSource,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionName, GalleryAssets } from '../gallery-assets';
import { acknowledge } from './acknowledge';
import type { Alarms } from './alarms';

/** What all functions of one deployment have in common. */
export interface FunctionDefaults {
  readonly assets: GalleryAssets;
  /** Who is told when the function throws or runs out of time. */
  readonly alarms: Alarms;
  readonly logRetentionDays: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** The same of the functions behind the API. */
export interface ApiFunctionDefaults extends FunctionDefaults {
  /** Executions at a time of each. */
  readonly reservedConcurrency: number;
}

export interface NodeFunctionProps extends FunctionDefaults {
  readonly name: FunctionName;
  readonly description: string;
  /** What of the bundle is called. @default 'handler' */
  readonly exportName?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** @default 10 seconds */
  readonly timeout?: Duration;
  /** In MB; the share of the processor grows with it. @default 512 */
  readonly memorySize?: number;
  /** Executions at a time, kept for this function and its limit; 0 keeps none. @default 0 */
  readonly reservedConcurrency?: number;
  /** Where an asynchronous event goes that failed three times. @default - it is dropped */
  readonly deadLetterQueue?: IQueue;
}

const withoutEvents =
  'It is called by somebody who waits for the answer (the API, CloudFormation), so no event can get lost.';

export class NodeFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetentionDays,
      removalPolicy: props.removalPolicy,
    });
    // AWSLambdaBasicExecutionRole would allow every log group of the account.
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(this.role);
    this.function = new LambdaFunction(this, 'Resource', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(props.assets.functionDirectory(props.name)),
      handler: `index.${props.exportName ?? 'handler'}`,
      environment: {
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: props.name,
        ...props.environment,
      },
      timeout: props.timeout ?? Duration.seconds(10),
      memorySize: props.memorySize ?? 512,
      role: this.role,
      logGroup: this.logGroup,
      deadLetterQueue: props.deadLetterQueue,
      reservedConcurrentExecutions: props.reservedConcurrency || undefined,
    });
    if (!props.deadLetterQueue) {
      acknowledge(this.function, {
        'NIST.800.53.R5-LambdaDLQ': withoutEvents,
        'Serverless-LambdaDLQ': withoutEvents,
      });
    }
    // Two functions may come from one bundle, by what they call in it.
    const name = props.exportName ? `${props.name}-${props.exportName}` : props.name;
    props.alarms.watch(this, {
      name: `function-errors-${name}`,
      runbookEntry: 'function-errors',
      meaning: `The function ${name} threw or ran out of time`,
      metric: this.function.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' }),
    });
  }

  addEventSource(source: IEventSource): void {
    this.function.addEventSource(source);
  }
}
