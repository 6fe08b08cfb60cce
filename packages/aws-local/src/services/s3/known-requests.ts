// Which of S3's operations a request asks for. All that the service has are known, so that one that is not kept here is refused by its
// name and never taken for another: without them, a deletion of an object's tags would delete the object.
import { AwsError, type AwsRequest, type Shape } from '../../service';
import known from './requests.json';

/** Made from the SDK's schemas by scripts/generate-s3-requests.ts. */
export interface KnownRequest {
  readonly method: string;
  readonly of: 'account' | 'bucket' | 'object';
  /** Query parameters that name the operation, or that it cannot do without: `uploads`, `list-type=2`. */
  readonly needs: readonly string[];
  /** Headers that it cannot do without. */
  readonly headers: readonly string[];
  /** The members that travel as query parameters. */
  readonly members: Readonly<Record<string, readonly [member: string, kind?: 'number' | 'boolean']>>;
}

const KNOWN = Object.entries(known as unknown as Readonly<Record<string, KnownRequest>>);

const parameterOf = (need: string) => need.split('=')[0] ?? need;

/** Parameters that name an operation, and never are just passed over. */
const NAMING = new Set(
  KNOWN.flatMap(([, { needs, members }]) => needs.map(parameterOf).filter((name) => !(name in members))),
);

const has = (query: AwsRequest['query'], need: string): boolean => {
  const [name = '', value] = need.split('=');
  return value === undefined ? name in query : query[name] === value;
};

/** What a request says before its body. */
type Head = Pick<AwsRequest, 'method' | 'path' | 'query' | 'headers'>;

function find({ method, query, headers }: Head, of: KnownRequest['of']): (typeof KNOWN)[number] | undefined {
  const [found] = KNOWN.filter(
    ([, candidate]) =>
      candidate.method === method &&
      candidate.of === of &&
      candidate.needs.every((need) => has(query, need)) &&
      candidate.headers.every((header) => header in headers),
  ).sort(([, a], [, b]) => b.needs.length + b.headers.length - a.needs.length - a.headers.length);
  const meant = found?.[1].needs.map(parameterOf) ?? [];
  // `list-type` alone, with another version than 2, is a listing as it was before there was one.
  const isPassedOver = (name: string) => NAMING.has(name) && !meant.includes(name) && name !== 'list-type';
  return Object.keys(query).some(isPassedOver) ? undefined : found;
}

/** Whether a request puts an object or a part of one. */
export function isUpload(request: Head): boolean {
  if (!/^\/[^/]*\/./.test(request.path)) return false;
  const [name = ''] = find(request, 'object') ?? [];
  return ['PutObject', 'UploadPart'].includes(name);
}

/**
 * The operation, and its members that are in the query.
 * @throws MethodNotAllowed
 */
export function knownRequest(request: AwsRequest, of: KnownRequest['of']): { name: string; members: Shape } {
  const found = find(request, of);
  if (!found) throw notAllowed(request.method);
  const [name, { members }] = found;
  return { name, members: membersOf(request.query, members) };
}

function membersOf(query: AwsRequest['query'], members: KnownRequest['members']): Shape {
  const shape: Shape = {};
  for (const [parameter, [member, kind]] of Object.entries(members)) {
    const value = query[parameter];
    // Without a value, numbers are what they are by default.
    if (value === undefined || (kind !== undefined && value === '')) continue;
    shape[member] = kind === 'number' ? Number(value) : kind === 'boolean' ? value === 'true' : value;
  }
  return shape;
}

function notAllowed(method: string): AwsError {
  return new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, {
    Method: method,
  });
}
