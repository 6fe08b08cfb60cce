// The Engagement stack: the functions' environments and permissions, the routes, and what follows a like.
import { Match } from 'aws-cdk-lib/assertions';
import { apiFunctionNames } from '../../lib/gallery-assets';
import { type AllowedStatement, allowedTo, functionNamed } from './permissions';
import { synthesize } from './synthesize';

const synthesized = synthesize({
  minimumUsers: '30',
  minimumInteractions: '2000',
  visitorTokenDays: '7',
  reservedConcurrency: '5',
});
const engagement = synthesized.template('engagement');

const common = ['NODE_OPTIONS', 'POWERTOOLS_SERVICE_NAME'];
const serving = ['ITEMS_TABLE', 'LIKES_TABLE', 'VISITORS_TABLE', 'VISITOR_SECRET_ARN', 'DATASET_GROUP_ARN'];
const environments: Record<string, readonly string[]> = {
  catalog: ['GALLERY_BUCKET', 'ITEMS_TABLE', 'ITEMS_DATASET_ARN'],
  visitors: [
    'VISITORS_TABLE',
    'USERS_DATASET_ARN',
    'VISITOR_SECRET_ARN',
    'DATASET_GROUP_ARN',
    'VISITOR_TOKEN_DAYS',
  ],
  images: serving,
  like: [
    ...['ITEMS_TABLE', 'VISITORS_TABLE', 'LIKES_TABLE', 'TOTALS_TABLE', 'UNDELIVERED_TABLE'],
    ...['RETRY_QUEUE_URL', 'TRACKING_ID', 'VISITOR_SECRET_ARN', 'DATASET_GROUP_ARN'],
  ],
  redeliver: [
    ...[
      'ITEMS_TABLE',
      'VISITORS_TABLE',
      'TOTALS_TABLE',
      'UNDELIVERED_TABLE',
      'TRACKING_ID',
      'ITEMS_DATASET_ARN',
    ],
    ...['USERS_DATASET_ARN', 'DATASET_GROUP_ARN', 'MINIMUM_USERS', 'MINIMUM_INTERACTIONS'],
  ],
  progress: [
    ...['ITEMS_TABLE', 'TOTALS_TABLE', 'LIKES_TABLE', 'DATASET_GROUP_ARN'],
    ...['MINIMUM_USERS', 'MINIMUM_INTERACTIONS'],
  ],
  operator: [
    ...['VISITORS_TABLE', 'USERS_DATASET_ARN', 'VISITOR_SECRET_ARN', 'OPERATOR_SECRET_ARN'],
    ...['OPERATORS_TABLE', 'DATASET_GROUP_ARN', 'VISITOR_TOKEN_DAYS'],
  ],
  curate: [
    ...['GALLERY_BUCKET', 'GALLERY_BUCKET_HOST', 'ITEMS_TABLE', 'OPERATORS_TABLE'],
    ...['OPERATOR_SECRET_ARN', 'DATASET_GROUP_ARN'],
  ],
  forget: [
    ...['VISITOR_SECRET_ARN', 'DATASET_GROUP_ARN', 'GALLERY_BUCKET', 'VISITORS_TABLE'],
    ...['LIKES_TABLE', 'TOTALS_TABLE', 'UNDELIVERED_TABLE'],
  ],
  'forget-sweep': ['GALLERY_BUCKET', 'DATASET_GROUP_ARN', 'PERSONALIZE_ROLE_ARN'],
  recommend: [
    ...[...serving, 'PERSONAL_CAMPAIGN_ARN', 'IN_GALLERY_FILTER_ARN', 'NOT_LIKED_FILTER_ARN'],
    ...['BY_EMOTION_FILTER_ARN', 'BY_EMOTION_NOT_LIKED_FILTER_ARN'],
  ],
  similar: [...serving, 'SIMILAR_CAMPAIGN_ARN', 'IN_GALLERY_FILTER_ARN'],
  ranking: [...serving, 'RANKING_CAMPAIGN_ARN'],
  status: ['RUNS_TABLE', 'OPERATORS_TABLE', 'OPERATOR_SECRET_ARN', 'DATASET_GROUP_ARN'],
  training: ['PIPELINE_ARN', 'RUNS_TABLE', 'OPERATORS_TABLE', 'OPERATOR_SECRET_ARN', 'DATASET_GROUP_ARN'],
  openapi: [],
};

test.each(Object.entries(environments))(
  '%s gets the variables that it reads, and no other',
  (name, variables) => {
    const { Properties } = functionNamed(engagement, name);
    expect(Object.keys(Properties.Environment.Variables).sort()).toEqual([...common, ...variables].sort());
  },
);

const readsForServing = {
  'dynamodb:Query': [
    'ItemsTable/index/byEmotion',
    'ItemsTable/index/pictures',
    'LikesTable',
    'LikesTable/index/latest',
  ],
  'dynamodb:GetItem': ['VisitorsTable'],
  'secretsmanager:GetSecretValue': ['VisitorSecret'],
};
const campaign = (model: string) => `campaign/emotion-gallery-dev-${model}`;

/** Actions to resources, as far as a resource can be told: the logical id, or what follows it. */
const permissions: Record<string, Record<string, readonly string[]>> = {
  catalog: {
    'dynamodb:GetItem': ['ItemsTable'],
    'dynamodb:Query': ['ItemsTable/index/byEmotion', 'ItemsTable/index/pictures'],
    'dynamodb:UpdateItem': ['ItemsTable'],
    's3:GetObject': ['GalleryBucket/emotions/*'],
    's3:ListBucket': ['GalleryBucket'],
    's3:PutObject': ['GalleryBucket/pictures/*'],
    's3:DeleteObject': ['GalleryBucket/pictures/*'],
    'personalize:PutItems': ['ItemsDataset'],
    'sqs:SendMessage': ['CatalogIngestionGivenUp'],
  },
  visitors: {
    'dynamodb:PutItem': ['VisitorsTable'],
    'dynamodb:UpdateItem': ['VisitorsTable'],
    'secretsmanager:GetSecretValue': ['VisitorSecret'],
    'personalize:PutUsers': ['UsersDataset'],
  },
  images: {
    'dynamodb:Query': ['ItemsTable/index/byEmotion', 'ItemsTable/index/pictures', 'LikesTable'],
    'dynamodb:GetItem': ['VisitorsTable'],
    'secretsmanager:GetSecretValue': ['VisitorSecret'],
  },
  like: {
    'dynamodb:BatchGetItem': ['ItemsTable'],
    'dynamodb:PutItem': ['LikesTable', 'UndeliveredTable'],
    'dynamodb:UpdateItem': ['TotalsTable', 'VisitorsTable'],
    'dynamodb:DeleteItem': ['UndeliveredTable'],
    'personalize:PutEvents': ['*'],
    'sqs:SendMessage': ['LikeDeliveryRetry'],
    'secretsmanager:GetSecretValue': ['VisitorSecret'],
  },
  redeliver: {
    'dynamodb:GetItem': ['UndeliveredTable'],
    'dynamodb:Query': ['ItemsTable/index/unsent', 'UndeliveredTable', 'VisitorsTable/index/unsent'],
    'dynamodb:UpdateItem': ['ItemsTable', 'TotalsTable', 'UndeliveredTable', 'VisitorsTable'],
    'dynamodb:DeleteItem': ['UndeliveredTable'],
    'dynamodb:BatchGetItem': ['TotalsTable'],
    'personalize:PutEvents': ['*'],
    'personalize:PutUsers': ['UsersDataset'],
    'personalize:PutItems': ['ItemsDataset'],
    'events:PutEvents': ['event-bus/default'],
    'sqs:SendMessage': ['LikeDeliveryMissedSweeps'],
    'sqs:ReceiveMessage': ['LikeDeliveryRetry'],
    'sqs:DeleteMessage': ['LikeDeliveryRetry'],
    'sqs:ChangeMessageVisibility': ['LikeDeliveryRetry'],
    'sqs:GetQueueAttributes': ['LikeDeliveryRetry'],
    'sqs:GetQueueUrl': ['LikeDeliveryRetry'],
  },
  progress: {
    'dynamodb:BatchGetItem': ['TotalsTable'],
    'dynamodb:UpdateItem': ['TotalsTable'],
    'dynamodb:Query': ['ItemsTable/index/byEmotion', 'ItemsTable/index/pictures', 'LikesTable/index/latest'],
    'events:PutEvents': ['event-bus/default'],
  },
  operator: {
    'dynamodb:GetItem': ['OperatorsTable'],
    'dynamodb:PutItem': ['VisitorsTable'],
    'dynamodb:UpdateItem': ['VisitorsTable'],
    'secretsmanager:GetSecretValue': ['OperatorSecret', 'VisitorSecret'],
    'personalize:PutUsers': ['UsersDataset'],
  },
  curate: {
    'dynamodb:BatchGetItem': ['ItemsTable'],
    'dynamodb:Scan': ['ItemsTable'],
    'dynamodb:Query': ['ItemsTable/index/byEmotion', 'ItemsTable/index/pictures'],
    'dynamodb:GetItem': ['OperatorsTable'],
    'secretsmanager:GetSecretValue': ['OperatorSecret'],
    's3:GetObject': ['GalleryBucket/emotions/*', 'GalleryBucket/removed/*'],
    's3:PutObject': ['GalleryBucket/emotions/*', 'GalleryBucket/removed/*'],
    's3:DeleteObject': ['GalleryBucket/emotions/*', 'GalleryBucket/removed/*'],
    's3:ListBucket': ['GalleryBucket'],
  },
  forget: {
    'dynamodb:GetItem': ['VisitorsTable'],
    'dynamodb:Query': ['LikesTable', 'UndeliveredTable'],
    'dynamodb:DeleteItem': ['LikesTable', 'UndeliveredTable', 'VisitorsTable'],
    'dynamodb:UpdateItem': ['TotalsTable'],
    'secretsmanager:GetSecretValue': ['VisitorSecret'],
    's3:PutObject': ['GalleryBucket/personalize/forget/waiting/*'],
  },
  'forget-sweep': {
    's3:ListBucket': ['GalleryBucket'],
    's3:GetObject': ['GalleryBucket/personalize/forget/jobs/*'],
    's3:PutObject': ['GalleryBucket/personalize/forget/jobs/*'],
    's3:DeleteObject': [
      'GalleryBucket/personalize/forget/jobs/*',
      'GalleryBucket/personalize/forget/waiting/*',
    ],
    'personalize:CreateDataDeletionJob': ['DatasetGroupDatasetGroup', 'data-deletion-job/forget-*'],
    'personalize:DescribeDataDeletionJob': ['data-deletion-job/forget-*'],
    'iam:PassRole': ['ServiceRole'],
    'sqs:SendMessage': ['ForgettingMissedSweeps'],
  },
  recommend: {
    ...readsForServing,
    'personalize:GetRecommendations': [
      'ByEmotion',
      'ByEmotionNotLiked',
      'InGallery',
      'InGalleryNotLiked',
      campaign('personal'),
    ],
  },
  similar: { ...readsForServing, 'personalize:GetRecommendations': ['InGallery', campaign('similar')] },
  ranking: { ...readsForServing, 'personalize:GetPersonalizedRanking': [campaign('ranking')] },
  status: {
    'dynamodb:Query': ['RunsTable'],
    'dynamodb:GetItem': ['OperatorsTable'],
    'secretsmanager:GetSecretValue': ['OperatorSecret'],
  },
  training: {
    'dynamodb:Query': ['RunsTable'],
    'dynamodb:GetItem': ['OperatorsTable'],
    'dynamodb:UpdateItem': ['RunsTable'],
    'personalize:ListSolutions': ['*'],
    'personalize:ListSolutionVersions': ['*'],
    'personalize:StopSolutionVersionCreation': ['solution/*'],
    'secretsmanager:GetSecretValue': ['OperatorSecret'],
    'states:StartExecution': ['stateMachine:emotion-gallery-dev'],
  },
  openapi: {},
};

test.each(Object.entries(permissions))('%s may do this and nothing else', (name, expected) => {
  const statements: readonly AllowedStatement[] = allowedTo(engagement, name);
  const granted: Record<string, string[]> = {};
  for (const { actions, resources } of statements) {
    for (const action of actions.filter((action) => !action.startsWith('logs:'))) {
      granted[action] = [...(granted[action] ?? []), ...resources].sort();
    }
  }
  expect(granted).toEqual(expected);
});

test('the event that the minimum is reached is the only one that functions may send', () => {
  for (const name of ['redeliver', 'progress']) {
    expect(
      allowedTo(engagement, name).find(({ actions }) => actions.includes('events:PutEvents'))?.condition,
    ).toEqual({
      StringEquals: { 'events:source': 'emotion-gallery', 'events:detail-type': 'MinimumReached' },
    });
  }
});

test('the tracking id reaches like and redeliver through an output of the Personalize stack', () => {
  const outputs = synthesized.template('personalize').toJSON().Outputs;
  for (const name of ['like', 'redeliver']) {
    const { TRACKING_ID } = functionNamed(engagement, name).Properties.Environment.Variables;
    const [output] = Object.values<{ Value: unknown; Export?: { Name: string } }>(outputs).filter(
      ({ Export }) => Export?.Name === TRACKING_ID['Fn::ImportValue'],
    );
    expect(output?.Value).toEqual({ 'Fn::GetAtt': ['EventTracker', 'TrackingId'] });
  }
});

test('executions are reserved for the functions behind the API alone, as many as the setting says', () => {
  const reserved = Object.values(engagement.findResources('AWS::Lambda::Function')).filter(
    ({ Properties }) => Properties.ReservedConcurrentExecutions === 5,
  );
  const names = reserved.map(({ Properties }) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME);
  expect(names.sort()).toEqual([...apiFunctionNames].sort());
});

test('the settings reach the functions', () => {
  expect(functionNamed(engagement, 'progress').Properties.Environment.Variables).toMatchObject({
    MINIMUM_USERS: '30',
    MINIMUM_INTERACTIONS: '2000',
  });
  expect(functionNamed(engagement, 'visitors').Properties.Environment.Variables.VISITOR_TOKEN_DAYS).toBe('7');
});

test('every function runs Node 24 on arm64, with a log group of its own that forgets', () => {
  engagement.allResourcesProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    LoggingConfig: { LogGroup: Match.anyValue() },
  });
  engagement.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
});

test('the API has these routes, and a function answers every other call', () => {
  const routes = Object.values(engagement.findResources('AWS::ApiGatewayV2::Route'));
  expect(routes.map(({ Properties }) => Properties.RouteKey).sort()).toEqual([
    '$default',
    'DELETE /api/visitors/me',
    'GET /api/images',
    'GET /api/latest',
    'GET /api/openapi.json',
    'GET /api/operator/pictures',
    'GET /api/operator/refused',
    'GET /api/operator/removed',
    'GET /api/progress',
    'GET /api/recommendations',
    'GET /api/similar/{itemId+}',
    'GET /api/status',
    'POST /api/likes',
    'POST /api/operator/people',
    'POST /api/operator/pictures',
    'POST /api/operator/training',
    'POST /api/operator/uploads',
    'POST /api/ranking',
    'POST /api/visitors',
  ]);
});

test('the API is throttled and logs without addresses', () => {
  const [stage] = Object.values(engagement.findResources('AWS::ApiGatewayV2::Stage'));
  expect(stage?.Properties.DefaultRouteSettings).toEqual({
    ThrottlingBurstLimit: 2000,
    ThrottlingRateLimit: 1000,
  });
  expect(stage?.Properties.AccessLogSettings.Format).not.toMatch(/sourceIp|userAgent|path/);
});

test('pictures that come or go reach catalog, and what it fails on is kept', () => {
  engagement.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created', 'Object Deleted'],
      detail: { object: { key: [{ prefix: 'emotions/' }] } },
    },
    Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
  });
  expect(functionNamed(engagement, 'catalog').Properties).toHaveProperty('DeadLetterConfig');
});

test('a deployment of other pages has catalog look into what an earlier release has listed', () => {
  engagement.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { object: { key: ['site/index.html'] } },
    },
  });
});

test('undelivered likes are tried again from the queue and by a sweep each minute', () => {
  engagement.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    BatchSize: 10,
  });
  engagement.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)' });
  engagement.hasResourceProperties('AWS::SQS::Queue', {
    VisibilityTimeout: 330,
    RedrivePolicy: { maxReceiveCount: 8 },
  });
});

test('the command for an operator link names the deployment', () => {
  engagement.hasOutput('OperatorLinkCommand', {
    Value: 'npm run gallery -- operators add NAME --stack-prefix emotion-gallery-dev',
  });
});
