// Amazon CloudFront on localhost: distributions over buckets and HTTP APIs, served on the site's own port.
// Viewers come over plain HTTP here; a viewer protocol policy counts as satisfied, because the connection stays on the machine.
import { randomBytes, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { AwsError, type AwsService, type ServiceContext, type Shape, type SiteServer } from '../../service';
import { type Caller, type Operations, operation, serviceOf, TAG_LIST, validate } from '../shared/operations';
import { type TagMap, tagList, tagMap, withoutKeys } from '../shared/tags';
import {
  CACHE_POLICY_CONFIG,
  DISTRIBUTION_CONFIG,
  type DistributionConfig,
  MANAGED_CACHE_POLICIES,
  MANAGED_ORIGIN_REQUEST_POLICIES,
  ORIGIN_ACCESS_CONTROL_CONFIG,
  ORIGIN_REQUEST_POLICY_CONFIG,
  RESPONSE_HEADERS_POLICY_CONFIG,
} from './config';
import { handleRestXml } from './rest-xml';
import type { Distribution, Policy } from './store';
import { ViewerSide } from './viewer';

export type CloudFrontService = AwsService & SiteServer;

const BY_ID = z.object({ Id: z.string(), IfMatch: z.string().optional() });

export async function createCloudFront(context: ServiceContext): Promise<CloudFrontService> {
  const distributions = context.store.map<Distribution>('cloudfront/distributions');
  const stores = {
    CachePolicy: context.store.map<Policy>('cloudfront/cache-policies'),
    OriginRequestPolicy: context.store.map<Policy>('cloudfront/origin-request-policies'),
    ResponseHeadersPolicy: context.store.map<Policy>('cloudfront/response-headers-policies'),
    OriginAccessControl: context.store.map<Policy>('cloudfront/origin-access-controls'),
  };
  const viewers = new ViewerSide(context, {
    cache: (id) => MANAGED_CACHE_POLICIES[id] ?? parsed(CACHE_POLICY_CONFIG, stores.CachePolicy.get(id)),
    originRequest: (id) =>
      id === undefined
        ? undefined
        : (MANAGED_ORIGIN_REQUEST_POLICIES[id] ??
          parsed(ORIGIN_REQUEST_POLICY_CONFIG, stores.OriginRequestPolicy.get(id))),
    responseHeaders: (id) =>
      id === undefined
        ? undefined
        : parsed(RESPONSE_HEADERS_POLICY_CONFIG, stores.ResponseHeadersPolicy.get(id)),
    isSigned: (id) =>
      id !== undefined && stores.OriginAccessControl.get(id)?.config.SigningBehavior !== 'never',
    find: (host) => {
      const enabled = [...distributions.values()].filter((distribution) => distribution.config.Enabled);
      const named = enabled.find((distribution) => host.startsWith(`${distribution.id.toLowerCase()}.`));
      return named ?? enabled.find(({ hasOwnName }) => !hasOwnName);
    },
  });

  const arnOf = (kind: string, id: string) => `arn:aws:cloudfront::${context.accountId}:${kind}/${id}`;
  const authorize = (caller: Caller, action: string, resource: string) =>
    context.authorize({
      principal: caller.principal,
      action: `cloudfront:${action}`,
      resource,
      context: caller.conditions,
    });

  /** @throws NoSuchDistribution */
  function known(id: string): Distribution {
    const distribution = distributions.get(id);
    if (!distribution)
      throw new AwsError('NoSuchDistribution', 'The specified distribution does not exist.', 404);
    return distribution;
  }

  function describe(distribution: Distribution): Shape {
    return {
      Distribution: {
        Id: distribution.id,
        ARN: distribution.arn,
        Status: 'Deployed',
        DomainName: distribution.hasOwnName
          ? `${distribution.id.toLowerCase()}.localhost:${context.siteHost.split(':').at(-1)}`
          : context.siteHost,
        LastModifiedTime: new Date(distribution.modifiedAt),
        DistributionConfig: distribution.config,
      },
      ETag: distribution.etag,
      Location: distribution.arn,
    };
  }

  /** @throws InvalidArgument, NoSuch… for what the configuration names and does not exist */
  function requireReferences(config: DistributionConfig): void {
    const origins = new Set(config.Origins.map((origin) => origin.Id));
    for (const behavior of [config.DefaultCacheBehavior, ...config.CacheBehaviors]) {
      if (!origins.has(behavior.TargetOriginId)) {
        throw new AwsError('NoSuchOrigin', 'One or more of your origins or origin groups do not exist.', 404);
      }
      requirePolicy('CachePolicy', behavior.CachePolicyId, MANAGED_CACHE_POLICIES);
      requirePolicy('OriginRequestPolicy', behavior.OriginRequestPolicyId, MANAGED_ORIGIN_REQUEST_POLICIES);
      requirePolicy('ResponseHeadersPolicy', behavior.ResponseHeadersPolicyId, {});
    }
    for (const origin of config.Origins)
      requirePolicy('OriginAccessControl', origin.OriginAccessControlId, {});
  }

  function requirePolicy(
    kind: keyof typeof stores,
    id: string | undefined,
    managed: Readonly<Record<string, unknown>>,
  ): void {
    if (id === undefined || id === '' || managed[id] || stores[kind].has(id)) return;
    throw new AwsError(
      `NoSuch${kind}`,
      `The ${kind} ${id} does not exist, or is one that localhost does not know.`,
      404,
    );
  }

  const OF_ARN = z.object({ Resource: z.string() });
  const idOfArn = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);

  function changeTags(arn: string, action: string, caller: Caller, change: (tags: TagMap) => TagMap): void {
    const id = idOfArn(arn);
    authorize(caller, action, arnOf('distribution', id));
    const found = known(id);
    distributions.put(id, { ...found, tags: change(found.tags ?? {}) });
  }

  const operations: Operations = {
    CreateDistribution: operation(z.object({ DistributionConfig: DISTRIBUTION_CONFIG }), (input, caller) => {
      authorize(caller, 'CreateDistribution', arnOf('distribution', '*'));
      requireReferences(input.DistributionConfig);
      const id = newId();
      const now = context.clock.now();
      const distribution: Distribution = {
        id,
        arn: arnOf('distribution', id),
        etag: newId(),
        createdAt: now,
        modifiedAt: now,
        config: input.DistributionConfig,
        ...([...distributions.values()].some(({ hasOwnName }) => !hasOwnName) && { hasOwnName: true }),
      };
      distributions.put(id, distribution);
      return describe(distribution);
    }),
    GetDistribution: operation(BY_ID, (input, caller) => {
      authorize(caller, 'GetDistribution', arnOf('distribution', input.Id));
      return describe(known(input.Id));
    }),
    GetDistributionConfig: operation(BY_ID, (input, caller) => {
      authorize(caller, 'GetDistributionConfig', arnOf('distribution', input.Id));
      const { config, etag } = known(input.Id);
      return { DistributionConfig: config, ETag: etag };
    }),
    UpdateDistribution: operation(
      BY_ID.extend({ DistributionConfig: DISTRIBUTION_CONFIG }),
      (input, caller) => {
        authorize(caller, 'UpdateDistribution', arnOf('distribution', input.Id));
        const distribution = known(input.Id);
        requireMatch(input.IfMatch, distribution.etag);
        requireReferences(input.DistributionConfig);
        const changed = {
          ...distribution,
          config: input.DistributionConfig,
          etag: newId(),
          modifiedAt: context.clock.now(),
        };
        distributions.put(input.Id, changed);
        viewers.cache.invalidate(input.Id, '/*');
        return describe(changed);
      },
    ),
    DeleteDistribution: operation(BY_ID, (input, caller) => {
      authorize(caller, 'DeleteDistribution', arnOf('distribution', input.Id));
      const distribution = known(input.Id);
      requireMatch(input.IfMatch, distribution.etag);
      if (distribution.config.Enabled) {
        throw new AwsError(
          'DistributionNotDisabled',
          'The distribution you are trying to delete has not been disabled.',
          409,
        );
      }
      distributions.delete(input.Id);
    }),
    ListDistributions: operation(z.object({}), (_input, caller) => {
      authorize(caller, 'ListDistributions', '*');
      const Items = [...distributions.values()].map(({ config, ...distribution }) => {
        const { DistributionConfig: _config, ...described } = describe({ ...distribution, config })
          .Distribution as Shape;
        // A summary has the configuration's members beside its own.
        const { CallerReference: _reference, DefaultRootObject: _root, ...summary } = config;
        return { ...described, ...summary };
      });
      return { DistributionList: { Marker: '', MaxItems: 100, IsTruncated: false, Items } };
    }),
    CreateInvalidation: operation(
      z.object({
        DistributionId: z.string(),
        InvalidationBatch: z.object({
          Paths: z.object({ Quantity: z.coerce.number().optional(), Items: z.array(z.string()) }),
          CallerReference: z.string().optional(),
        }),
      }),
      (input, caller) => {
        authorize(caller, 'CreateInvalidation', arnOf('distribution', input.DistributionId));
        known(input.DistributionId);
        for (const path of input.InvalidationBatch.Paths.Items)
          viewers.cache.invalidate(input.DistributionId, path);
        return { Invalidation: describeInvalidation(newId(), input.InvalidationBatch) };
      },
    ),
    GetInvalidation: operation(z.object({ DistributionId: z.string(), Id: z.string() }), (input, caller) => {
      authorize(caller, 'GetInvalidation', arnOf('distribution', input.DistributionId));
      known(input.DistributionId);
      return { Invalidation: describeInvalidation(input.Id, {}) };
    }),
    TagResource: operation(OF_ARN.extend({ Tags: z.object({ Items: TAG_LIST }) }), (input, caller) => {
      changeTags(input.Resource, 'TagResource', caller, (tags) => ({ ...tags, ...tagMap(input.Tags.Items) }));
    }),
    UntagResource: operation(
      OF_ARN.extend({ TagKeys: z.object({ Items: z.array(z.string()) }) }),
      (input, caller) => {
        changeTags(input.Resource, 'UntagResource', caller, (tags) => withoutKeys(tags, input.TagKeys.Items));
      },
    ),
    ListTagsForResource: operation(OF_ARN, ({ Resource }, caller) => {
      authorize(caller, 'ListTagsForResource', arnOf('distribution', idOfArn(Resource)));
      return { Tags: { Items: tagList(known(idOfArn(Resource)).tags) } };
    }),
    ...policyOperations('CachePolicy', 'cache-policy', CACHE_POLICY_CONFIG),
    ...policyOperations('OriginRequestPolicy', 'origin-request-policy', ORIGIN_REQUEST_POLICY_CONFIG),
    ...policyOperations('ResponseHeadersPolicy', 'response-headers-policy', RESPONSE_HEADERS_POLICY_CONFIG),
    ...policyOperations('OriginAccessControl', 'origin-access-control', ORIGIN_ACCESS_CONTROL_CONFIG),
  };

  /** Invalidations are done when they are answered. */
  function describeInvalidation(Id: string, InvalidationBatch: Shape): Shape {
    return { Id, Status: 'Completed', CreateTime: new Date(context.clock.now()), InvalidationBatch };
  }

  function policyOperations(kind: keyof typeof stores, arnKind: string, schema: z.ZodType): Operations {
    const store = stores[kind];
    const configMember = `${kind}Config`;
    const input = z.object({
      Id: z.string().optional(),
      IfMatch: z.string().optional(),
      [configMember]: schema,
    });
    const find = (id: string): Policy => {
      const policy = store.get(id);
      if (!policy) throw new AwsError(`NoSuch${kind}`, `The ${kind} does not exist.`, 404);
      return policy;
    };
    const describePolicy = (policy: Policy): Shape => ({
      [kind]: { Id: policy.id, LastModifiedTime: new Date(policy.modifiedAt), [configMember]: policy.config },
      ETag: policy.etag,
    });
    const save = (id: string, raw: Shape): Policy => {
      // Kept as it came: reading it again goes through the same schema.
      const config = raw[configMember] as Policy['config'];
      const policy: Policy = { id, etag: newId(), modifiedAt: context.clock.now(), config };
      store.put(id, policy);
      return policy;
    };
    const requireFreeName = (name: string) => {
      if ([...store.values()].some((policy) => policy.config.Name === name)) {
        throw new AwsError(`${kind}AlreadyExists`, `A ${kind} with the name ${name} already exists.`, 409);
      }
    };
    return {
      [`Create${kind}`]: async (raw, caller) => {
        authorize(caller, `Create${kind}`, arnOf(arnKind, '*'));
        await operation(input, () => undefined)(raw, caller);
        const shape = raw as Shape;
        requireFreeName((shape[configMember] as Policy['config']).Name);
        return describePolicy(save(randomUUID(), shape));
      },
      [`Get${kind}`]: operation(BY_ID, ({ Id }, caller) => {
        authorize(caller, `Get${kind}`, arnOf(arnKind, Id));
        return describePolicy(find(Id));
      }),
      [`Update${kind}`]: async (raw, caller) => {
        const { Id, IfMatch } = validate(z.looseObject({ ...BY_ID.shape }), raw);
        authorize(caller, `Update${kind}`, arnOf(arnKind, Id));
        await operation(input, () => undefined)(raw, caller);
        requireMatch(IfMatch, find(Id).etag);
        return describePolicy(save(Id, raw as Shape));
      },
      [`Delete${kind}`]: operation(BY_ID, ({ Id, IfMatch }, caller) => {
        authorize(caller, `Delete${kind}`, arnOf(arnKind, Id));
        requireMatch(IfMatch, find(Id).etag);
        store.delete(Id);
      }),
    };
  }

  return {
    ...serviceOf({
      id: 'cloudfront',
      operations,
      handle: (request) => handleRestXml(operations, request),
    }),
    serve(request, response) {
      viewers.serve(request, response).catch((error: unknown) => {
        context.log(`cloudfront: ${request.method} ${request.url}: ${String(error)}`);
        badGateway(response);
      });
    },
  };
}

const parsedPolicies = new WeakMap<Policy, unknown>();

/** A kept policy's configuration with its defaults; parsed once, since a changed policy is another object. */
function parsed<S extends z.ZodType>(schema: S, policy: Policy | undefined): z.output<S> | undefined {
  if (!policy) return undefined;
  const known = parsedPolicies.get(policy);
  // A policy is only ever parsed with the schema of its kind.
  if (known !== undefined) return known as z.output<S>;
  const config = schema.parse(policy.config);
  parsedPolicies.set(policy, config);
  return config;
}

function requireMatch(given: string | undefined, etag: string): void {
  if (given === undefined)
    throw new AwsError(
      'InvalidIfMatchVersion',
      'The If-Match version is missing or not valid for the resource.',
    );
  if (given !== etag)
    throw new AwsError(
      'PreconditionFailed',
      'The request failed because it did not meet the preconditions.',
      412,
    );
}

function badGateway(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(502, { 'content-type': 'text/plain' }).end('The origin could not be reached.');
}

/** Like AWS's: `E` and 13 letters and digits. */
function newId(): string {
  return `E${BigInt(`0x${randomBytes(10).toString('hex')}`)
    .toString(36)
    .toUpperCase()
    .slice(0, 13)}`;
}
