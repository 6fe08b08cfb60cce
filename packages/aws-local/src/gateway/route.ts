// Decides which service a request is for: by the signature's scope, the target header, the host, or the path.
import type { SignatureClaim } from './sigv4';

/** Signing names that differ from the service's id here. */
const SIGNING_NAMES: Readonly<Record<string, string>> = {
  s3express: 's3',
  'execute-api': 'apigateway',
};

/** Prefixes of X-Amz-Target of the services that speak AWS JSON. */
const TARGETS: readonly (readonly [prefix: string, service: string])[] = [
  ['DynamoDB_', 'dynamodb'],
  ['AmazonSQS', 'sqs'],
  ['AmazonSSM', 'ssm'],
  ['AWSEvents', 'events'],
  ['AWSStepFunctions', 'states'],
  ['AmazonPersonalize', 'personalize'],
  ['Logs_', 'logs'],
  ['secretsmanager', 'secretsmanager'],
  ['GraniteServiceVersion', 'monitoring'],
];

export interface RoutingRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

export interface Route {
  readonly service: string;
  /** For S3's virtual-host style: the bucket that the host names. */
  readonly bucket?: string;
}

/** The bucket of `bucket.s3.localhost:4566` and `bucket.s3.us-east-1.localhost`, or undefined. */
export function virtualHostBucket(host: string): string | undefined {
  return /^(.+)\.s3(?:[.-][a-z0-9-]+)?\.(?:localhost|127\.0\.0\.1|amazonaws\.com)(?::\d+)?$/.exec(host)?.[1];
}

/** S3 answers what no other service claims: anonymous requests without any mark are plain GETs of objects. */
export function routeRequest(request: RoutingRequest, claim: SignatureClaim | undefined): Route {
  const bucket = virtualHostBucket(request.headers.host ?? '');
  if (bucket !== undefined) return { service: 's3', bucket };
  if (claim) return { service: SIGNING_NAMES[claim.service] ?? claim.service };
  if (request.headers.host?.includes('.execute-api.')) return { service: 'apigateway' };
  const target = request.headers['x-amz-target'];
  const byTarget = target && TARGETS.find(([prefix]) => target.startsWith(prefix));
  if (byTarget) return { service: byTarget[1] };
  return { service: 's3' };
}
