// Stacks through the API: their tags, updates that change nothing, change sets, and functions that never answer.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import { type AwsEndpoint, createAwsEndpoint } from '../../src/endpoint';
import type { Shape } from '../../src/service';
import { eventually } from './harness';

const ACCOUNT = '000000000000';
const folder = mkdtempSync(join(tmpdir(), 'stacks-'));
let aws: AwsEndpoint;

beforeAll(async () => {
  aws = await createAwsEndpoint({
    stateDir: folder,
    region: 'us-east-1',
    accountId: ACCOUNT,
    awsPort: 0,
    sitePort: 0,
    clock: new RealClock(1),
    personalizeClock: new RealClock(1000),
    retiredRecipes: true,
    log: () => undefined,
  });
});

afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true, force: true });
});

const call = (service: string, operation: string, input: Shape) => aws.call(service, operation, input);
const Capabilities = ['CAPABILITY_IAM'];
const source = (StackName: string, Resources: object, Tags: object[] = []): Shape => ({
  StackName,
  TemplateBody: JSON.stringify({ Resources }),
  Tags,
  Capabilities,
});
async function statusOf(StackName: string): Promise<string> {
  return eventually(async () => {
    const { StackSummaries } = await call('cloudformation', 'ListStacks', {});
    const found = (StackSummaries as { StackName: string; StackStatus: string }[]).find(
      (stack) => stack.StackName === StackName,
    );
    return found?.StackStatus.endsWith('_IN_PROGRESS') ? undefined : found?.StackStatus;
  });
}

const trusting = (...Service: string[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
    },
  },
});
const functionOf = (Runtime: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    Runtime,
    Handler: 'index.handler',
    Code: { ZipFile: 'exports.handler = async () => 1' },
  },
});

const TAGGED = {
  Role: trusting('lambda.amazonaws.com', 'states.amazonaws.com'),
  Queue: { Type: 'AWS::SQS::Queue', Properties: { Tags: [{ Key: 'own', Value: 'one' }] } },
  Topic: { Type: 'AWS::SNS::Topic' },
  Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { SecretString: 'x' } },
  Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'v' } },
  Logs: { Type: 'AWS::Logs::LogGroup' },
  Bucket: { Type: 'AWS::S3::Bucket' },
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    },
  },
  Rule: { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['x'] } } },
  Group: { Type: 'AWS::Scheduler::ScheduleGroup' },
  Alarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'n',
      MetricName: 'm',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      Statistic: 'Sum',
    },
  },
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
  Stage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
  },
  Function: functionOf('nodejs20.x'),
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
      DefinitionString: '{"StartAt":"a","States":{"a":{"Type":"Succeed"}}}',
    },
  },
};

/** The tags of all resources of the stack `tagged`, as each service tells them. */
async function tagsOfAll(): Promise<Record<string, unknown>> {
  const { StackResources } = await call('cloudformation', 'DescribeStackResources', { StackName: 'tagged' });
  const ids = new Map(
    (StackResources as { LogicalResourceId: string; PhysicalResourceId: string }[]).map((resource) => [
      resource.LogicalResourceId,
      resource.PhysicalResourceId,
    ]),
  );
  const arn = (service: string, kind: string, id: string) =>
    `arn:aws:${service}:us-east-1:${ACCOUNT}:${kind}${ids.get(id)}`;
  const api = `arn:aws:apigateway:us-east-1::/apis/${ids.get('Api')}`;
  const questions: Record<string, [service: string, operation: string, input: Shape]> = {
    Role: ['iam', 'ListRoleTags', { RoleName: ids.get('Role') }],
    Queue: ['sqs', 'ListQueueTags', { QueueUrl: ids.get('Queue') }],
    Topic: ['sns', 'ListTagsForResource', { ResourceArn: ids.get('Topic') }],
    Secret: ['secretsmanager', 'DescribeSecret', { SecretId: ids.get('Secret') }],
    Parameter: [
      'ssm',
      'ListTagsForResource',
      { ResourceType: 'Parameter', ResourceId: ids.get('Parameter') },
    ],
    Logs: ['logs', 'ListTagsForResource', { resourceArn: arn('logs', 'log-group:', 'Logs') }],
    Bucket: ['s3', 'GetBucketTagging', { Bucket: ids.get('Bucket') }],
    Table: ['dynamodb', 'ListTagsOfResource', { ResourceArn: arn('dynamodb', 'table/', 'Table') }],
    Rule: ['events', 'ListTagsForResource', { ResourceARN: arn('events', 'rule/', 'Rule') }],
    Group: [
      'scheduler',
      'ListTagsForResource',
      { ResourceArn: arn('scheduler', 'schedule-group/', 'Group') },
    ],
    Alarm: ['monitoring', 'ListTagsForResource', { ResourceARN: arn('cloudwatch', 'alarm:', 'Alarm') }],
    Api: ['apigateway', 'GetTags', { ResourceArn: api }],
    Stage: ['apigateway', 'GetTags', { ResourceArn: `${api}/stages/$default` }],
    Function: ['lambda', 'ListTags', { Resource: ids.get('Function') }],
    Machine: ['states', 'ListTagsForResource', { resourceArn: ids.get('Machine') }],
  };
  const told: Record<string, unknown> = {};
  for (const [name, question] of Object.entries(questions)) {
    const { Tags, tags, TagSet, TagList } = await call(...question);
    const found = Tags ?? tags ?? TagSet ?? TagList;
    told[name] = Array.isArray(found)
      ? Object.fromEntries(found.map(({ Key, key, Value, value }) => [Key ?? key, Value ?? value]))
      : found;
  }
  return told;
}

const everywhere = (tags: object) => Object.fromEntries(Object.keys(TAGGED).map((name) => [name, tags]));

test('the tags of a stack and of its resources are on every type, and change with an update that changes nothing else', async () => {
  await call('cloudformation', 'CreateStack', source('tagged', TAGGED, [{ Key: 'team', Value: 'a' }]));
  expect(await statusOf('tagged')).toBe('CREATE_COMPLETE');
  expect(await tagsOfAll()).toEqual({ ...everywhere({ team: 'a' }), Queue: { own: 'one', team: 'a' } });

  const Queue = { ...TAGGED.Queue, Properties: { Tags: [{ Key: 'own', Value: 'two' }] } };
  const tags = [{ Key: 'owner', Value: 'b' }];
  await call('cloudformation', 'UpdateStack', source('tagged', { ...TAGGED, Queue }, tags));
  expect(await statusOf('tagged')).toBe('UPDATE_COMPLETE');
  expect(await tagsOfAll()).toEqual({ ...everywhere({ owner: 'b' }), Queue: { own: 'two', owner: 'b' } });
});

test('an update that changes nothing is refused, and a change set tells values and stays', async () => {
  const parameter = (Value: string) => ({
    P: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value } },
  });
  await call('cloudformation', 'CreateStack', source('plain', parameter('before')));
  expect(await statusOf('plain')).toBe('CREATE_COMPLETE');
  await expect(
    call('cloudformation', 'UpdateStack', source('plain', parameter('before'))),
  ).rejects.toMatchObject({
    code: 'ValidationError',
    message: 'No updates are to be performed.',
  });

  const { Id } = await call('cloudformation', 'CreateChangeSet', {
    ...source('plain', parameter('after')),
    ChangeSetName: 'later',
  });
  const described = (IncludePropertyValues: boolean) =>
    call('cloudformation', 'DescribeChangeSet', { ChangeSetName: Id, IncludePropertyValues });
  expect(JSON.stringify(await described(false))).not.toContain('after"');
  expect((await described(true)).Changes).toMatchObject([
    {
      ResourceChange: {
        Details: [{ Target: { Name: 'Value', BeforeValue: 'before', AfterValue: 'after' } }],
      },
    },
  ]);
  await call('cloudformation', 'ExecuteChangeSet', { ChangeSetName: Id });
  expect(await statusOf('plain')).toBe('UPDATE_COMPLETE');
  expect((await described(false)).ExecutionStatus).toBe('EXECUTE_COMPLETE');
});

const asking = (Runtime: string) => ({
  Role: trusting('lambda.amazonaws.com'),
  Function: functionOf(Runtime),
  Custom: { Type: 'Custom::Silent', Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] } } },
});

test('a stack that waits for a function that never answers can be deleted', async () => {
  await call('cloudformation', 'CreateStack', source('silent', asking('nodejs20.x')));
  await eventually(async () => {
    const { StackEvents } = await call('cloudformation', 'DescribeStackEvents', { StackName: 'silent' });
    return (StackEvents as { LogicalResourceId: string }[]).some(
      ({ LogicalResourceId }) => LogicalResourceId === 'Custom',
    );
  });
  await call('cloudformation', 'DeleteStack', { StackName: 'silent' });
  await eventually(async () => ((await statusOf('silent')) === 'DELETE_COMPLETE' ? true : undefined));
});

test('a custom resource whose function cannot run here fails at once, with the reason', async () => {
  await call('cloudformation', 'CreateStack', source('python', asking('python3.12')));
  expect(await statusOf('python')).toBe('ROLLBACK_COMPLETE');
  const { StackEvents } = await call('cloudformation', 'DescribeStackEvents', { StackName: 'python' });
  expect(JSON.stringify(StackEvents)).toContain(
    'has the runtime python3.12; functions run on localhost only',
  );
});

test('an AWS managed policy that is not among the known ones is told as such', async () => {
  const Role = trusting('lambda.amazonaws.com');
  const ManagedPolicyArns = ['arn:aws:iam::aws:policy/AmazonBraketFullAccess'];
  const Properties = { ...Role.Properties, ManagedPolicyArns };
  await call('cloudformation', 'CreateStack', source('braket', { Role: { ...Role, Properties } }));
  expect(await statusOf('braket')).toBe('ROLLBACK_COMPLETE');
  const { StackEvents } = await call('cloudformation', 'DescribeStackEvents', { StackName: 'braket' });
  expect(JSON.stringify(StackEvents)).toContain('AmazonBraketFullAccess is not known on localhost');
});

test('a stack of which something cannot be deleted is deleted by force, and what it is stays', async () => {
  await call('cloudformation', 'CreateStack', source('full', { Bucket: TAGGED.Bucket, Queue: TAGGED.Queue }));
  expect(await statusOf('full')).toBe('CREATE_COMPLETE');
  const { StackResourceDetail } = await call('cloudformation', 'DescribeStackResource', {
    StackName: 'full',
    LogicalResourceId: 'Bucket',
  });
  const Bucket = (StackResourceDetail as { PhysicalResourceId: string }).PhysicalResourceId;
  await call('s3', 'PutObject', { Bucket, Key: 'kept', Body: Buffer.from('x') });
  const force = { StackName: 'full', DeletionMode: 'FORCE_DELETE_STACK' };
  await expect(call('cloudformation', 'DeleteStack', force)).rejects.toThrow('DELETE_FAILED state');
  await call('cloudformation', 'DeleteStack', { StackName: 'full' });
  expect(await statusOf('full')).toBe('DELETE_FAILED');
  await call('cloudformation', 'DeleteStack', force);
  expect(await statusOf('full')).toBe('DELETE_COMPLETE');
  expect(await call('s3', 'HeadObject', { Bucket, Key: 'kept' })).toMatchObject({ ContentLength: 1 });
});

test('the recipes that AWS has retired are there where they were asked for', async () => {
  const recipeArn = 'arn:aws:personalize:::recipe/aws-hrnn';
  expect(await call('personalize', 'DescribeRecipe', { recipeArn })).toMatchObject({ recipe: { recipeArn } });
});

test('a property that is taken out goes back to its default, for each type', async () => {
  const lambda = functionOf('nodejs20.x');
  const settings = {
    Queue: { MessageRetentionPeriod: 100, ReceiveMessageWaitTimeSeconds: 5 },
    Function: {
      ...{ MemorySize: 256, Timeout: 9, Description: 'd', EphemeralStorage: { Size: 1024 } },
      ...{ LoggingConfig: { LogFormat: 'JSON' }, TracingConfig: { Mode: 'Active' } },
    },
    Role: { Description: 'd', MaxSessionDuration: 7200 },
    Subscription: { FilterPolicy: { a: ['b'] }, RawMessageDelivery: true },
  };
  const resources = (added: Partial<typeof settings>) => ({
    Role: {
      ...trusting('lambda.amazonaws.com'),
      Properties: { ...trusting('lambda.amazonaws.com').Properties, ...added.Role },
    },
    Topic: { Type: 'AWS::SNS::Topic' },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'reset', ...added.Queue } },
    Function: {
      ...lambda,
      Properties: { ...lambda.Properties, FunctionName: 'reset', ...added.Function },
    },
    Subscription: {
      Type: 'AWS::SNS::Subscription',
      Properties: {
        ...{ TopicArn: { Ref: 'Topic' }, Protocol: 'sqs', Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
        ...added.Subscription,
      },
    },
  });
  const read = async () => {
    const { Attributes } = await call('sqs', 'GetQueueAttributes', {
      ...{ QueueUrl: 'reset', AttributeNames: Object.keys(settings.Queue) },
    });
    const lambdaNow = await call('lambda', 'GetFunctionConfiguration', { FunctionName: 'reset' });
    const { Subscriptions } = await call('sns', 'ListSubscriptions', {});
    const found = (Subscriptions as { SubscriptionArn: string; Endpoint: string }[]).find(({ Endpoint }) =>
      Endpoint.endsWith(':reset'),
    );
    const subscription = await call('sns', 'GetSubscriptionAttributes', {
      SubscriptionArn: found?.SubscriptionArn,
    });
    const { Role } = await call('iam', 'GetRole', { RoleName: String(lambdaNow.Role).split('/').at(-1) });
    const { MaxSessionDuration } = Role as Shape;
    return {
      Queue: Attributes,
      Function: Object.fromEntries(
        Object.keys(settings.Function).map((name) => [name, lambdaNow[name] as unknown]),
      ),
      MaxSessionDuration,
      Filter: (subscription.Attributes as Shape).FilterPolicy,
      Raw: (subscription.Attributes as Shape).RawMessageDelivery,
    };
  };
  await call('cloudformation', 'CreateStack', source('reset', resources({})));
  expect(await statusOf('reset')).toBe('CREATE_COMPLETE');
  const before = await read();
  await call('cloudformation', 'UpdateStack', source('reset', resources(settings)));
  expect(await statusOf('reset')).toBe('UPDATE_COMPLETE');
  expect(await read()).toMatchObject({
    MaxSessionDuration: 7200,
    Function: { MemorySize: 256 },
    Raw: 'true',
  });
  await call('cloudformation', 'UpdateStack', source('reset', resources({})));
  expect(await statusOf('reset')).toBe('UPDATE_COMPLETE');
  // Members that are not set may be there.
  expect(JSON.parse(JSON.stringify(await read()))).toEqual(JSON.parse(JSON.stringify(before)));
});

test('what a stack tells: secrets as stars, values of SSM parameters, properties in events, and outputs after its end', async () => {
  await call('ssm', 'PutParameter', { Name: '/told', Type: 'String', Value: 'from-ssm' });
  const TemplateBody = JSON.stringify({
    Parameters: {
      Hidden: { Type: 'String', NoEcho: true },
      Attribute: { Type: 'String', Default: 'TopicName' },
      Named: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/told' },
    },
    Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'Named' } } } },
    Outputs: {
      Display: { Value: { 'Fn::GetAtt': ['Topic', 'DisplayName'] } },
      Chosen: { Value: { 'Fn::GetAtt': ['Topic', { Ref: 'Attribute' }] } },
    },
  });
  const Parameters = [{ ParameterKey: 'Hidden', ParameterValue: 'secret' }];
  const StackName = 'telling';
  // A stack that waits for its first change set may be made without it.
  await call('cloudformation', 'CreateChangeSet', {
    ...{ StackName, ChangeSetName: 'first', ChangeSetType: 'CREATE', TemplateBody, Parameters, Capabilities },
  });
  const { StackId } = await call('cloudformation', 'CreateStack', { StackName, TemplateBody, Parameters });
  expect(await statusOf(StackName)).toBe('CREATE_COMPLETE');
  const set = await call('cloudformation', 'DescribeChangeSet', { StackName, ChangeSetName: 'first' });
  expect(set).toMatchObject({ ExecutionStatus: 'OBSOLETE' });
  const { StackEvents } = await call('cloudformation', 'DescribeStackEvents', { StackName });
  const events = (StackEvents as Shape[]).filter(({ LogicalResourceId }) => LogicalResourceId === 'Topic');
  expect(events).toMatchObject([
    { ResourceStatus: 'CREATE_COMPLETE', EventId: expect.stringMatching(/^Topic-CREATE_COMPLETE-20/) },
    { ResourceStatus: 'CREATE_IN_PROGRESS', ResourceStatusReason: 'Resource creation Initiated' },
    { ResourceStatus: 'CREATE_IN_PROGRESS', ResourceProperties: '{"DisplayName":"from-ssm"}' },
  ]);
  await call('cloudformation', 'DeleteStack', { StackName });
  const told = await eventually(async () => {
    const { Stacks } = await call('cloudformation', 'DescribeStacks', { StackName: StackId });
    const [stack] = Stacks as Shape[];
    return stack?.StackStatus === 'DELETE_COMPLETE' ? stack : undefined;
  });
  expect(told.Parameters).toEqual([
    { ParameterKey: 'Attribute', ParameterValue: 'TopicName' },
    { ParameterKey: 'Hidden', ParameterValue: '****' },
    { ParameterKey: 'Named', ParameterValue: '/told', ResolvedValue: 'from-ssm' },
  ]);
  expect(told.Outputs).toMatchObject([
    { OutputKey: 'Display', OutputValue: 'from-ssm' },
    { OutputKey: 'Chosen', OutputValue: expect.stringMatching(/^telling-Topic-/) },
  ]);
});

test.each([
  ['DescribeStackResource', { LogicalResourceId: 'x' }, "Stack 'nobody' does not exist"],
  ['DescribeChangeSet', { ChangeSetName: 'x' }, 'Stack [nobody] does not exist'],
  ['DeleteChangeSet', { ChangeSetName: 'x' }, 'Stack [nobody] does not exist'],
  ['GetTemplate', {}, 'Stack with id nobody does not exist'],
])('%s words a stack that is not there as recorded', async (operation, input, message) => {
  await expect(call('cloudformation', operation, { StackName: 'nobody', ...input })).rejects.toThrow(message);
});

test('an alarm reaches a topic that says nothing of who may publish; an event rule does not', async () => {
  const topic = await call('sns', 'CreateTopic', { Name: 'plain' });
  const policy = (Resource: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource }],
    });
  const Endpoint = `arn:aws:sqs:us-east-1:${ACCOUNT}:heard`;
  await call('sqs', 'CreateQueue', { QueueName: 'heard', Attributes: { Policy: policy(Endpoint) } });
  await call('sns', 'Subscribe', { ...topic, Protocol: 'sqs', Endpoint });
  await call('events', 'PutRule', { Name: 'plain', EventPattern: '{"source":["aws.cloudwatch"]}' });
  await call('events', 'PutTargets', { Rule: 'plain', Targets: [{ Id: 'topic', Arn: topic.TopicArn }] });
  await call('monitoring', 'PutMetricAlarm', {
    ...{ AlarmName: 'loud', Namespace: 'n', MetricName: 'm', Statistic: 'Sum', Period: 60 },
    ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
    AlarmActions: [topic.TopicArn],
  });
  await call('monitoring', 'SetAlarmState', {
    ...{ AlarmName: 'loud', StateValue: 'ALARM', StateReason: 'tried' },
  });
  const bodies: string[] = [];
  await eventually(async () => {
    const input = { QueueUrl: 'heard', MaxNumberOfMessages: 10, WaitTimeSeconds: 1 };
    const { Messages = [] } = await call('sqs', 'ReceiveMessage', input);
    bodies.push(...(Messages as { Body: string }[]).map(({ Body }) => Body));
    return bodies.length > 0 ? true : undefined;
  });
  expect(bodies).toEqual([expect.stringContaining('AlarmName')]);
  const { Attributes } = await call('sns', 'GetTopicAttributes', topic);
  expect((Attributes as Shape).Policy).toContain('__default_policy_ID');
});

test.each<[Record<string, string>, string]>([
  [{ FilterPolicyScope: 'x' }, 'FilterPolicyScope: Invalid value [x]. Please use either MessageBody or'],
  [{ FilterPolicy: '{"a":{"b":["c"]}}' }, 'MessageAttributes does not support nested filter policy'],
  [
    { FilterPolicy: '{"a":[1],"b":[1],"c":[1],"d":[1],"e":[1],"f":[1]}' },
    'Filter policy can not have more than 5 keys',
  ],
  [
    {
      FilterPolicyScope: 'MessageBody',
      FilterPolicy: '{"a":{"b":{"c":[1,2,3,4]}},"d":{"e":[1,2,3]},"f":[1,2,3]}',
    },
    'FilterPolicy: Filter policy is too complex',
  ],
])('a subscription with %j is refused: %s', async (Attributes, message) => {
  const { TopicArn } = await call('sns', 'CreateTopic', { Name: 'filtered' });
  const Endpoint = `arn:aws:sqs:us-east-1:${ACCOUNT}:any`;
  await expect(call('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint, Attributes })).rejects.toThrow(
    message,
  );
});

test('parameters are found by their ARNs, and with one slash before or without; what is no path is refused', async () => {
  await call('ssm', 'PutParameter', { Name: 'single', Type: 'String', Value: 'v' });
  const { Parameter } = await call('ssm', 'GetParameter', { Name: '/single' });
  const { ARN: Name } = Parameter as Shape;
  expect(await call('ssm', 'GetParameter', { Name })).toEqual({ Parameter });
  await expect(call('ssm', 'GetParameter', { Name: 'a/b' })).rejects.toThrow('sub-paths divided by slash');
});

test('events for a bus that is not there are taken; more than 256 KB at once are not', async () => {
  const entry = { EventBusName: 'nowhere', Source: 's', DetailType: 't', Detail: '{}' };
  expect(await call('events', 'PutEvents', { Entries: [entry] })).toMatchObject({
    ...{ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] },
  });
  const Detail = JSON.stringify({ payload: 'p'.repeat(256 * 1024) });
  await expect(call('events', 'PutEvents', { Entries: [{ ...entry, Detail }] })).rejects.toThrow(
    'Total size of the entries in the request is over the limit.',
  );
});

test('a version of a secret is of the stage that is asked for, too', async () => {
  const { VersionId } = await call('secretsmanager', 'CreateSecret', { Name: 'staged', SecretString: 'x' });
  const asked = (input: Shape) => call('secretsmanager', 'GetSecretValue', { SecretId: 'staged', ...input });
  expect(await asked({ VersionId, VersionStage: 'AWSCURRENT' })).toMatchObject({ SecretString: 'x' });
  await expect(asked({ VersionId, VersionStage: 'AWSPREVIOUS' })).rejects.toThrow('not associated to');
  await expect(asked({ VersionId: 'none' })).rejects.toThrow('specified secret value for VersionId: none');
});

test('a document may be a text that Fn::Sub fills in, for policies of every kind, patterns and machines', async () => {
  const statement = (Resource: string, rest: object = {}) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource, ...rest }],
    });
  const pseudo = (name: string) => `\${AWS::${name}}`;
  const sub = (text: string) => ({ 'Fn::Sub': text });
  const arn = `arn:${pseudo('Partition')}:sqs:${pseudo('Region')}:${pseudo('AccountId')}:texts`;
  const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"states.${pseudo('URLSuffix')}"},"Action":"sts:AssumeRole"}]}`;
  const resources = {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'texts',
        AssumeRolePolicyDocument: sub(trust),
        Policies: [{ PolicyName: 'inline', PolicyDocument: sub(statement(arn)) }],
      },
    },
    Policy: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { ManagedPolicyName: 'texts', PolicyDocument: sub(statement(arn)) },
    },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'texts' } },
    QueuePolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Queue' }],
        PolicyDocument: sub(statement(arn, { Principal: { Service: 'sns.amazonaws.com' } })),
      },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: { Name: 'texts', EventPattern: sub(`{"source":["${pseudo('Region')}"]}`) },
    },
  };
  await call('cloudformation', 'CreateStack', {
    ...source('texts', resources),
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  expect(await statusOf('texts')).toBe('CREATE_COMPLETE');
  const { PolicyDocument } = await call('iam', 'GetRolePolicy', { RoleName: 'texts', PolicyName: 'inline' });
  expect(decodeURIComponent(String(PolicyDocument))).toContain(`arn:aws:sqs:us-east-1:${ACCOUNT}:texts`);
  const { EventPattern } = await call('events', 'DescribeRule', { Name: 'texts' });
  expect(EventPattern).toBe('{"source":["us-east-1"]}');
});

test('what a template says of a resource beside its properties is an update, and named as one', async () => {
  const StackName = 'attributed';
  const topic = (rest: object) => source(StackName, { Topic: { Type: 'AWS::SNS::Topic', ...rest } });
  await call('cloudformation', 'CreateStack', topic({ UpdateReplacePolicy: 'Retain' }));
  await statusOf(StackName);
  const changed = topic({ Metadata: { a: 'b' } });
  await call('cloudformation', 'CreateChangeSet', { ...changed, ChangeSetName: 'attributes' });
  const { Changes } = await call('cloudformation', 'DescribeChangeSet', {
    ...{ StackName, ChangeSetName: 'attributes' },
  });
  expect(Changes).toMatchObject([
    {
      ResourceChange: { Action: 'Modify', Replacement: 'False', Scope: ['Metadata', 'UpdateReplacePolicy'] },
    },
  ]);
  await call('cloudformation', 'UpdateStack', changed);
  expect(await statusOf(StackName)).toBe('UPDATE_COMPLETE');
  await expect(call('cloudformation', 'UpdateStack', changed)).rejects.toThrow(
    'No updates are to be performed.',
  );
});

test('a rule hands events on to another bus as they are, if its role may; what no target can be is refused', async () => {
  const allow = (Action: string, Resource: string) =>
    JSON.stringify({
      ...{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] },
    });
  const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${ACCOUNT}:${rest}`;
  for (const Name of ['one', 'two']) await call('events', 'CreateEventBus', { Name });
  const { AssumeRolePolicyDocument } = trusting('events.amazonaws.com').Properties;
  await call('iam', 'CreateRole', {
    ...{ RoleName: 'bus', AssumeRolePolicyDocument: JSON.stringify(AssumeRolePolicyDocument) },
  });
  await call('iam', 'PutRolePolicy', {
    ...{ RoleName: 'bus', PolicyName: 'put', PolicyDocument: allow('events:PutEvents', '*') },
  });
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: arn('sqs', 'bussed') },
    ],
  });
  await call('sqs', 'CreateQueue', { QueueName: 'bussed', Attributes: { Policy } });
  const rule = async (EventBusName: string, target: Shape) => {
    await call('events', 'PutRule', { Name: 'r', EventBusName, EventPattern: '{"source":["s"]}' });
    await call('events', 'PutTargets', { Rule: 'r', EventBusName, Targets: [{ Id: 't', ...target }] });
  };
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/bus`;
  await rule('one', { Arn: arn('events', 'event-bus/two'), RoleArn });
  await rule('two', { Arn: arn('sqs', 'bussed') });
  const entry = { EventBusName: 'one', Source: 's', DetailType: 't', Detail: '{"a":1}' };
  const { Entries } = await call('events', 'PutEvents', { Entries: [entry] });
  const [{ EventId }] = Entries as [{ EventId: string }];
  const body = await eventually(async () => {
    const input = { QueueUrl: 'bussed', WaitTimeSeconds: 1 };
    const { Messages } = await call('sqs', 'ReceiveMessage', input);
    return (Messages as { Body: string }[] | undefined)?.[0]?.Body;
  });
  expect(JSON.parse(body)).toMatchObject({ id: EventId, source: 's', detail: { a: 1 } });
  await expect(rule('two', { Arn: arn('kinesis', 'stream/x') })).rejects.toThrow(
    'Targets of the kind kinesis are not supported on localhost',
  );
});

test('a bucket that wants more of its encryption than there is fails, and says what', async () => {
  const Properties = {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
          BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
        },
      ],
    },
  };
  const Bucket = { Type: 'AWS::S3::Bucket', Properties };
  await call('cloudformation', 'CreateStack', source('blocked', { Bucket }));
  expect(await statusOf('blocked')).toBe('ROLLBACK_COMPLETE');
  const events = await call('cloudformation', 'DescribeStackEvents', { StackName: 'blocked' });
  expect(JSON.stringify(events)).toContain('BlockedEncryptionTypes');
});
