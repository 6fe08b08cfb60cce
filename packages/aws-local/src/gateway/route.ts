// Decides which service a request is for: by the signature's scope, the target header, the host, or the path.
import type { ServiceDeclaration } from '../declaration';
import type { SignatureClaim } from './sigv4';

/** What requests tell services apart by, from their declarations. */
export class Routing {
  /** By the names that requests are signed with. */
  readonly bySigningName: ReadonlyMap<string, ServiceDeclaration>;
  private readonly targets: readonly (readonly [prefix: string, id: string])[];

  constructor(declarations: readonly ServiceDeclaration[]) {
    this.bySigningName = new Map(
      declarations.flatMap((service) =>
        [service.id, ...(service.alsoSignedAs ?? [])].map((name) => [name, service]),
      ),
    );
    this.targets = declarations.flatMap(({ targetPrefix, id }) => (targetPrefix ? [[targetPrefix, id]] : []));
  }

  /** The service whose operations an X-Amz-Target header names. */
  byTarget(target: string): string | undefined {
    return this.targets.find(([prefix]) => target.startsWith(prefix))?.[1];
  }
}

export interface RoutingRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

export interface Route {
  readonly service: string;
  /** For S3's virtual-host style: the bucket that the host names. */
  readonly bucket?: string;
  /** That the host names. */
  readonly region?: string;
}

/** The bucket of `bucket.s3.localhost:4566` and `bucket.s3.us-east-1.localhost`, or undefined. */
export function virtualHostBucket(host: string): string | undefined {
  return /^(.+)\.s3(?:[.-][a-z0-9-]+)?\.(?:localhost|127\.0\.0\.1|amazonaws\.com)(?::\d+)?$/.exec(host)?.[1];
}

/** S3 answers what no other service claims: anonymous requests without any mark are plain GETs of objects. */
export function routeRequest(
  request: RoutingRequest,
  claim: SignatureClaim | undefined,
  routing: Routing,
): Route {
  const bucket = virtualHostBucket(request.headers.host ?? '');
  if (bucket !== undefined) return { service: 's3', bucket };
  if (claim) return { service: routing.bySigningName.get(claim.service)?.id ?? claim.service };
  const api = /\.execute-api\.(?:([a-z]{2}-[a-z-]+-\d)\.)?/.exec(request.headers.host ?? '');
  if (api) return { service: 'apigateway', region: api[1] };
  const target = request.headers['x-amz-target'];
  return { service: (target && routing.byTarget(target)) || 's3' };
}
