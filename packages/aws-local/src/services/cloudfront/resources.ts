// AWS::CloudFront: distributions, origin access controls, and the policies for caching, origin requests and response headers.

import {
  answered,
  ignoreMissing,
  type Properties,
  type ProviderContext,
  type ProvisionedResource,
  type ResourceProvider,
  unlessMissing,
} from '../../cloudformation/provider';
import type { Shape } from '../../service';

/** Members that CloudFormation and the API spell differently. */
const RENAMED: Readonly<Record<string, string>> = {
  OriginSSLProtocols: 'OriginSslProtocols',
  IPV6Enabled: 'IsIPV6Enabled',
};

type Fields = Readonly<Record<string, unknown>>;

/** CloudFormation has lists where the API has `{ Quantity, Items }`, and CachedMethods inside AllowedMethods. */
function toApi(value: unknown): unknown {
  if (Array.isArray(value)) return { Quantity: value.length, Items: value.map(toApi) };
  if (typeof value !== 'object' || value === null) return value;
  const { CachedMethods, ...fields } = value as Fields;
  const converted: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(fields)) {
    // Some members have the API's form already, without the count.
    const isItems = name === 'Items' && Array.isArray(inner);
    converted[RENAMED[name] ?? name] = isItems ? inner.map(toApi) : toApi(inner);
    if (isItems) converted.Quantity = inner.length;
  }
  if (converted.AllowedMethods !== undefined && CachedMethods !== undefined) {
    converted.AllowedMethods = {
      ...(converted.AllowedMethods as Fields),
      CachedMethods: toApi(CachedMethods),
    };
  }
  return converted;
}

interface CloudFrontType {
  /** `Distribution` of CreateDistribution. */
  readonly resource: string;
  readonly configProperty: string;
  /** The member of the API's input that holds the configuration. */
  readonly configMember: string;
  readonly values: (made: Shape, context: ProviderContext) => ProvisionedResource;
  /** The domain name holds the port of the site. */
  readonly hasAddress?: boolean;
  /** CloudFront deletes only what is disabled. */
  readonly disablesFirst?: boolean;
}

function idOf(made: Shape): ProvisionedResource {
  const id = answered(made, 'Id');
  return { physicalId: id, attributes: { Id: id } };
}

const callerReference = (context: ProviderContext) =>
  `${context.stackId}/${context.logicalId}/${context.generateName(128)}`;

/** What an interrupted creation made, told by the reference that it was made with. */
async function findByReference(
  { resource, configMember }: CloudFrontType,
  context: ProviderContext,
): Promise<string | undefined> {
  const plural = resource.endsWith('y') ? `${resource.slice(0, -1)}ies` : `${resource}s`;
  const output = await context.call('cloudfront', `List${plural}`, {});
  const { Items } = output[`${resource}List`] as { Items: readonly Fields[] };
  for (const item of Items) {
    const Id = String(item.Id ?? (item[resource] as Fields | undefined)?.Id);
    const found = (await context.call('cloudfront', `Get${resource}`, { Id }))[resource] as Fields;
    if ((found[configMember] as Fields).CallerReference === callerReference(context)) return Id;
  }
  return undefined;
}

function provider(type: CloudFrontType): ResourceProvider {
  const { resource, configProperty, configMember } = type;
  const made = (output: Shape) => output[resource] as Shape;
  const config = (properties: Properties) => toApi(properties[configProperty]) as Shape;
  const etag = async (Id: string, context: ProviderContext) =>
    (await context.call('cloudfront', `Get${resource}`, { Id })).ETag;
  return {
    properties: [configProperty],
    ...(type.disablesFirst && {
      tags: {
        service: 'cloudfront',
        put: 'TagResource',
        remove: 'UntagResource',
        of: ({ physicalId }: ProvisionedResource) => ({ Resource: physicalId }),
        tags: (Items: readonly unknown[]) => ({ Tags: { Items } }),
        keys: (Items: readonly string[]) => ({ TagKeys: { Items } }),
      },
    }),
    async create(properties, context) {
      const input = {
        ...config(properties),
        CallerReference: callerReference(context),
      };
      const output = await context.call('cloudfront', `Create${resource}`, { [configMember]: input });
      return type.values(made(output), context);
    },
    async update(Id, properties, _previous, context) {
      const output = await context.call('cloudfront', `Update${resource}`, {
        Id,
        IfMatch: await etag(Id, context),
        [configMember]: config(properties),
      });
      return type.values(made(output), context);
    },
    recover: (_properties, context) => findByReference(type, context),
    ...(type.hasAddress && {
      async attributesNow(Id, context) {
        const found = await unlessMissing(context.call('cloudfront', `Get${resource}`, { Id }));
        return found && type.values(made(found), context).attributes;
      },
    }),
    delete: (Id, properties, context) =>
      ignoreMissing(
        (async () => {
          if (type.disablesFirst) {
            const disabled = { ...config(properties), Enabled: false };
            const IfMatch = await etag(Id, context);
            await context.call('cloudfront', `Update${resource}`, { Id, IfMatch, [configMember]: disabled });
          }
          await context.call('cloudfront', `Delete${resource}`, { Id, IfMatch: await etag(Id, context) });
        })(),
      ),
  };
}

export const distribution = provider({
  resource: 'Distribution',
  configProperty: 'DistributionConfig',
  configMember: 'DistributionConfig',
  hasAddress: true,
  disablesFirst: true,
  values: (made) => {
    const Id = answered(made, 'Id');
    return { physicalId: Id, attributes: { Id, DomainName: answered(made, 'DomainName') } };
  },
});

export const originAccessControl = provider({
  resource: 'OriginAccessControl',
  configProperty: 'OriginAccessControlConfig',
  configMember: 'OriginAccessControlConfig',
  values: idOf,
});

export const responseHeadersPolicy = provider({
  resource: 'ResponseHeadersPolicy',
  configProperty: 'ResponseHeadersPolicyConfig',
  configMember: 'ResponseHeadersPolicyConfig',
  values: idOf,
});

export const cachePolicy = provider({
  resource: 'CachePolicy',
  configProperty: 'CachePolicyConfig',
  configMember: 'CachePolicyConfig',
  values: idOf,
});

export const originRequestPolicy = provider({
  resource: 'OriginRequestPolicy',
  configProperty: 'OriginRequestPolicyConfig',
  configMember: 'OriginRequestPolicyConfig',
  values: idOf,
});
