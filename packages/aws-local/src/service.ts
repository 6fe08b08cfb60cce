// One module a service; what each receives from the gateway and offers to it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@emotion-gallery/local-kit/clock';
import type { Store } from '@emotion-gallery/local-kit/store';

/** Who calls, as the access key says. */
export interface Principal {
  /** `arn:aws:iam::…:user/…`, `arn:aws:sts::…:assumed-role/<role>/<session>`, or a service principal such as `lambda.amazonaws.com`. */
  readonly arn: string;
  readonly kind: 'root' | 'user' | 'assumed-role' | 'service' | 'anonymous';
  readonly accountId: string;
  /** For assumed roles: the role's ARN, whose policies apply. */
  readonly roleArn?: string;
  /** For service principals: what aws:SourceArn and aws:SourceAccount say. */
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
}

/** A body that has not been read yet: it goes to the disk as it comes. */
export class Upload {
  constructor(
    /** Decoded. Throws an AwsError at its end when it is not what was signed. */
    readonly bytes: AsyncIterable<Buffer>,
    /** Names of the trailers that were announced. */
    readonly announced: readonly string[] = [],
    /** Those that came, once `bytes` has ended. */
    readonly trailers: Readonly<Record<string, string>> = {},
  ) {}
}

/** A request with its signature checked and its body read; chunked bodies are already decoded. */
export interface AwsRequest {
  readonly method: string;
  /** Path without the query string, still percent-encoded. */
  readonly path: string;
  /** Of a parameter that comes more than once, the last value. */
  readonly query: Readonly<Record<string, string>>;
  /** As it came, without the question mark. */
  readonly queryString: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Instead of a body, for what the service's declaration calls an upload. */
  readonly upload?: Upload;
  readonly principal: Principal;
  readonly requestId: string;
  /** The region that it is signed for. @default - the one that the endpoint was started with */
  readonly region?: string;
  /** The address that it came from. @default - a call in process */
  readonly sourceIp?: string;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer | NodeJS.ReadableStream;
}

/** An authorisation question. `context` holds condition keys, lower-case, for example `aws:securetransport`. */
export interface AccessRequest {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** The resource's own policy document, if it has one. */
  readonly resourcePolicy?: unknown;
}

/** Input and output of an API operation: the member names of the AWS API; blobs are Buffers, times are Dates. */
export type Shape = Record<string, unknown>;

/** Throws AccessDenied, worded as AWS words it, unless the policies allow the request. Every question is recorded for `npm run permissions`. */
export type Authorize = (request: AccessRequest) => void;

/** An error as AWS answers it; the gateway encodes it in the service's wire format. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    /** Further members of the error, for example CancellationReasons. */
    readonly details: Readonly<Record<string, unknown>> = {},
    /** Headers of the answer, where the protocol says something by them (S3). */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** A message for a queue, a topic, a function, a state machine. */
export interface TargetMessage {
  readonly arn: string;
  readonly body: string;
  readonly principal: Principal;
  /** For FIFO queues. */
  readonly messageGroupId?: string;
}

/** What a task of a state machine calls. */
export interface TaskService {
  readonly id: string;
  /** What the names of its errors begin with there: `DynamoDb`. */
  readonly errorPrefix: string;
}

/** What every service module is made with. */
export interface ServiceContext {
  readonly region: string;
  readonly accountId: string;
  /** The account's state, in maps called `<service>/<what>`. */
  readonly store: Store;
  /** The folder for this service's large files, which the store names. */
  readonly stateDir: string;
  /** `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** Where CloudFront's distributions answer, and what they give as their domain name: `localhost:8080`. */
  readonly siteHost: string;
  /** Where the region's HTTP APIs answer, behind their ids: `execute-api.localhost:4566`. */
  readonly apiHost: string;
  readonly clock: Clock;
  readonly authorize: Authorize;
  readonly log: (line: string) => void;
  /**
   * Sends a message to a resource that an ARN names, as rules, schedules, topics and redrives do.
   * @throws AwsError when the resource is gone or the principal may not; ValidationException for what is no target
   */
  deliver(message: TargetMessage): Promise<void>;
  /** Refuses what can never be delivered, when somebody names it as a target. @throws ValidationException */
  requireTarget(arn: string): void;
  /** The service behind a name in the resource ARNs of Step Functions' tasks. */
  task(name: string): TaskService | undefined;
  /**
   * Other services by id (`s3`, `dynamodb`, `sqs`, …), resolved when called, so that modules may refer to each other.
   * Those of the same region, unless another is named.
   */
  service<T>(id: string, region?: string): T;
  /**
   * The principal that a service acts as after it assumed a role, for calls in process (`call`). Throws AccessDenied unless
   * the role's trust policy lets the service principal (`states.amazonaws.com`) in, acting for the source if one is given.
   */
  assumeRole(roleArn: string, sessionName: string, servicePrincipal: string, sourceArn?: string): Principal;
  /** Temporary credentials for a role, as AssumeRole gives them; for Lambda, Step Functions and the like. */
  credentialsFor(
    roleArn: string,
    sessionName: string,
  ): { accessKeyId: string; secretAccessKey: string; sessionToken: string };
}

export interface AwsService {
  /** Signing name and id: `s3`, `dynamodb`, `lambda`, `states`, `apigateway`, … */
  readonly id: string;
  /** The names of the operations that it has. */
  readonly operations: readonly string[];
  /** Handles one request to the service's HTTP API, authorisation included. */
  handle(request: AwsRequest): Promise<AwsResponse>;
  /**
   * Calls an operation in process: `call('CreateFunction', { FunctionName, Code: { S3Bucket, S3Key }, … }, principal)`. Names and
   * shapes are those of the AWS API (as in the SDK's documentation), authorisation included. CloudFormation's resource
   * providers and Step Functions' SDK integrations go through it. Throws AwsError, for an unknown operation too.
   *
   * @param region of the caller, for services that span regions. @default - the one that the endpoint was started with
   */
  call(operation: string, input: Shape, principal: Principal, region?: string): Promise<Shape>;
  /** Takes up what an earlier process left, and begins to poll; called once, when all services are there. */
  start?(): Promise<void> | void;
  close(): Promise<void>;
}

/** What the CloudFront service offers besides its API: the viewers' side, mounted on the site's own port. */
export interface SiteServer {
  serve(request: IncomingMessage, response: ServerResponse): void;
}
