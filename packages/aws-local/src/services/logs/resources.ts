// AWS::Logs::LogGroup.

import {
  ignoreMissing,
  optionalString,
  type Properties,
  type ProviderContext,
  type ProvisionedResource,
  type ResourceProvider,
} from '../../cloudformation/provider';
import { asMap } from '../../cloudformation/tags';
import type { Shape } from '../../service';

function groupValues(name: string, { region, accountId }: ProviderContext): ProvisionedResource {
  return { physicalId: name, attributes: { Arn: `arn:aws:logs:${region}:${accountId}:log-group:${name}:*` } };
}

async function putRetention(
  logGroupName: string,
  properties: Properties,
  context: ProviderContext,
): Promise<void> {
  const { RetentionInDays } = properties;
  if (RetentionInDays === undefined) await context.call('logs', 'DeleteRetentionPolicy', { logGroupName });
  else {
    const retentionInDays = Number(RetentionInDays);
    await context.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays });
  }
}

export const logGroup: ResourceProvider = {
  properties: ['LogGroupName', 'RetentionInDays', 'LogGroupClass'],
  tags: {
    service: 'logs',
    put: 'TagResource',
    remove: 'UntagResource',
    of: ({ attributes }) => ({ resourceArn: String(attributes.Arn).replace(/:\*$/, '') }),
    tags: (tags) => ({ tags: asMap(tags) }),
    keys: (tagKeys) => ({ tagKeys }),
  },
  async create(properties, context) {
    const logGroupName = optionalString(properties, 'LogGroupName') ?? context.generateName(512);
    const logGroupClass = optionalString(properties, 'LogGroupClass');
    await context.call('logs', 'CreateLogGroup', { logGroupName, logGroupClass });
    if (properties.RetentionInDays !== undefined) await putRetention(logGroupName, properties, context);
    return groupValues(logGroupName, context);
  },
  async update(logGroupName, properties, _previous, context) {
    await putRetention(logGroupName, properties, context);
    return groupValues(logGroupName, context);
  },
  delete: (logGroupName, _properties, context) =>
    ignoreMissing(context.call('logs', 'DeleteLogGroup', { logGroupName })),
  async lookUp(properties, context) {
    const name = optionalString(properties, 'LogGroupName') ?? context.generateName(512);
    const { logGroups } = await context.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: name });
    return (logGroups as readonly Shape[]).some(({ logGroupName }) => logGroupName === name)
      ? name
      : undefined;
  },
};
