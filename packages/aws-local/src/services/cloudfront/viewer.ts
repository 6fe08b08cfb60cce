// The viewers' side of the distributions: behaviours, cache, conditions, ranges, compression, headers, error pages.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { headersOf, readBody, send } from '@emotion-gallery/local-kit/door';
import type { ApiResponse } from '../../ports';
import type { ServiceContext } from '../../service';
import type {
  Behavior,
  CachePolicyConfig,
  OriginRequestPolicyConfig,
  ResponseHeadersPolicyConfig,
} from './config';
import { type CachedAnswer, chooseEncoding, compress, EdgeCache } from './edge-cache';
import { isNotModified, originHeaders, parseRange, timeToLive, type Viewed } from './http-rules';
import { askOrigin } from './origins';
import { newRequestId } from './request-id';
import { applyHeadersPolicy } from './response-headers';
import { type Distribution, pathPattern } from './store';

export interface Policies {
  cache(id: string): CachePolicyConfig | undefined;
  originRequest(id: string | undefined): OriginRequestPolicyConfig | undefined;
  responseHeaders(id: string | undefined): ResponseHeadersPolicyConfig | undefined;
  isSigned(originAccessControlId: string | undefined): boolean;
  find(host: string): Distribution | undefined;
}

/** CloudFront takes 30 GB on to an origin; here a body is held in memory. */
const LARGEST_BODY = 64 * 1024 * 1024;
export class ViewerSide {
  readonly cache = new EdgeCache();
  /** Fetches in progress: simultaneous requests for one thing wait for one answer. */
  private readonly fetching = new Map<string, Promise<CachedAnswer>>();

  constructor(
    private readonly context: ServiceContext,
    private readonly policies: Policies,
  ) {}

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, LARGEST_BODY);
    if (!body) {
      plain(response, 413, 'Request body larger than 64 MiB');
      return;
    }
    const distribution = this.policies.find(request.headers.host ?? '');
    if (!distribution) {
      plain(response, 404, 'No distribution is deployed yet.');
      return;
    }
    const [path = '/', query = ''] = splitUrl(request.url ?? '/');
    const viewed: Viewed = {
      method: request.method ?? 'GET',
      path,
      query,
      headers: headersOf(request),
      body,
      sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
      requestId: newRequestId(),
    };
    await this.answer(distribution, viewed, response);
  }

  private async answer(distribution: Distribution, viewed: Viewed, response: ServerResponse): Promise<void> {
    const { config } = distribution;
    const isRoot = viewed.path === '/' && config.DefaultRootObject !== '';
    const request = isRoot ? { ...viewed, path: `/${config.DefaultRootObject}` } : viewed;
    const behavior =
      config.CacheBehaviors.find((one) => pathPattern(one.PathPattern).test(viewed.path)) ??
      config.DefaultCacheBehavior;
    const allowed = behavior.AllowedMethods.length > 0 ? behavior.AllowedMethods : ['GET', 'HEAD'];
    if (!allowed.includes(viewed.method)) {
      plain(
        response,
        403,
        'This distribution is not configured to allow the HTTP request method that was used for this request.',
      );
      return;
    }
    const { answer, isHit } = await this.obtain(distribution, behavior, request);
    const shown = (await this.errorPage(distribution, behavior, request, answer)) ?? answer;
    await this.write(distribution, behavior, viewed, shown, isHit, response);
  }

  private async obtain(
    distribution: Distribution,
    behavior: Behavior,
    request: Viewed,
  ): Promise<{ answer: CachedAnswer; isHit: boolean }> {
    const policy = this.policies.cache(behavior.CachePolicyId);
    const isCacheable =
      policy !== undefined && policy.MaxTTL > 0 && (request.method === 'GET' || request.method === 'HEAD');
    if (!isCacheable || !policy)
      return { answer: await this.fetch(distribution, behavior, request, policy), isHit: false };
    const keepsQuery =
      policy.ParametersInCacheKeyAndForwardedToOrigin.QueryStringsConfig.QueryStringBehavior !== 'none';
    const key = `${distribution.id} ${request.path}${keepsQuery ? `?${request.query}` : ''}`;
    const known = this.cache.get(key, this.context.clock.now());
    if (known) return { answer: known, isHit: true };
    let fetch = this.fetching.get(key);
    if (!fetch) {
      // Always the whole object: conditions, ranges and HEAD are answered from it.
      fetch = this.fetch(distribution, behavior, { ...request, method: 'GET' }, policy).finally(() =>
        this.fetching.delete(key),
      );
      this.fetching.set(key, fetch);
    }
    const answer = await fetch;
    if (answer.expiresAt > answer.storedAt) this.cache.put(key, answer);
    return { answer, isHit: false };
  }

  private async fetch(
    distribution: Distribution,
    behavior: Behavior,
    request: Viewed,
    cachePolicy: CachePolicyConfig | undefined,
  ): Promise<CachedAnswer> {
    const origin = distribution.config.Origins.find((one) => one.Id === behavior.TargetOriginId);
    if (!origin)
      throw new Error(`the distribution ${distribution.id} has no origin ${behavior.TargetOriginId}`);
    const forwards = this.policies.originRequest(behavior.OriginRequestPolicyId);
    const keyed =
      cachePolicy?.ParametersInCacheKeyAndForwardedToOrigin.QueryStringsConfig.QueryStringBehavior;
    const withQuery =
      (forwards?.QueryStringsConfig.QueryStringBehavior ?? 'none') !== 'none' || (keyed ?? 'none') !== 'none';
    const response: ApiResponse = await askOrigin(this.context, origin, {
      method: request.method,
      path: request.path,
      query: withQuery ? request.query : '',
      headers: originHeaders(request, forwards, origin.DomainName),
      body: request.body,
      sourceIp: request.sourceIp,
      distributionArn: distribution.arn,
      isSigned: this.policies.isSigned(origin.OriginAccessControlId),
    });
    const now = this.context.clock.now();
    const ttl = timeToLive(response, cachePolicy);
    return {
      ...response,
      storedAt: now,
      expiresAt: now + ttl * 1000,
      path: request.path,
      compressed: new Map(),
    };
  }

  /** The page that stands for an error, with its own status. */
  private async errorPage(
    distribution: Distribution,
    behavior: Behavior,
    request: Viewed,
    answer: CachedAnswer,
  ): Promise<CachedAnswer | undefined> {
    const rule = distribution.config.CustomErrorResponses.find((one) => one.ErrorCode === answer.status);
    if (!rule?.ResponsePagePath) return undefined;
    const { ResponsePagePath } = rule;
    const pageBehavior =
      distribution.config.CacheBehaviors.find((one) => pathPattern(one.PathPattern).test(ResponsePagePath)) ??
      distribution.config.DefaultCacheBehavior;
    const page = await this.obtain(distribution, pageBehavior, {
      ...request,
      method: 'GET',
      path: ResponsePagePath,
      body: Buffer.alloc(0),
    });
    if (page.answer.status !== 200) return undefined;
    this.context.log(
      `cloudfront: ${request.path} ${answer.status}, shown ${ResponsePagePath} (${behavior.TargetOriginId})`,
    );
    return { ...page.answer, status: rule.ResponseCode ?? answer.status };
  }

  private async write(
    distribution: Distribution,
    behavior: Behavior,
    viewed: Viewed,
    answer: CachedAnswer,
    isHit: boolean,
    response: ServerResponse,
  ): Promise<void> {
    const policy = this.policies.cache(behavior.CachePolicyId)?.ParametersInCacheKeyAndForwardedToOrigin;
    const mayCompress =
      behavior.Compress && (policy?.EnableAcceptEncodingGzip || policy?.EnableAcceptEncodingBrotli);
    const headers: Record<string, string | string[]> = {
      ...answer.headers,
      'x-cache': answer.status >= 400 ? 'Error from cloudfront' : `${isHit ? 'Hit' : 'Miss'} from cloudfront`,
      via: `1.1 ${distribution.id.toLowerCase()}.cloudfront.net (CloudFront)`,
      'x-amz-cf-id': viewed.requestId,
      ...(isHit ? { age: String(Math.floor((this.context.clock.now() - answer.storedAt) / 1000)) } : {}),
    };
    applyHeadersPolicy(headers, this.policies.responseHeaders(behavior.ResponseHeadersPolicyId));
    if (mayCompress) headers.vary = 'Accept-Encoding';
    if (answer.status === 200 && isNotModified(viewed, headers)) {
      delete headers['content-length'];
      response.writeHead(304, headers).end();
      return;
    }
    const range =
      answer.status === 200 && viewed.method === 'GET'
        ? parseRange(viewed.headers.range, answer.body.length)
        : undefined;
    if (range === 'unsatisfiable') {
      response
        .writeHead(416, { 'content-range': `bytes */${answer.body.length}`, 'content-length': '0' })
        .end();
      return;
    }
    const encoding =
      mayCompress && !range ? chooseEncoding(viewed.headers['accept-encoding'], answer) : undefined;
    let body = range ? answer.body.subarray(range.start, range.end + 1) : answer.body;
    if (encoding) {
      body = await compress(answer, encoding);
      headers['content-encoding'] = encoding;
      // The compressed form is another representation, equal in meaning only.
      if (typeof headers.etag === 'string' && !headers.etag.startsWith('W/'))
        headers.etag = `W/${headers.etag}`;
    }
    if (range) headers['content-range'] = `bytes ${range.start}-${range.end}/${answer.body.length}`;
    headers['content-length'] = String(body.length);
    send(response, range ? 206 : answer.status, headers, viewed.method === 'HEAD' ? undefined : body);
  }
}

function splitUrl(url: string): [path: string, query: string] {
  const withoutHost = url.replace(/^https?:\/\/[^/]*/, '');
  const mark = withoutHost.indexOf('?');
  const path = mark < 0 ? withoutHost : withoutHost.slice(0, mark);
  return [path.startsWith('/') ? path : `/${path}`, mark < 0 ? '' : withoutHost.slice(mark + 1)];
}

function plain(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) })
    .end(text);
}
