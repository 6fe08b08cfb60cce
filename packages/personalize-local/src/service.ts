// What Amazon Personalize on localhost needs from its surroundings, and what it offers to them.
// The local AWS implements ObjectStore and Caller for its own S3 and IAM; alone, a folder or an S3 endpoint stands in.
import type { Readable } from 'node:stream';
import type { Clock } from '@emotion-gallery/local-kit/clock';

export interface HttpRequest {
  readonly method: string;
  /** Path without the query string. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface HttpResponse {
  /** 0: close the connection without an answer (the fault `drop`). */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Which permission a request needs, as IAM names it. */
export interface RequiredPermission {
  /** For example `personalize:CreateSolution`. */
  readonly action: string;
  /** ARNs that the request names, or `['*']`. */
  readonly resources: readonly string[];
  /** The role that the request hands to the service: the caller needs iam:PassRole on it. */
  readonly passedRoleArn?: string;
  /** Of the request. */
  readonly tags?: readonly { readonly tagKey: string; readonly tagValue: string }[];
}

/** How the service reads and writes S3 on behalf of a role. `sourceArn` is the resource it acts for (confused-deputy conditions). */
export interface StorageIdentity {
  readonly roleArn: string;
  readonly sourceArn: string;
}

export interface StoredObject {
  readonly key: string;
  readonly size: number;
  readonly lastModified: Date;
}

/** Thrown by an ObjectStore when the role's policies or the bucket's policy lack a grant. */
export class ObjectAccessDenied extends Error {
  override readonly name = 'ObjectAccessDenied';
}

/** Thrown by an ObjectStore when the bucket or the key does not exist. */
export class ObjectNotFound extends Error {
  override readonly name = 'ObjectNotFound';
}

export interface ObjectStore {
  list(identity: StorageIdentity, bucket: string, prefix: string): Promise<StoredObject[]>;
  read(identity: StorageIdentity, bucket: string, key: string): Promise<Readable>;
  write(identity: StorageIdentity, bucket: string, key: string, body: Readable | Buffer): Promise<void>;
}

export interface PersonalizeOptions {
  readonly stateDir: string;
  readonly accountId: string;
  /** For requests without a signature and calls that name none: a request's region is the one that it is signed for. */
  readonly region: string;
  readonly clock: Clock;
  readonly objectStore: ObjectStore;
  /** The HRNN recipes, which AWS has retired, exist and are trained as their successor; default false. */
  readonly retiredRecipes?: boolean;
  /** Rates and resource limits as AWS gives them; default true. */
  readonly quotas?: boolean;
  /** Fault rules, for example `PutEvents:throttle:0.2`. */
  readonly faults?: readonly string[];
  /** One readable line per request; default: nothing. */
  readonly log?: (line: string) => void;
  /** Metrics as Amazon Personalize sends them to CloudWatch; default: dropped. */
  readonly putMetric?: (
    name: string,
    value: number,
    unit: string,
    dimensions: Record<string, string>,
  ) => void;
}

export type OperationInput = Readonly<Record<string, unknown>>;

export interface PersonalizeService {
  /** The names of the three services' operations. */
  readonly operations: readonly string[];
  /** True when the request is one of the three services' (target header or path). */
  accepts(request: HttpRequest): boolean;
  /** For a malformed request: the right on every resource, so that `handle` may answer it. Never throws. */
  requiredPermission(request: HttpRequest): RequiredPermission;
  handle(request: HttpRequest): Promise<HttpResponse>;
  /** Which permission a call needs. @throws PersonalizeError UnknownOperationException */
  permissionOf(operation: string, input: OperationInput, region?: string): RequiredPermission;
  /**
   * An operation in process, by its name (`CreateCampaign`, `PutEvents`): its output as the wire has it, timestamps in epoch
   * seconds. Validation, faults, rates and limits are those of a request. @throws PersonalizeError with AWS's code
   */
  call(operation: string, input: OperationInput, region?: string): Promise<Record<string, unknown>>;
  /** Fault rules in force; may be changed while running. */
  setFaults(rules: readonly string[]): void;
  /** HTML: resources with their states, sizes of the datasets, last arrivals. */
  statusPage(): string;
  /** Resolves when nothing is imported, trained or written: who moves the clock then finds everything done that was due. */
  rest(): Promise<void>;
  close(): Promise<void>;
}
