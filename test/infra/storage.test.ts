// The Storage stack: what it keeps, under which logical ids, and what happens to it in the end.
import { Match } from 'aws-cdk-lib/assertions';
import { synthesize } from './synthesize';

const dev = synthesize();
const prod = synthesize({ environment: 'prod' });
const tables = [
  ...['ItemsTable', 'VisitorsTable', 'LikesTable', 'TotalsTable'],
  ...['UndeliveredTable', 'OperatorsTable', 'RunsTable'],
];
const stateful = ['GalleryBucket', 'VisitorSecret', 'OperatorSecret', ...tables];

test.each(stateful)('%s has that logical id for good', (logicalId) => {
  expect(dev.template('storage').toJSON().Resources).toHaveProperty(logicalId);
});

test.each(stateful)('%s goes with the stack in dev and stays in prod', (logicalId) => {
  const policies = (synthesized: typeof dev) => {
    const { DeletionPolicy, UpdateReplacePolicy } = synthesized.template('storage').toJSON().Resources[
      logicalId
    ];
    return [DeletionPolicy, UpdateReplacePolicy];
  };
  expect(policies(dev)).toEqual(['Delete', 'Delete']);
  expect(policies(prod)).toEqual(['Retain', 'Retain']);
});

test('the stateful stacks refuse to be deleted in prod only', () => {
  const isProtected = ({ gallery }: typeof dev) =>
    Object.entries(gallery).flatMap(([name, { terminationProtection }]) =>
      terminationProtection ? [name] : [],
    );
  expect(isProtected(dev)).toEqual([]);
  expect(isProtected(prod)).toEqual(['storage', 'personalize']);
});

test('every table is on demand, restorable to a point in time, and protected in prod', () => {
  for (const [{ template }, DeletionProtectionEnabled] of [
    [dev, Match.anyValue()],
    [prod, true],
  ] as const) {
    template('storage').allResourcesProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled,
    });
  }
});

test('the bucket is closed to the public, encrypted, and tells EventBridge without a custom resource', () => {
  const template = dev.template('storage');
  template.hasResourceProperties('AWS::S3::Bucket', {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    BucketEncryption: Match.anyValue(),
    NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  });
  template.resourceCountIs('Custom::S3BucketNotifications', 0);
  template.resourceCountIs('AWS::S3::BucketPolicy', 0);
});

test('the bucket is emptied before it is deleted, and never when it is kept', () => {
  dev.template('storage').hasResourceProperties('Custom::BucketEmptying', { OnDelete: 'empty' });
  prod.template('storage').hasResourceProperties('Custom::BucketEmptying', { OnDelete: 'keep' });
});

test('the signing secrets are made at deployment', () => {
  dev.template('storage').allResourcesProperties('AWS::SecretsManager::Secret', {
    GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
  });
});
