// The CDK's framework for custom resources that take longer than a function may run: one function begins, another is asked again and
// again whether it is done.
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import type { Construct, IConstruct } from 'constructs';
import { acknowledge, acknowledgeWildcards } from './acknowledge';
import type { FunctionDefaults, NodeFunction } from './node-function';

export interface SlowProviderProps extends Pick<FunctionDefaults, 'logRetentionDays' | 'removalPolicy'> {
  /** Answers the event of CloudFormation. */
  readonly begin: NodeFunction;
  /** Tells whether what was begun is done. */
  readonly check: NodeFunction;
  readonly queryInterval: Duration;
}

/** CloudFormation waits an hour at most. */
const totalTimeout = Duration.minutes(55);

/** Makes the framework within `scope`. */
export function slowProvider(scope: Construct, props: SlowProviderProps): Provider {
  const { begin, check, queryInterval, logRetentionDays, removalPolicy } = props;
  const provider = new Provider(scope, 'Provider', {
    // Without one the CDK makes log groups that outlive the stack.
    logGroup: new LogGroup(scope, 'FrameworkLogs', { retention: logRetentionDays, removalPolicy }),
    onEventHandler: begin.function,
    isCompleteHandler: check.function,
    queryInterval,
    totalTimeout,
  });
  acknowledgeFramework(provider, [begin.function, check.function]);
  return provider;
}

function acknowledgeFramework(provider: Provider, handlers: readonly IFunction[]): void {
  const reason = "The CDK's framework decides this about its own functions and state machine.";
  const framework = provider.node.findAll().flatMap((child) => (isFunction(child) ? [child] : []));
  acknowledge(provider, {
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]':
      reason,
    'AwsSolutions-L1': reason,
    'NIST.800.53.R5-LambdaDLQ': reason,
    'Serverless-LambdaDLQ': reason,
    'Serverless-LambdaDefaultMemorySize': reason,
    'Serverless-StepFunctionStateMachineXray': reason,
    'AwsSolutions-SF1': reason,
    'AwsSolutions-SF2': reason,
  });
  const anyVersion = [...handlers, ...framework].map((target) => `${target.functionArn}:*`);
  acknowledgeWildcards(provider, reason, anyVersion);
}

function isFunction(construct: IConstruct): construct is IFunction {
  return construct.node.id.startsWith('framework-') && 'functionArn' in construct;
}
