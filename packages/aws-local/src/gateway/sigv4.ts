// AWS Signature Version 4 as a server checks it: signed headers, presigned URLs, and the signing key of chunked uploads.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../service';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_SKEW_MS = 15 * 60_000;
const MOST_EXPIRES_SECONDS = 7 * 24 * 3600;

/** Services whose requests are links, too. */
const SIGNED_IN_QUERY = ['s3', 'sqs'];

/** What a request says about its own signature. */
export interface SignatureClaim {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  /** The signing name: `s3`, `dynamodb`, `monitoring`, … */
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly timestamp: string;
  readonly sessionToken?: string;
  /** For presigned URLs: how many seconds the URL is good for. */
  readonly expiresSeconds?: number;
}

export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  /** The raw query string, without the question mark. */
  readonly queryString: string;
  readonly headers: Readonly<Record<string, string>>;
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

/** RFC 3986 encoding, as the canonical request wants it. */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function parseScope(credential: string): Pick<SignatureClaim, 'accessKeyId' | 'date' | 'region' | 'service'> {
  const parts = credential.split('/');
  const [accessKeyId, date, region, service, terminator] = parts;
  if (parts.length !== 5 || !accessKeyId || !date || !region || !service || terminator !== 'aws4_request') {
    throw new AwsError(
      'IncompleteSignature',
      `Credential '${credential}' is not a valid credential scope.`,
      400,
    );
  }
  return { accessKeyId, date, region, service };
}

function parseHeader(header: string, headers: Readonly<Record<string, string>>): SignatureClaim {
  const fields = new Map<string, string>();
  for (const field of header.slice(ALGORITHM.length).split(',')) {
    const equals = field.indexOf('=');
    if (equals > 0) fields.set(field.slice(0, equals).trim(), field.slice(equals + 1).trim());
  }
  const credential = fields.get('Credential');
  const signedHeaders = fields.get('SignedHeaders');
  const signature = fields.get('Signature');
  const timestamp = headers['x-amz-date'];
  if (!credential || !signedHeaders || !signature || !timestamp) {
    throw new AwsError(
      'IncompleteSignature',
      "Authorization header requires 'Credential', 'SignedHeaders', 'Signature' and the header 'X-Amz-Date'.",
      400,
    );
  }
  return {
    ...parseScope(credential),
    signedHeaders: signedHeaders.split(';'),
    signature,
    timestamp,
    sessionToken: headers['x-amz-security-token'],
  };
}

function parsePresigned(query: Readonly<Record<string, string>>): SignatureClaim {
  const credential = query['X-Amz-Credential'];
  const signature = query['X-Amz-Signature'];
  const signedHeaders = query['X-Amz-SignedHeaders'];
  const timestamp = query['X-Amz-Date'];
  const expiresSeconds = Number(query['X-Amz-Expires']);
  if (!credential || !signature || !signedHeaders || !timestamp || !Number.isFinite(expiresSeconds)) {
    throw new AwsError(
      'AuthorizationQueryParametersError',
      'Query-string authentication is incomplete.',
      400,
    );
  }
  const scope = parseScope(credential);
  if (!SIGNED_IN_QUERY.includes(scope.service)) {
    throw new AwsError(
      'IncompleteSignature',
      `Query-string authentication is taken for ${SIGNED_IN_QUERY.join(' and ')} only on localhost, not for ${scope.service}: sign the request's headers.`,
      400,
    );
  }
  if (expiresSeconds < 0 || expiresSeconds > MOST_EXPIRES_SECONDS) {
    throw new AwsError(
      'AuthorizationQueryParametersError',
      'X-Amz-Expires must be non-negative and less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds.',
      400,
    );
  }
  return {
    ...scope,
    signedHeaders: signedHeaders.split(';'),
    signature,
    timestamp,
    sessionToken: query['X-Amz-Security-Token'],
    expiresSeconds,
  };
}

/** The claim of a request, or undefined when it is anonymous. Throws IncompleteSignature for a claim that cannot be read. */
export function readClaim(
  headers: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>>,
): SignatureClaim | undefined {
  const authorization = headers.authorization;
  if (authorization?.startsWith(ALGORITHM)) return parseHeader(authorization, headers);
  if (query['X-Amz-Algorithm'] === ALGORITHM) return parsePresigned(query);
  return undefined;
}

/** Deriving a signing key costs as much as the rest of a signature, and a day's requests of one caller share it. */
const signingKeys = new Map<string, Buffer>();
const MAX_SIGNING_KEYS = 1_000;

/** The key that signs a day's requests to one service. */
export function signingKey(
  secret: string,
  claim: Pick<SignatureClaim, 'date' | 'region' | 'service'>,
): Buffer {
  const { date, region, service } = claim;
  const cacheKey = `${secret}/${date}/${region}/${service}`;
  let key = signingKeys.get(cacheKey);
  if (!key) {
    key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
    if (signingKeys.size >= MAX_SIGNING_KEYS) signingKeys.clear();
    signingKeys.set(cacheKey, key);
  }
  return key;
}

function canonicalPath(path: string, service: string): string {
  // S3 signs the path as sent; all other services encode each segment a second time.
  if (service === 's3') return path.split('/').map(reencode).join('/');
  return path.split('/').map(encodeRfc3986).join('/');
}

function reencode(segment: string): string {
  try {
    return encodeRfc3986(decodeURIComponent(segment));
  } catch (cause) {
    throw new AwsError('InvalidURI', `Could not parse the path segment '${segment}': ${String(cause)}`, 400);
  }
}

function canonicalQuery(queryString: string): string {
  const pairs: [string, string][] = [];
  for (const pair of queryString.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = reencode((equals < 0 ? pair : pair.slice(0, equals)).replace(/\+/g, '%20'));
    const value = equals < 0 ? '' : reencode(pair.slice(equals + 1).replace(/\+/g, '%20'));
    if (name !== 'X-Amz-Signature') pairs.push([name, value]);
  }
  pairs.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

/** What the headers say that the payload is signed as: its hash, or why it has none. Undefined when only the body itself tells. */
export function declaredPayload(
  headers: Readonly<Record<string, string>>,
  claim: SignatureClaim,
): string | undefined {
  // S3 alone has links whose body is not known when they are signed.
  const isPresigned = claim.expiresSeconds !== undefined && claim.service === 's3';
  return headers['x-amz-content-sha256'] ?? (isPresigned ? 'UNSIGNED-PAYLOAD' : undefined);
}

export const payloadOf = (body: Buffer): string => sha256(body);

/** Throws XAmzContentSHA256Mismatch when the body is not the one that was declared. */
export function checkPayload(declared: string, body: Buffer): void {
  if (isHash(declared) && declared !== sha256(body)) throw otherPayload();
}

/** Hands the pieces of a body on, and does the same at their end. */
export async function* checkedPayload(
  declared: string,
  pieces: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  const hash = isHash(declared) ? createHash('sha256') : undefined;
  for await (const piece of pieces) {
    hash?.update(piece);
    yield piece;
  }
  if (hash && declared !== hash.digest('hex')) throw otherPayload();
}

const isHash = (declared: string): boolean => /^[0-9a-f]{64}$/.test(declared);

const otherPayload = (): AwsError =>
  new AwsError(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    400,
  );

function parseTimestamp(timestamp: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp);
  if (!match)
    throw new AwsError(
      'IncompleteSignature',
      `Date '${timestamp}' is not in the ISO-8601 basic format.`,
      400,
    );
  const [, year, month, day, hour, minute, second] = match.map(Number) as [number, ...number[]];
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}

function checkTime(claim: SignatureClaim, now: number): void {
  const signedAt = parseTimestamp(claim.timestamp);
  if (claim.expiresSeconds !== undefined) {
    if (now > signedAt + claim.expiresSeconds * 1000)
      throw new AwsError('AccessDenied', 'Request has expired', 403);
    return;
  }
  if (Math.abs(now - signedAt) > MAX_SKEW_MS) {
    throw new AwsError(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      403,
    );
  }
}

/**
 * Checks the signature of a request. Throws SignatureDoesNotMatch or RequestTimeTooSkewed.
 *
 * @param payload what the payload was signed as: `declaredPayload`, or `payloadOf` the body
 */
export function verifySignature(
  request: SignedRequest,
  claim: SignatureClaim,
  secret: string,
  now: number,
  payload: string,
): void {
  checkTime(claim, now);
  const headers = claim.signedHeaders.map((name) => {
    const value = request.headers[name.toLowerCase()] ?? '';
    return `${name.toLowerCase()}:${value.trim().replace(/ +/g, ' ')}\n`;
  });
  const canonical = [
    request.method,
    canonicalPath(request.path, claim.service),
    canonicalQuery(request.queryString),
    headers.join(''),
    claim.signedHeaders.join(';'),
    payload,
  ].join('\n');
  const scope = `${claim.date}/${claim.region}/${claim.service}/aws4_request`;
  const toSign = [ALGORITHM, claim.timestamp, scope, sha256(canonical)].join('\n');
  const expected = hmac(signingKey(secret, claim), toSign);
  const given = Buffer.from(claim.signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new AwsError(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
      403,
    );
  }
}
