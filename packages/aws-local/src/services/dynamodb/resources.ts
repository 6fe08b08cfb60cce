// AWS::DynamoDB::Table.
import { isDeepStrictEqual } from 'node:util';
import {
  byName,
  ignoreMissing,
  optionalString,
  type Properties,
  type ProviderContext,
  type ProvisionedResource,
  pick,
  type ResourceProvider,
} from '../../cloudformation/provider';

interface Index {
  readonly IndexName: string;
}

const indexesOf = (properties: Properties) => (properties.GlobalSecondaryIndexes ?? []) as readonly Index[];

function values(name: string, { region, accountId }: ProviderContext): ProvisionedResource {
  return { physicalId: name, attributes: { Arn: `arn:aws:dynamodb:${region}:${accountId}:table/${name}` } };
}

const noteOn = ({ BillingMode }: Properties) =>
  BillingMode === 'PAY_PER_REQUEST'
    ? undefined
    : 'The provisioned throughput is kept and told; on localhost nothing is throttled by it.';

/** Settings that are calls of their own. */
async function applySettings(
  name: string,
  properties: Properties,
  previous: Properties,
  context: ProviderContext,
): Promise<void> {
  const { PointInTimeRecoverySpecification: recovery, TimeToLiveSpecification: expiry } = properties;
  if (!isDeepStrictEqual(recovery, previous.PointInTimeRecoverySpecification)) {
    await context.call('dynamodb', 'UpdateContinuousBackups', {
      TableName: name,
      PointInTimeRecoverySpecification: recovery ?? { PointInTimeRecoveryEnabled: false },
    });
  }
  if (!isDeepStrictEqual(expiry, previous.TimeToLiveSpecification)) {
    const off = { ...(previous.TimeToLiveSpecification as object | undefined), Enabled: false };
    const specification = expiry ?? off;
    await context.call('dynamodb', 'UpdateTimeToLive', {
      TableName: name,
      TimeToLiveSpecification: specification,
    });
  }
}

async function updateIndexes(
  name: string,
  properties: Properties,
  previous: Properties,
  context: ProviderContext,
): Promise<void> {
  const before = indexesOf(previous);
  const after = indexesOf(properties);
  const same = (index: Index, others: readonly Index[]) =>
    others.some((other) => isDeepStrictEqual(index, other));
  const removed = before.filter((index) => !same(index, after));
  const added = after.filter((index) => !same(index, before));
  const updates = [
    ...removed.map(({ IndexName }) => ({ Delete: { IndexName } })),
    ...added.map((index) => ({ Create: index })),
  ];
  // One index a call: DynamoDB refuses more.
  for (const update of updates) {
    await context.call('dynamodb', 'UpdateTable', {
      TableName: name,
      AttributeDefinitions: properties.AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [update],
    });
  }
}

export const table: ResourceProvider = {
  properties: [
    'TableName',
    'KeySchema',
    'AttributeDefinitions',
    'BillingMode',
    'ProvisionedThroughput',
    'GlobalSecondaryIndexes',
    'LocalSecondaryIndexes',
    'PointInTimeRecoverySpecification',
    'TimeToLiveSpecification',
    'DeletionProtectionEnabled',
    'SSESpecification',
    'TableClass',
  ],
  tags: {
    service: 'dynamodb',
    put: 'TagResource',
    remove: 'UntagResource',
    of: ({ attributes }) => ({ ResourceArn: attributes.Arn }),
  },
  async create(properties, context) {
    const name = optionalString(properties, 'TableName') ?? context.generateName(255);
    const { PointInTimeRecoverySpecification: _pitr, TimeToLiveSpecification: _ttl, ...input } = properties;
    await context.call('dynamodb', 'CreateTable', { ...input, TableName: name });
    await applySettings(name, properties, {}, context);
    return { ...values(name, context), note: noteOn(properties) };
  },
  async update(name, properties, previous, context) {
    const changeable = [
      'BillingMode',
      'ProvisionedThroughput',
      'DeletionProtectionEnabled',
      'TableClass',
    ] as const;
    const changed = changeable.filter(
      (property) => !isDeepStrictEqual(properties[property], previous[property]),
    );
    if (changed.length > 0) {
      await context.call('dynamodb', 'UpdateTable', { TableName: name, ...pick(properties, ...changed) });
    }
    await updateIndexes(name, properties, previous, context);
    await applySettings(name, properties, previous, context);
    return values(name, context);
  },
  lookUp: byName('TableName', 255, (TableName, context) =>
    context.call('dynamodb', 'DescribeTable', { TableName }),
  ),
  delete: (name, _properties, context) =>
    ignoreMissing(context.call('dynamodb', 'DeleteTable', { TableName: name })),
};
