// AWS::S3::Bucket and AWS::S3::BucketPolicy.
import { isDeepStrictEqual } from 'node:util';
import {
  documentText,
  ignoreMissing,
  optionalString,
  type Properties,
  type ProviderContext,
  type ProvisionedResource,
  type ResourceProvider,
  requiredString,
  unlessMissing,
} from '../../cloudformation/provider';
import type { Shape } from '../../service';

type Fields = Readonly<Record<string, unknown>>;
const record = (value: unknown): Fields => (value ?? {}) as Fields;
const listOf = (value: unknown): readonly Fields[] => (value ?? []) as readonly Fields[];

interface Setting {
  readonly property: string;
  readonly put: string;
  readonly remove?: string;
  readonly input: (value: unknown, properties: Properties, context: ProviderContext) => Shape;
}

function encryptionRule({ ServerSideEncryptionByDefault: byDefault, ...others }: Fields): Shape {
  return { ApplyServerSideEncryptionByDefault: record(byDefault), ...others };
}

function lifecycleRule(rule: Fields): Shape {
  const { Id, Prefix, ExpirationInDays, ExpiredObjectDeleteMarker, Status, ...others } = rule;
  const { AbortIncompleteMultipartUpload, NoncurrentVersionExpiration, ...more } = others;
  const unsupported = Object.keys(more);
  if (unsupported.length > 0) {
    throw new Error(`the lifecycle setting ${unsupported.join(', ')} is not supported on localhost`);
  }
  const expiration = { Days: ExpirationInDays && Number(ExpirationInDays), ExpiredObjectDeleteMarker };
  return {
    ID: Id,
    Status,
    Filter: { Prefix: Prefix ?? '' },
    Expiration: ExpirationInDays || ExpiredObjectDeleteMarker ? expiration : undefined,
    NoncurrentVersionExpiration,
    AbortIncompleteMultipartUpload,
  };
}

/** CloudFormation has one event a destination, and other names than the API. */
const destination =
  (from: string, to: string) =>
  ({ Event, Filter, [from]: arn }: Fields): Shape => ({
    [to]: arn,
    Events: [Event],
    Filter: Filter === undefined ? undefined : { Key: { FilterRules: record(record(Filter).S3Key).Rules } },
  });

/** Settings of a bucket that are calls of their own. */
const SETTINGS: readonly Setting[] = [
  {
    property: 'BucketEncryption',
    put: 'PutBucketEncryption',
    input: (value) => ({
      ServerSideEncryptionConfiguration: {
        Rules: listOf(record(value).ServerSideEncryptionConfiguration).map(encryptionRule),
      },
    }),
  },
  {
    property: 'PublicAccessBlockConfiguration',
    put: 'PutPublicAccessBlock',
    remove: 'DeletePublicAccessBlock',
    input: (value) => ({ PublicAccessBlockConfiguration: value }),
  },
  {
    property: 'OwnershipControls',
    put: 'PutBucketOwnershipControls',
    remove: 'DeleteBucketOwnershipControls',
    input: (value) => ({ OwnershipControls: value }),
  },
  {
    property: 'NotificationConfiguration',
    put: 'PutBucketNotificationConfiguration',
    input: (value) => {
      const { EventBridgeConfiguration: eventBridge, ...others } = record(value);
      const isOn = eventBridge !== undefined && record(eventBridge).EventBridgeEnabled !== false;
      return {
        NotificationConfiguration: {
          ...(isOn ? { EventBridgeConfiguration: {} } : {}),
          TopicConfigurations: listOf(others.TopicConfigurations).map(destination('Topic', 'TopicArn')),
          QueueConfigurations: listOf(others.QueueConfigurations).map(destination('Queue', 'QueueArn')),
          LambdaFunctionConfigurations: listOf(others.LambdaConfigurations).map(
            destination('Function', 'LambdaFunctionArn'),
          ),
        },
      };
    },
  },
  {
    property: 'LifecycleConfiguration',
    put: 'PutBucketLifecycleConfiguration',
    remove: 'DeleteBucketLifecycle',
    input: (value) => ({ LifecycleConfiguration: { Rules: listOf(record(value).Rules).map(lifecycleRule) } }),
  },
  {
    property: 'CorsConfiguration',
    put: 'PutBucketCors',
    remove: 'DeleteBucketCors',
    input: (value) => ({
      CORSConfiguration: {
        CORSRules: listOf(record(value).CorsRules).map(({ Id, MaxAge, ExposedHeaders, ...rule }) => ({
          ...rule,
          ID: Id,
          MaxAgeSeconds: MaxAge,
          ExposeHeaders: ExposedHeaders,
        })),
      },
    }),
  },
  {
    property: 'VersioningConfiguration',
    put: 'PutBucketVersioning',
    // Versions that were kept stay when the property goes; no more come.
    input: (value) => ({ VersioningConfiguration: { Status: record(value).Status ?? 'Suspended' } }),
  },
];

async function applySettings(
  bucket: string,
  properties: Properties,
  previous: Properties,
  context: ProviderContext,
): Promise<void> {
  for (const { property, put, remove, input } of SETTINGS) {
    const value = properties[property];
    if (isDeepStrictEqual(value, previous[property])) continue;
    if (value !== undefined)
      await context.call('s3', put, { Bucket: bucket, ...input(value, properties, context) });
    else if (remove) await context.call('s3', remove, { Bucket: bucket });
    else await context.call('s3', put, { Bucket: bucket, ...input({}, properties, context) });
  }
}

function bucketValues(name: string, { region }: ProviderContext): ProvisionedResource {
  return {
    physicalId: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    },
  };
}

export const bucket: ResourceProvider = {
  properties: ['BucketName', ...SETTINGS.map(({ property }) => property)],
  tags: {
    service: 's3',
    put: 'PutBucketTagging',
    remove: 'DeleteBucketTagging',
    of: ({ physicalId }) => ({ Bucket: physicalId }),
    tags: (TagSet) => ({ Tagging: { TagSet } }),
    replacesAll: true,
  },
  async create(properties, context) {
    const name = optionalString(properties, 'BucketName') ?? context.generateName(63).toLowerCase();
    await context.call('s3', 'CreateBucket', { Bucket: name });
    await applySettings(name, properties, {}, context);
    return bucketValues(name, context);
  },
  async update(name, properties, previous, context) {
    await applySettings(name, properties, previous, context);
    return bucketValues(name, context);
  },
  async lookUp(properties, context) {
    const Bucket = optionalString(properties, 'BucketName') ?? context.generateName(63).toLowerCase();
    return (await unlessMissing(context.call('s3', 'GetBucketLocation', { Bucket }))) && Bucket;
  },
  delete: (name, _properties, context) => ignoreMissing(context.call('s3', 'DeleteBucket', { Bucket: name })),
};

async function putPolicy(properties: Properties, context: ProviderContext): Promise<ProvisionedResource> {
  const name = requiredString(properties, 'Bucket');
  const Policy = documentText(properties.PolicyDocument);
  await context.call('s3', 'PutBucketPolicy', { Bucket: name, Policy });
  return { physicalId: name, attributes: {} };
}

export const bucketPolicy: ResourceProvider = {
  properties: ['Bucket', 'PolicyDocument'],
  create: putPolicy,
  update: (_id, properties, _previous, context) => putPolicy(properties, context),
  async lookUp(properties, context) {
    const Bucket = requiredString(properties, 'Bucket');
    return (await unlessMissing(context.call('s3', 'GetBucketPolicy', { Bucket }))) && Bucket;
  },
  mustBeNew: true,
  delete: (_id, properties, context) =>
    ignoreMissing(context.call('s3', 'DeleteBucketPolicy', { Bucket: requiredString(properties, 'Bucket') })),
};
