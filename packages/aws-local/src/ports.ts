// What services need of each other besides their API: each implements its port, and the others know no more of it.
import type { AwsService, Principal } from './service';

export interface SqsService extends AwsService {
  urlOfArn(arn: string): string;
}

export interface InvokeRequest {
  /** Name or ARN. */
  readonly functionName: string;
  readonly payload: Buffer;
  readonly principal: Principal;
  /** `Event`: kept on disk and answered at once. */
  readonly type: 'RequestResponse' | 'Event';
}

export interface InvocationResult {
  readonly payload: Buffer;
  /** `Unhandled`: the function threw, timed out or died. */
  readonly functionError?: 'Unhandled';
  /** The last lines that the invocation has written; there a moment after its answer. */
  readonly logTail?: Promise<string>;
}

export interface LambdaService extends AwsService {
  /** @throws AccessDenied, ResourceNotFoundException, TooManyRequestsException */
  invoke(request: InvokeRequest): Promise<InvocationResult>;
}

/** An event as a service of AWS puts it on the default bus. */
export interface ServiceEvent {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export interface EventsService extends AwsService {
  /** Takes an event of an AWS service; its deliveries are on disk when this returns. */
  accept(event: ServiceEvent): void;
  /** Takes an event that a rule of another bus hands on, as it is. @throws AccessDenied, ResourceNotFoundException */
  handOn(busArn: string, event: string, principal: Principal): void;
}

export interface LogEvent {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

export interface LogsService extends AwsService {
  /** Events for a stream whose group exists or is made; for services that AWS lets write without a role of the account. */
  append(group: string, stream: string, events: readonly LogEvent[]): void;
}

export type Dimensions = Readonly<Record<string, string>>;

export interface CloudWatchService extends AwsService {
  /** Adds one value. */
  record(namespace: string, name: string, value: number, unit: string, dimensions: Dimensions): void;
  /** Takes the metrics out of a log line in the embedded metric format; other lines are ignored. */
  acceptEmbeddedMetrics(line: string): void;
}

/** A request to an HTTP API. */
export interface ApiRequest {
  readonly method: string;
  /** Percent-encoded, without the stage. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceIp: string;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

export interface ApiGatewayService extends AwsService {
  /** Answers a request to an API's own host; `request.path` is the whole path. */
  execute(apiId: string, request: ApiRequest): Promise<ApiResponse>;
}
