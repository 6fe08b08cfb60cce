// HTTP's rules at the edge: how long an answer is kept, what goes to the origin, conditions, ranges.
import type { ApiResponse } from '../../ports';
import type { CachePolicyConfig, OriginRequestPolicyConfig } from './config';

/** A viewer's request. */
export interface Viewed {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly requestId: string;
}

const ERROR_TTL_S = 10;
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'proxy-connection',
  'expect',
];

/** Seconds that an answer may be kept. */
export function timeToLive(response: ApiResponse, policy: CachePolicyConfig | undefined): number {
  if (!policy || policy.MaxTTL === 0) return 0;
  if (response.status >= 400)
    return [400, 404, 405, 414].includes(response.status) || response.status >= 500 ? ERROR_TTL_S : 0;
  const control = String(response.headers['cache-control'] ?? '');
  if (/\b(no-store|no-cache|private)\b/.test(control)) return policy.MinTTL;
  const age = /\bs-maxage=(\d+)/.exec(control) ?? /\bmax-age=(\d+)/.exec(control);
  const wanted = age ? Number(age[1]) : policy.DefaultTTL;
  return Math.min(policy.MaxTTL, Math.max(policy.MinTTL, wanted));
}

/** What of a viewer's request reaches the origin. */
export function originHeaders(
  request: Viewed,
  policy: OriginRequestPolicyConfig | undefined,
  host: string,
): Record<string, string> {
  const headers: Record<string, string> = {};
  if (policy && policy.HeadersConfig.HeaderBehavior !== 'none') {
    for (const [name, value] of Object.entries(request.headers))
      if (!HOP_BY_HOP.includes(name)) headers[name] = value;
  }
  if (policy?.CookiesConfig.CookieBehavior !== 'all') delete headers.cookie;
  const before = request.headers['x-forwarded-for'];
  return {
    ...headers,
    host,
    'x-forwarded-for': before ? `${before}, ${request.sourceIp}` : request.sourceIp,
    'x-forwarded-proto': 'https',
    'x-amz-cf-id': request.requestId,
  };
}

/** Whether the viewer has this answer already: If-None-Match, else If-Modified-Since. */
export function isNotModified(viewed: Viewed, headers: Readonly<Record<string, string | string[]>>): boolean {
  if (viewed.method !== 'GET' && viewed.method !== 'HEAD') return false;
  const etags = viewed.headers['if-none-match'];
  if (etags !== undefined) {
    const bare = (etag: string) => etag.trim().replace(/^W\//, '');
    return etags
      .split(',')
      .some((etag) => etag.trim() === '*' || bare(etag) === bare(String(headers.etag ?? '""none')));
  }
  const since = Date.parse(viewed.headers['if-modified-since'] ?? '');
  const modified = Date.parse(String(headers['last-modified'] ?? ''));
  return !Number.isNaN(since) && !Number.isNaN(modified) && modified <= since;
}

/** The one range that was asked for; undefined when the whole is to be sent. */
export function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === '' || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  return start >= size || end < start ? 'unsatisfiable' : { start, end };
}
