// Calls that need what a role is granted, made directly with the role's credentials: for the rights of AWS's own services
// that act in the role, and for what a function needs only when something went wrong before.
import { randomUUID } from 'node:crypto';
import { csvOf, JOBS_PREFIX } from '../../../../lambda/shared/personalize/forgotten-visitors';
import { ACCOUNT_ID, REGION } from '../../../../local/start/account';
import type { ApiCall } from './as-role';
import { type DeployedGallery, PREFIX } from './gallery';
import type { Grant } from './granted';

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
const personalizeArn = (kind: string) => arn('personalize', `${kind}/${PREFIX}-none`);
const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
const kebab = (name: string) => lowerFirst(name).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
/** What is under the prefix of data deletion jobs is taken for one, so it is named like one. */
const concrete = (pattern: string) =>
  pattern.replace(`${JOBS_PREFIX}*`, JOB_FILE).replace(/\/\*$/, '/some/thing').replace(/\*$/, 'something');
const JOB_FILE = `${JOBS_PREFIX}forget-trial.csv`;
/** Of objects that are written. */
const BODY = csvOf(['nobody']);

/** Inputs of the operations of Amazon Personalize that make something; `none` does not exist, so nothing is made. */
const CREATIONS: Readonly<
  Record<string, (gallery: DeployedGallery, grant: Grant) => Readonly<Record<string, unknown>>>
> = {
  CreateBatchInferenceJob: (gallery) => ({
    jobName: 'trial',
    solutionVersionArn: `${personalizeArn('solution')}/00000000`,
    ...batch(gallery),
  }),
  CreateBatchSegmentJob: (gallery) => ({
    jobName: 'trial',
    solutionVersionArn: `${personalizeArn('solution')}/00000000`,
    ...batch(gallery),
  }),
  CreateCampaign: () => ({ name: 'trial', solutionVersionArn: `${personalizeArn('solution')}/00000000` }),
  CreateDataDeletionJob: ({ outputs }) => ({
    ...{ jobName: 'forget-trial', datasetGroupArn: outputs.DatasetGroupArn },
    dataSource: { dataLocation: `s3://${outputs.BucketName}/${JOB_FILE}` },
    roleArn: outputs.PersonalizeRoleArn,
  }),
  CreateDataset: (_gallery, grant) => ({
    name: 'trial',
    schemaArn: personalizeArn('schema'),
    datasetGroupArn: arn('personalize', `dataset-group/${coveredArn('dataset', grant).split('/')[1]}`),
    datasetType: 'Users',
  }),
  CreateDatasetGroup: () => ({ name: 'trial', domain: 'NONE' }),
  CreateDatasetImportJob: (gallery) => ({
    jobName: 'trial',
    datasetArn: `${personalizeArn('dataset')}/USERS`,
    dataSource: { dataLocation: `s3://${gallery.outputs.BucketName}/personalize/users.csv` },
    roleArn: gallery.outputs.PersonalizeRoleArn,
  }),
  CreateEventTracker: () => ({ name: 'trial', datasetGroupArn: personalizeArn('dataset-group') }),
  CreateFilter: () => ({
    name: 'trial',
    datasetGroupArn: personalizeArn('dataset-group'),
    filterExpression: 'INCLUDE ItemID WHERE Items.EMOTION IN ("calm")',
  }),
  CreateRecommender: () => ({
    name: 'trial',
    datasetGroupArn: personalizeArn('dataset-group'),
    recipeArn: 'arn:aws:personalize:::recipe/aws-ecomm-popular-items-by-views',
  }),
  CreateSchema: () => ({ name: `${PREFIX}-trial`, schema: '{}' }),
  CreateSolution: () => ({
    name: 'trial',
    datasetGroupArn: personalizeArn('dataset-group'),
    recipeArn: 'arn:aws:personalize:::recipe/aws-popularity-count',
  }),
  CreateSolutionVersion: () => ({ solutionArn: personalizeArn('solution') }),
};

function batch({ outputs }: DeployedGallery) {
  const folder = `s3://${outputs.BucketName}/personalize/`;
  return {
    jobInput: { s3DataSource: { path: `${folder}in.json` } },
    jobOutput: { s3DataDestination: { path: folder } },
    roleArn: outputs.PersonalizeRoleArn,
  };
}

/** A resource of this kind that the statement covers. */
function coveredArn(kind: string, { statement }: Grant): string {
  const pattern = statement.resources?.find((resource) => resource.includes(`:${kind}/`));
  return pattern?.replace(/\*$/, `${PREFIX}-none`) ?? personalizeArn(kind);
}

function personalizeCall(operation: string, gallery: DeployedGallery, grant: Grant): ApiCall {
  const creation = CREATIONS[operation];
  if (creation) return ['personalize', operation, creation(gallery, grant)];
  if (operation === 'ListTagsForResource') {
    return ['personalize', operation, { resourceArn: personalizeArn('dataset-group') }];
  }
  if (operation === 'TagResource') {
    const tags = [{ tagKey: 'trial', tagValue: 'trial' }];
    return ['personalize', operation, { resourceArn: coveredArn('dataset-group', grant), tags }];
  }
  if (operation.startsWith('List')) return ['personalize', operation, {}];
  const [, noun = ''] = /^(?:Describe|Delete|Update|Start|Stop|Get)(.+)$/.exec(operation) ?? [];
  const ofVersion = ['SolutionVersion', 'SolutionVersionCreation', 'SolutionMetrics'].includes(noun);
  return ofVersion
    ? ['personalize', operation, { solutionVersionArn: `${personalizeArn('solution')}/00000000` }]
    : ['personalize', operation, { [`${lowerFirst(noun)}Arn`]: coveredArn(kebab(noun), grant) }];
}

const upperFirst = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** The object or bucket that a pattern stands for. */
function s3Target(resource: string): { Bucket: string; Key: string } {
  const [Bucket = '', ...rest] = concrete(resource.replace('arn:aws:s3:::', '')).split('/');
  return { Bucket, Key: rest.join('/') || 'some/thing' };
}

const putObject = (resource: string): ApiCall => ['s3', 'PutObject', { ...s3Target(resource), Body: BODY }];

/** One that nobody needs. */
function otherTarget(resource: string): { Bucket: string; Key: string } {
  const { Bucket, Key } = s3Target(resource);
  return { Bucket, Key: `${Key}-other` };
}

type Maker = (resource: string, gallery: DeployedGallery, grant: Grant) => readonly ApiCall[];

/** The table of the statement, if it is one of these; not its indexes, which traffic proves. */
function onTables(resource: string, { outputs }: DeployedGallery, ...names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const table = outputs[`${name}TableName`];
    return table !== undefined && resource.endsWith(`:table/${table}`) ? [table] : [];
  });
}

const query = (TableName: string, key: string): ApiCall => [
  'dynamodb',
  'Query',
  {
    TableName,
    KeyConditionExpression: '#key = :none',
    ExpressionAttributeNames: { '#key': key },
    ExpressionAttributeValues: { ':none': { S: 'none' } },
  },
];

const entry = { partition: { S: 'none' }, entry: { S: 'none' } };
const row = { datasetGroup: { S: 'none' }, run: { S: 'none' } };

/** By action; what is not here is Amazon Personalize's, or is proven by traffic. */
const CALLS: Readonly<Record<string, Maker>> = {
  'cloudwatch:PutMetricData': () => [
    [
      'cloudwatch',
      'PutMetricData',
      { Namespace: 'EmotionGallery', MetricData: [{ MetricName: 'Trial', Value: 1 }] },
    ],
  ],
  'dynamodb:BatchGetItem': (resource, gallery) =>
    onTables(resource, gallery, 'Totals').map((table) => [
      'dynamodb',
      'BatchGetItem',
      { RequestItems: { [table]: { Keys: [{ shard: { S: '00' } }] } } },
    ]),
  'dynamodb:DeleteItem': (resource, gallery) =>
    onTables(resource, gallery, 'Undelivered').map((TableName) => [
      'dynamodb',
      'DeleteItem',
      { TableName, Key: entry },
    ]),
  'dynamodb:PutItem': (resource, gallery) =>
    onTables(resource, gallery, 'Runs').map((TableName) => ['dynamodb', 'PutItem', { TableName, Item: row }]),
  'dynamodb:Query': (resource, gallery) => [
    ...onTables(resource, gallery, 'Runs').map((table) => query(table, 'datasetGroup')),
    ...onTables(resource, gallery, 'Undelivered').map((table) => query(table, 'partition')),
  ],
  'dynamodb:Scan': (resource, gallery) =>
    onTables(resource, gallery, 'Likes').map((TableName) => ['dynamodb', 'Scan', { TableName, Limit: 1 }]),
  // A delivery that failed again is put off; the record of a stopped run is ended.
  'dynamodb:UpdateItem': (resource, { outputs }) =>
    [
      { TableName: outputs.UndeliveredTableName, Key: entry },
      { TableName: outputs.RunsTableName, Key: row },
      { TableName: outputs.TotalsTableName, Key: { shard: { S: 'none' } } },
    ]
      .filter(({ TableName }) => resource.endsWith(`/${TableName}`))
      .map((input) => ['dynamodb', 'UpdateItem', input]),
  'cloudfront:CreateInvalidation': (resource) => [
    [
      'cloudfront',
      'CreateInvalidation',
      {
        DistributionId: resource.slice(resource.lastIndexOf('/') + 1),
        InvalidationBatch: { CallerReference: randomUUID(), Paths: { Quantity: 1, Items: ['/trial'] } },
      },
    ],
  ],
  'events:PutEvents': (_arn, _gallery, { statement }) => {
    const types = statement.conditions?.StringEquals?.['events:detail-type'] ?? 'MinimumReached';
    const [DetailType] = [types].flat();
    return [['events', 'PutEvents', { Entries: [{ Source: 'emotion-gallery', DetailType, Detail: '{}' }] }]];
  },
  // Who makes data deletion jobs alone passes it with these, in traffic.
  'iam:PassRole': (resource, { outputs }, { roleArn }) =>
    roleArn.includes('Forgetting')
      ? []
      : [
          [
            'personalize',
            'CreateDatasetImportJob',
            {
              jobName: `trial-${randomUUID()}`,
              datasetArn: arn('personalize', `dataset/${PREFIX}/USERS`),
              dataSource: { dataLocation: `s3://${outputs.BucketName}/personalize/some/thing` },
              roleArn: resource,
            },
          ],
        ],
  'lambda:GetFunction': (resource) => [['lambda', 'GetFunction', { FunctionName: resource }]],
  'lambda:InvokeFunction': (resource) => [
    ['lambda', 'Invoke', { FunctionName: resource, InvocationType: 'DryRun' }],
  ],
  's3:DeleteObject': (resource) => [['s3', 'DeleteObject', otherTarget(resource)]],
  's3:DeleteObject*': (resource) => [['s3', 'DeleteObject', otherTarget(resource)]],
  // Who may write an object writes it first: a missing one is told as a forbidden one to whoever may not list all.
  's3:GetObject': (resource, _gallery, { statement }) => [
    ...(statement.actions?.includes('s3:PutObject') ? [putObject(resource)] : []),
    ['s3', 'GetObject', s3Target(resource)],
  ],
  's3:GetObject*': (resource) => [['s3', 'GetObject', s3Target(resource)]],
  's3:GetBucket*': (resource) => [['s3', 'GetBucketLocation', { Bucket: s3Target(resource).Bucket }]],
  's3:GetBucketVersioning': (resource) => [
    ['s3', 'GetBucketVersioning', { Bucket: s3Target(resource).Bucket }],
  ],
  's3:List*': (resource) => [['s3', 'ListObjectsV2', { Bucket: s3Target(resource).Bucket }]],
  's3:ListBucket': (resource, _gallery, { statement }) => {
    const [prefix = 'personalize/'] = [statement.conditions.StringLike?.['s3:prefix'] ?? []].flat();
    const Prefix = prefix.replace(/\*$/, '');
    return [['s3', 'ListObjectsV2', { Bucket: s3Target(resource).Bucket, Prefix }]];
  },
  's3:PutObject': (resource) => [putObject(resource)],
  'sns:Publish': (resource) => [['sns', 'Publish', { TopicArn: resource, Message: 'trial' }]],
  'sqs:SendMessage': (resource, gallery) => [
    ['sqs', 'SendMessage', { QueueUrl: queueUrl(resource, gallery), MessageBody: '{}' }],
  ],
  'sqs:ChangeMessageVisibility': (resource, gallery) => [
    [
      'sqs',
      'ChangeMessageVisibility',
      { QueueUrl: queueUrl(resource, gallery), ReceiptHandle: 'none', VisibilityTimeout: 0 },
    ],
  ],
  'sqs:DeleteMessage': (resource, gallery) => [
    ['sqs', 'DeleteMessage', { QueueUrl: queueUrl(resource, gallery), ReceiptHandle: 'none' }],
  ],
  'sqs:GetQueueAttributes': (resource, gallery) => [
    ['sqs', 'GetQueueAttributes', { QueueUrl: queueUrl(resource, gallery) }],
  ],
  'sqs:GetQueueUrl': (resource) => [
    ['sqs', 'GetQueueUrl', { QueueName: resource.slice(resource.lastIndexOf(':') + 1) }],
  ],
  'sqs:ReceiveMessage': (resource, gallery) => [
    ['sqs', 'ReceiveMessage', { QueueUrl: queueUrl(resource, gallery) }],
  ],
  'states:DescribeExecution': (resource) => [
    ['states', 'DescribeExecution', { executionArn: resource.replace('*', `${PREFIX}:none`) }],
  ],
  'states:StartExecution': (resource) => [
    ['states', 'StartExecution', { stateMachineArn: resource, input: 'not json' }],
  ],
};

function queueUrl(resource: string, { endpoint }: DeployedGallery): string {
  return `${endpoint.endpoint}/${ACCOUNT_ID}/${resource.slice(resource.lastIndexOf(':') + 1)}`;
}

/** A call for every action and resource of a statement for which there is one. */
export function callsFor(grant: Grant, gallery: DeployedGallery): readonly ApiCall[] {
  const { statement } = grant;
  return (statement.actions ?? []).flatMap((action) => {
    const make = CALLS[action];
    if (make) return (statement.resources ?? []).flatMap((resource) => make(resource, gallery, grant));
    const operation = upperFirst(action.slice('personalize:'.length));
    const isControl = action.startsWith('personalize:') && !/^(?:Put|GetRec|GetPers)/.test(operation);
    return isControl ? [personalizeCall(operation, gallery, grant)] : [];
  });
}
