// A template with a resource of every type that can be deployed on localhost, some under names that it gives.
const trust = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});
const allow = (Action: string, Resource: unknown, more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource, ...more }],
});
const ref = (Ref: string) => ({ Ref });
const arn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const joined = (...parts: readonly unknown[]) => ({ 'Fn::Join': ['', parts] });
const schema = (name: string, ...fields: readonly (readonly [string, string])[]) =>
  JSON.stringify({
    type: 'record',
    name,
    namespace: 'com.amazonaws.personalize.schema',
    fields: fields.map(([column, type]) => ({ name: column, type })),
    version: '1.0',
  });

const resource = (Type: string, Properties: object = {}, DependsOn?: string) => ({
  Type,
  Properties,
  DependsOn,
});

const personalize = {
  Group: resource('AWS::Personalize::DatasetGroup', { Name: 'every-group' }),
  Schema: resource('AWS::Personalize::Schema', {
    Name: 'every-interactions',
    Schema: schema(
      'Interactions',
      ['USER_ID', 'string'],
      ['ITEM_ID', 'string'],
      ['TIMESTAMP', 'long'],
      ['EVENT_TYPE', 'string'],
    ),
  }),
  Dataset: resource('AWS::Personalize::Dataset', {
    Name: 'every-interactions',
    DatasetGroupArn: { 'Fn::GetAtt': ['Group', 'DatasetGroupArn'] },
    DatasetType: 'Interactions',
    SchemaArn: { 'Fn::GetAtt': ['Schema', 'SchemaArn'] },
  }),
  Tracker: resource(
    'AWS::Personalize::EventTracker',
    { Name: 'every-tracker', DatasetGroupArn: { 'Fn::GetAtt': ['Group', 'DatasetGroupArn'] } },
    'Dataset',
  ),
  Filter: resource(
    'AWS::Personalize::Filter',
    {
      Name: 'every-filter',
      DatasetGroupArn: { 'Fn::GetAtt': ['Group', 'DatasetGroupArn'] },
      FilterExpression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("like")',
    },
    'Dataset',
  ),
};

const computing = {
  Role: resource('AWS::IAM::Role', { AssumeRolePolicyDocument: trust('lambda.amazonaws.com') }),
  NamedRole: resource('AWS::IAM::Role', {
    RoleName: 'every-role',
    AssumeRolePolicyDocument: trust('states.amazonaws.com'),
  }),
  CallerRole: resource('AWS::IAM::Role', { AssumeRolePolicyDocument: trust('scheduler.amazonaws.com') }),
  Policy: resource('AWS::IAM::Policy', {
    PolicyName: 'receive',
    PolicyDocument: allow('sqs:*', arn('Queue')),
    Roles: [ref('Role')],
  }),
  ManagedPolicy: resource('AWS::IAM::ManagedPolicy', {
    ManagedPolicyName: 'every-policy',
    PolicyDocument: allow('s3:ListAllMyBuckets', '*'),
  }),
  Function: resource('AWS::Lambda::Function', {
    Handler: 'index.handler',
    Runtime: 'nodejs22.x',
    Role: arn('Role'),
    Code: { ZipFile: 'exports.handler = async () => ({ statusCode: 200 });' },
  }),
  InvokeConfig: resource('AWS::Lambda::EventInvokeConfig', {
    FunctionName: ref('Function'),
    Qualifier: '$LATEST',
    MaximumRetryAttempts: 1,
  }),
  Permission: resource('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    FunctionName: ref('Function'),
    Principal: 'events.amazonaws.com',
  }),
  Mapping: resource(
    'AWS::Lambda::EventSourceMapping',
    { FunctionName: ref('Function'), EventSourceArn: arn('Queue') },
    'Policy',
  ),
  Layer: resource('AWS::Lambda::LayerVersion', {
    LayerName: 'every-layer',
    Content: { S3Bucket: 'cdk-layers', S3Key: 'layer.zip' },
  }),
  Machine: resource('AWS::StepFunctions::StateMachine', {
    StateMachineName: 'every-machine',
    RoleArn: arn('NamedRole'),
    DefinitionString: JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
  }),
};

const messaging = {
  Queue: resource('AWS::SQS::Queue', { VisibilityTimeout: 60 }),
  NamedQueue: resource('AWS::SQS::Queue', { QueueName: 'every-queue' }),
  QueuePolicy: resource('AWS::SQS::QueuePolicy', {
    Queues: [ref('NamedQueue')],
    PolicyDocument: allow('sqs:SendMessage', '*', { Principal: { Service: 'events.amazonaws.com' } }),
  }),
  Topic: resource('AWS::SNS::Topic', { TopicName: 'every-topic' }),
  TopicPolicy: resource('AWS::SNS::TopicPolicy', {
    Topics: [ref('Topic')],
    PolicyDocument: allow('sns:Publish', '*', { Principal: { Service: 'events.amazonaws.com' } }),
  }),
  Subscription: resource('AWS::SNS::Subscription', {
    TopicArn: ref('Topic'),
    Protocol: 'sqs',
    Endpoint: arn('NamedQueue'),
  }),
  EventBus: resource('AWS::Events::EventBus', { Name: 'every-bus' }),
  Rule: resource('AWS::Events::Rule', {
    Name: 'every-rule',
    EventPattern: { source: ['every'] },
    Targets: [{ Id: 'queue', Arn: arn('NamedQueue') }],
  }),
  ScheduleGroup: resource('AWS::Scheduler::ScheduleGroup', { Name: 'every-schedules' }),
  Schedule: resource('AWS::Scheduler::Schedule', {
    GroupName: ref('ScheduleGroup'),
    ScheduleExpression: 'rate(1 day)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: arn('NamedQueue'), RoleArn: arn('CallerRole') },
  }),
};

const storage = {
  Bucket: resource('AWS::S3::Bucket', { BucketName: 'every-bucket-of-this-test' }),
  BucketPolicy: resource('AWS::S3::BucketPolicy', {
    Bucket: ref('Bucket'),
    PolicyDocument: allow('s3:GetObject', joined(arn('Bucket'), '/*'), {
      Principal: { Service: 'personalize.amazonaws.com' },
    }),
  }),
  Table: resource('AWS::DynamoDB::Table', {
    TableName: 'every-table',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  }),
  Parameter: resource('AWS::SSM::Parameter', { Name: '/every/parameter', Type: 'String', Value: 'x' }),
  Secret: resource('AWS::SecretsManager::Secret', { Name: 'every-secret', GenerateSecretString: {} }),
};

const watching = {
  Logs: resource('AWS::Logs::LogGroup', { LogGroupName: '/every/logs' }),
  Alarm: resource('AWS::CloudWatch::Alarm', {
    AlarmName: 'every-alarm',
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    MetricName: 'Errors',
    Namespace: 'AWS/Lambda',
    Period: 60,
    Statistic: 'Sum',
    Threshold: 0,
  }),
  Dashboard: resource('AWS::CloudWatch::Dashboard', {
    DashboardName: 'every-dashboard',
    DashboardBody: '{"widgets":[]}',
  }),
  Budget: resource('AWS::Budgets::Budget', {
    Budget: { BudgetType: 'COST', TimeUnit: 'MONTHLY', BudgetLimit: { Amount: 1, Unit: 'USD' } },
  }),
};

const serving = {
  Api: resource('AWS::ApiGatewayV2::Api', { Name: 'every-api', ProtocolType: 'HTTP' }),
  Integration: resource('AWS::ApiGatewayV2::Integration', {
    ApiId: ref('Api'),
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: arn('Function'),
    PayloadFormatVersion: '2.0',
  }),
  Route: resource('AWS::ApiGatewayV2::Route', {
    ApiId: ref('Api'),
    RouteKey: 'GET /every',
    Target: joined('integrations/', ref('Integration')),
  }),
  Stage: resource('AWS::ApiGatewayV2::Stage', { ApiId: ref('Api'), StageName: '$default', AutoDeploy: true }),
  AccessControl: resource('AWS::CloudFront::OriginAccessControl', {
    OriginAccessControlConfig: {
      Name: 'every-access',
      OriginAccessControlOriginType: 's3',
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    },
  }),
  CachePolicy: resource('AWS::CloudFront::CachePolicy', {
    CachePolicyConfig: {
      Name: 'every-cache',
      DefaultTTL: 60,
      MaxTTL: 60,
      MinTTL: 0,
      ParametersInCacheKeyAndForwardedToOrigin: {
        CookiesConfig: { CookieBehavior: 'none' },
        HeadersConfig: { HeaderBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'none' },
        EnableAcceptEncodingGzip: true,
      },
    },
  }),
  OriginRequestPolicy: resource('AWS::CloudFront::OriginRequestPolicy', {
    OriginRequestPolicyConfig: {
      Name: 'every-origin-request',
      CookiesConfig: { CookieBehavior: 'none' },
      HeadersConfig: { HeaderBehavior: 'none' },
      QueryStringsConfig: { QueryStringBehavior: 'none' },
    },
  }),
  HeadersPolicy: resource('AWS::CloudFront::ResponseHeadersPolicy', {
    ResponseHeadersPolicyConfig: { Name: 'every-headers' },
  }),
  Distribution: resource('AWS::CloudFront::Distribution', {
    DistributionConfig: {
      Enabled: true,
      Origins: [
        {
          Id: 'bucket',
          DomainName: { 'Fn::GetAtt': ['Bucket', 'RegionalDomainName'] },
          OriginAccessControlId: { 'Fn::GetAtt': ['AccessControl', 'Id'] },
          S3OriginConfig: { OriginAccessIdentity: '' },
        },
      ],
      DefaultCacheBehavior: {
        TargetOriginId: 'bucket',
        ViewerProtocolPolicy: 'redirect-to-https',
        CachePolicyId: ref('CachePolicy'),
        OriginRequestPolicyId: ref('OriginRequestPolicy'),
        ResponseHeadersPolicyId: ref('HeadersPolicy'),
      },
    },
  }),
};

export const everyType = () => ({
  Resources: { ...personalize, ...computing, ...messaging, ...storage, ...watching, ...serving },
});
