// A small stack that has one of each kind: plain resources, references, a custom resource, an output.
import { App, CfnOutput, CustomResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Duration } from 'aws-cdk-lib/core';

export interface SmallApp {
  readonly tableName?: string;
  readonly visibilitySeconds?: number;
  readonly greeting?: string;
  /** In the function's code. @default 'people' */
  readonly audience?: string;
  /** Adds a role whose trust policy is refused, behind everything else. */
  readonly broken?: boolean;
  readonly keepTable?: boolean;
}

/** Answers with the greeting, so that its result shows in an output. */
const code = (audience: string) => `
exports.handler = async (event) => {
  const { ResponseURL, StackId, RequestId, LogicalResourceId, ResourceProperties } = event;
  const answer = { Status: 'SUCCESS', StackId, RequestId, LogicalResourceId,
    PhysicalResourceId: 'greeter', Data: { Text: ResourceProperties.Greeting + ', ${audience}' } };
  await fetch(ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body: JSON.stringify(answer) });
};`;

export const STACK = 'small-app';

/** Synthesizes the app into a folder, for the CLI's `--app`. */
export function synthesize(outdir: string, options: SmallApp = {}): void {
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, STACK);
  const table = new Table(stack, 'Table', {
    tableName: options.tableName ?? 'pictures-1',
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    removalPolicy: options.keepTable ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  const queue = new Queue(stack, 'Queue', {
    visibilityTimeout: Duration.seconds(options.visibilitySeconds ?? 30),
  });
  const parameter = new StringParameter(stack, 'Parameter', {
    parameterName: '/small/table',
    stringValue: table.tableArn,
  });
  const greeter = new LambdaFunction(stack, 'Greeter', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(code(options.audience ?? 'people')),
  });
  const greeting = new CustomResource(stack, 'Greeting', {
    serviceToken: greeter.functionArn,
    properties: { Greeting: options.greeting ?? 'Hello' },
  });
  new CfnOutput(stack, 'QueueUrl', { value: queue.queueUrl });
  new CfnOutput(stack, 'Text', { value: greeting.getAttString('Text') });
  if (options.broken) {
    const role = new CfnRole(stack, 'Broken', { assumeRolePolicyDocument: { Statement: 'nobody' } });
    role.node.addDependency(parameter, queue, greeting);
  }
  app.synth();
}
