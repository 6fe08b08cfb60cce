// An app as somebody else would write it, with what the CDK's constructs make of it: a board of notes that come as files or as requests.
import { App, CfnOutput, CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CorsHttpMethod, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { LambdaDestination, SnsDestination, SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { SqsSendMessage } from 'aws-cdk-lib/aws-scheduler-targets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { DynamoAttributeValue, DynamoPutItem } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  PhysicalResourceId,
  Provider,
} from 'aws-cdk-lib/custom-resources';

export const STACK = 'note-board';
export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

/** Uses the SDK as AWS's runtime has it: nothing of it is in the bundle. */
const BOARD = `
const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const { DynamoDBDocumentClient, PutCommand, ScanCommand } = require('@aws-sdk/lib-dynamodb');
const { GetObjectCommand, S3Client } = require('@aws-sdk/client-s3');
const { getSignedUrl } = require('@aws-sdk/s3-request-presigner');
const { Upload } = require('@aws-sdk/lib-storage');
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const s3 = new S3Client({ forcePathStyle: true });
const TableName = process.env.TABLE;
exports.handler = async (event) => {
  for (const { eventName, s3: { bucket, object } } of event.Records ?? []) {
    await new Upload({ client: s3, params: { Bucket: bucket.name, Key: 'out/' + object.key, Body: eventName } }).done();
    const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket: bucket.name, Key: 'out/' + object.key }));
    const read = await (await fetch(url)).text();
    await table.send(new PutCommand({ TableName, Item: { id: object.key, text: read } }));
  }
  const { Items } = await table.send(new ScanCommand({ TableName }));
  return { title: process.env.TITLE, notes: Items.map(({ id, text }) => id + ': ' + text).sort() };
};`;

/** The first question that the Provider asks; the second is answered no once. */
const SEED = `
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({});
exports.begin = async ({ RequestType, ResourceProperties }) => {
  if (RequestType !== 'Delete') await client.send(new PutItemCommand({
    TableName: ResourceProperties.Table, Item: { id: { S: 'seed' }, text: { S: ResourceProperties.Text } } }));
  return { PhysicalResourceId: 'seed', Data: { Text: ResourceProperties.Text } };
};
exports.isComplete = async () => ({ IsComplete: true, Data: { Done: 'yes' } });`;

export interface Board {
  readonly title: string;
}

/** Synthesizes the app into a folder, for the CLI's `--app`. */
export function synthesize(outdir: string, { title }: Board): void {
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, STACK, { env: { account: ACCOUNT, region: REGION } });
  const out = (name: string, value: string) => new CfnOutput(stack, name, { value });

  const table = new Table(stack, 'Notes', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const bucket = new Bucket(stack, 'Files', {
    autoDeleteObjects: true,
    removalPolicy: RemovalPolicy.DESTROY,
    eventBridgeEnabled: true,
  });
  const runtime = Runtime.NODEJS_22_X;
  const board = new LambdaFunction(stack, 'Board', {
    runtime,
    handler: 'index.handler',
    code: Code.fromInline(BOARD),
    timeout: Duration.seconds(20),
    environment: { TABLE: table.tableName, TITLE: title },
    logRetention: RetentionDays.ONE_WEEK,
  });
  table.grantReadWriteData(board);
  bucket.grantReadWrite(board);

  const news = new Queue(stack, 'News', { visibilityTimeout: Duration.seconds(5) });
  const topic = new Topic(stack, 'Topic');
  const filterPolicy = { kind: SubscriptionFilter.stringFilter({ allowlist: ['note'] }) };
  topic.addSubscription(new SqsSubscription(news, { rawMessageDelivery: true, filterPolicy }));
  const removals = new Topic(stack, 'Removals');
  removals.addSubscription(new SqsSubscription(news, { rawMessageDelivery: true }));
  bucket.addEventNotification(EventType.OBJECT_CREATED, new LambdaDestination(board), {
    prefix: 'in/',
    suffix: '.txt',
  });
  bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(news), { prefix: 'queue/' });
  bucket.addEventNotification(EventType.OBJECT_REMOVED, new SnsDestination(removals));
  new Rule(stack, 'Created', {
    eventPattern: { source: ['aws.s3'], detail: { object: { key: [{ prefix: 'rule/' }] } } },
    targets: [new SqsQueue(news)],
  });
  const bus = new EventBus(stack, 'Bus', { eventBusName: 'board' });
  new Rule(stack, 'OnBus', {
    eventBus: bus,
    eventPattern: { source: ['board'] },
    targets: [new SqsQueue(news)],
  });
  new Schedule(stack, 'Reminder', {
    schedule: ScheduleExpression.rate(Duration.days(1)),
    target: new SqsSendMessage(news),
  });

  const machine = new StateMachine(stack, 'Machine', {
    definitionBody: DefinitionBody.fromChainable(
      new DynamoPutItem(stack, 'Put', {
        table,
        item: {
          id: DynamoAttributeValue.fromString('machine'),
          text: DynamoAttributeValue.fromString('ran'),
        },
      }),
    ),
  });
  const api = new HttpApi(stack, 'Api', {
    corsPreflight: { allowOrigins: ['https://board.example'], allowMethods: [CorsHttpMethod.GET] },
  });
  api.addRoutes({
    path: '/notes',
    methods: [HttpMethod.GET],
    integration: new HttpLambdaIntegration('Notes', board),
  });

  const pages = new Bucket(stack, 'PageFiles', {
    autoDeleteObjects: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const site = new Distribution(stack, 'Site', {
    defaultBehavior: { origin: S3BucketOrigin.withOriginAccessControl(pages) },
    defaultRootObject: 'index.html',
  });
  new BucketDeployment(stack, 'Upload', {
    destinationBucket: pages,
    distribution: site,
    sources: [
      Source.data('index.html', `<h1>${title}</h1><p>${table.tableName}</p>`),
      Source.jsonData('config.json', { table: table.tableArn, nested: { api: api.apiEndpoint } }),
    ],
  });

  const parameter = new StringParameter(stack, 'Parameter', { stringValue: title });
  const secret = new Secret(stack, 'Secret', { removalPolicy: RemovalPolicy.DESTROY });
  const call = { service: 'SSM', action: 'GetParameter', parameters: { Name: parameter.parameterName } };
  const read = new AwsCustomResource(stack, 'Read', {
    onUpdate: { ...call, physicalResourceId: PhysicalResourceId.of(title) },
    policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: [parameter.parameterArn] }),
    installLatestAwsSdk: false,
  });
  const code = Code.fromInline(SEED);
  const onEventHandler = new LambdaFunction(stack, 'Begin', { runtime, code, handler: 'index.begin' });
  const isCompleteHandler = new LambdaFunction(stack, 'IsComplete', {
    runtime,
    code,
    handler: 'index.isComplete',
  });
  table.grantWriteData(onEventHandler);
  const { serviceToken } = new Provider(stack, 'Provider', { onEventHandler, isCompleteHandler });
  const seed = new CustomResource(stack, 'Seed', {
    serviceToken,
    properties: { Table: table.tableName, Text: title },
  });

  out('Bucket', bucket.bucketName);
  out('Pages', pages.bucketName);
  out('Table', table.tableName);
  out('TopicArn', topic.topicArn);
  out('NewsUrl', news.queueUrl);
  out('MachineArn', machine.stateMachineArn);
  out('SecretArn', secret.secretArn);
  out('Function', board.functionName);
  out('ReadText', read.getResponseField('Parameter.Value'));
  out('Seeded', `${seed.getAttString('Text')} ${seed.getAttString('Done')}`);
  out('ApiUrl', `${api.apiEndpoint}/notes`);
  out('SiteUrl', `https://${site.distributionDomainName}`);
  app.synth();
}
