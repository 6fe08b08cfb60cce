// The Personalize stack: names, order, roles, and the traps of its resource types.
import { createHash } from 'node:crypto';
import { Match } from 'aws-cdk-lib/assertions';
import { synthesize } from './synthesize';

const { template } = synthesize();
const personalize = template('personalize');
const personalizeTypes = ['DatasetGroup', 'EventTracker', 'Filter'].map(
  (type) => `AWS::Personalize::${type}`,
);
const datasetType = 'Custom::PersonalizeDataset';

function ofType(type: string, from = personalize) {
  return Object.entries(from.findResources(type));
}

/** Of everything that the stack makes in Amazon Personalize. */
function namesIn(from = personalize): string[] {
  return [
    ...personalizeTypes.flatMap((type) => ofType(type, from).map(([, { Properties }]) => Properties.Name)),
    ...ofType(datasetType, from).flatMap(([, { Properties }]) => [
      Properties.datasetName,
      Properties.schemaName,
    ]),
  ];
}

test('the names are those of the architecture', () => {
  expect(namesIn()).toEqual(
    expect.arrayContaining([
      'emotion-gallery-dev',
      'emotion-gallery-dev-interactions',
      'emotion-gallery-dev-items',
      'emotion-gallery-dev-users',
      'emotion-gallery-dev-by-emotion',
      'emotion-gallery-dev-in-gallery',
      'emotion-gallery-dev-in-gallery-not-liked',
      'emotion-gallery-dev-by-emotion-not-liked',
    ]),
  );
});

test('a name of the longest prefix still fits into the service', () => {
  const long = synthesize({ prefix: 'a'.repeat(40) }).template('personalize');
  const names = namesIn(long);
  expect(names).toHaveLength(namesIn().length);
  for (const name of names) expect(name.length).toBeLessThanOrEqual(63);
});

test('the name of a schema changes with its content', () => {
  const datasets = ofType(datasetType);
  expect(datasets).toHaveLength(3);
  for (const [, { Properties }] of datasets) {
    const hash = createHash('sha256').update(Properties.schema).digest('hex').slice(0, 8);
    expect(Properties.schemaName).toBe(`${Properties.datasetName}-${hash}`);
    expect(JSON.parse(Properties.schema).name).toBe(Properties.datasetType);
  }
});

test('the functions of the datasets reach the datasets of the group and their schemas, and nothing else', () => {
  const [begin, check] = Object.values(personalize.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => /^DatasetProviderlambdadataset(pass)?Role/.test(Properties.PolicyName))
    .sort((a, b) => a.Properties.PolicyName.length - b.Properties.PolicyName.length)
    .map(({ Properties }) =>
      (Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[])
        .filter(({ Action }) => [Action].flat().some((action) => action.startsWith('personalize:')))
        .map(({ Action, Resource }) => ({
          actions: [Action].flat(),
          resources: [Resource]
            .flat()
            .map((each) => JSON.stringify(each).replace(/^.*[:"]([^:"]+)".*$/, '$1')),
        })),
    );
  const datasets = 'dataset/emotion-gallery-dev/*';
  expect(begin).toEqual([{ actions: ['personalize:DescribeDataset'], resources: [datasets] }]);
  expect(check).toEqual([
    {
      actions: ['personalize:CreateDataset'],
      resources: ['dataset-group/emotion-gallery-dev', datasets],
    },
    {
      actions: ['Delete', 'Describe', 'Update'].map((verb) => `personalize:${verb}Dataset`),
      resources: [datasets],
    },
    {
      actions: ['Create', 'Delete', 'Describe'].map((verb) => `personalize:${verb}Schema`),
      resources: ['schema/emotion-gallery-dev-*'],
    },
    { actions: ['personalize:ListSchemas'], resources: ['*'] },
  ]);
});

test('no tag reaches a resource that a change of tags would replace', () => {
  for (const type of personalizeTypes) {
    for (const [, { Properties }] of ofType(type)) expect(Properties).not.toHaveProperty('Tags');
  }
});

test('the tags of the application reach the other resources', () => {
  personalize.hasResourceProperties('AWS::IAM::Role', {
    Tags: Match.arrayWith([{ Key: 'application', Value: 'emotion-gallery' }]),
  });
});

test.each(['DatasetGroup', 'InteractionsDataset', 'ItemsDataset', 'UsersDataset', 'EventTracker'])(
  '%s has that logical id for good',
  (logicalId) => {
    expect(personalize.toJSON().Resources).toHaveProperty(logicalId);
  },
);

test('the event tracker is made after the Interactions dataset, and so deleted before it', () => {
  personalize.hasResource('AWS::Personalize::EventTracker', { DependsOn: ['InteractionsDataset'] });
});

test('a filter is made after the datasets that it reads', () => {
  const filters = ofType('AWS::Personalize::Filter');
  const dependencies = filters.map(([, { Properties, DependsOn }]) => [
    Properties.FilterExpression,
    DependsOn,
  ]);
  expect(dependencies).toEqual([
    ['INCLUDE ItemID WHERE Items.EMOTION IN ($EMOTIONS)', ['ItemsDataset']],
    ['EXCLUDE ItemID WHERE Items.EMOTION IN ("removed")', ['ItemsDataset']],
    [
      'EXCLUDE ItemID WHERE Items.EMOTION IN ("removed") | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("like")',
      ['InteractionsDataset', 'ItemsDataset'],
    ],
    [expect.stringContaining(' | '), ['InteractionsDataset', 'ItemsDataset']],
    ['EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("like")', ['InteractionsDataset']],
  ]);
});

test('only requests of Amazon Personalize for this account and region take on its role', () => {
  personalize.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Action: 'sts:AssumeRole',
          Effect: 'Allow',
          Principal: { Service: 'personalize.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            ArnLike: { 'aws:SourceArn': Match.anyValue() },
          },
        },
      ],
    },
  });
});

const READ = ['personalize/*', 'Users/*', 'Items/*', 'Interactions/*', 'train/*', 'batch/*'];
const objects = (pattern: string) => ({ 'Fn::Join': ['', [expect.anything(), `/${pattern}`]] });

test('the role of Amazon Personalize reads its places of the bucket, writes its own and the batch jobs’ results, and reaches nothing else', () => {
  const [role] = Object.values(personalize.findResources('AWS::IAM::Role'));
  const statements = role?.Properties.Policies.flatMap(
    (policy: { PolicyDocument: { Statement: unknown[] } }) => policy.PolicyDocument.Statement,
  );
  expect(statements).toEqual([
    {
      Sid: 'ReadPersonalizeFiles',
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: [...READ].sort().map(objects),
    },
    {
      Sid: 'WritePersonalizeFiles',
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: ['batch/*', 'personalize/*'].map(objects),
    },
    {
      Sid: 'ListPersonalizeFiles',
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: { 'Fn::ImportValue': expect.anything() },
      Condition: { StringLike: { 's3:prefix': READ } },
    },
  ]);
});

test('the stack puts out the tracking id and the dataset group', () => {
  personalize.hasOutput('TrackingId', { Value: { 'Fn::GetAtt': ['EventTracker', 'TrackingId'] } });
  personalize.hasOutput('DatasetGroupArn', { Value: { 'Fn::GetAtt': ['DatasetGroup', 'DatasetGroupArn'] } });
});
