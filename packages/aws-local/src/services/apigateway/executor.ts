// Answers requests to an HTTP API: throttling, route, function, access log, metrics.
import { randomUUID } from 'node:crypto';
import type {
  ApiRequest,
  ApiResponse,
  CloudWatchService,
  LambdaService,
  LogEvent,
  LogsService,
} from '../../ports';
import type { ServiceContext } from '../../service';
import { servicePrincipal } from '../shared/principals';
import type { HttpApi, Integration, Stage } from './model';
import { type EventContext, logTime, message, proxyEvent, proxyResponse } from './proxy';
import { findRoute, type RouteMatch } from './routing';

const LARGEST_BODY = 10 * 1024 * 1024;
const LOG_INTERVAL_MS = 100;

interface Bucket {
  tokens: number;
  at: number;
}

interface Outcome {
  readonly response: ApiResponse;
  readonly routeKey: string;
  readonly integrationError?: string;
}

export class ApiExecutor {
  private readonly buckets = new Map<string, Bucket>();
  private readonly pendingLogs = new Map<string, LogEvent[]>();
  private logTimer: NodeJS.Timeout | undefined;

  constructor(private readonly context: ServiceContext) {}

  async execute(api: HttpApi, stage: Stage, request: ApiRequest): Promise<ApiResponse> {
    const startedAt = performance.now();
    const details: EventContext = {
      accountId: this.context.accountId,
      apiId: api.id,
      domainName: `${api.id}.execute-api.${this.context.region}.amazonaws.com`,
      stage: stage.StageName,
      stageVariables: stage.StageVariables,
      requestId: randomUUID(),
      time: this.context.clock.now(),
    };
    const outcome = await this.respond(api, stage, request, details);
    const latency = performance.now() - startedAt;
    this.writeAccessLog(stage, request, details, outcome, latency);
    this.recordMetrics(api, stage, outcome.response.status, latency);
    const { response } = outcome;
    return { ...response, headers: { ...response.headers, 'apigw-requestid': details.requestId } };
  }

  close(): void {
    clearTimeout(this.logTimer);
    this.flushLogs();
  }

  private async respond(
    api: HttpApi,
    stage: Stage,
    request: ApiRequest,
    details: EventContext,
  ): Promise<Outcome> {
    if (request.body.length > LARGEST_BODY)
      return { response: message(413, 'Request Entity Too Large'), routeKey: '-' };
    const route = findRoute(api, request.method, request.path);
    const integration = route && api.integrations[route.integrationId];
    if (!route || !integration) return { response: message(404, 'Not Found'), routeKey: '-' };
    if (!this.admit(api, stage, route.routeKey)) {
      return { response: message(429, 'Too Many Requests'), routeKey: route.routeKey };
    }
    return this.invoke(api, stage, integration, route, request, details);
  }

  private async invoke(
    api: HttpApi,
    stage: Stage,
    integration: Integration,
    route: RouteMatch,
    request: ApiRequest,
    details: EventContext,
  ): Promise<Outcome> {
    const { routeKey } = route;
    const { region, accountId } = this.context;
    const routePath = routeKey === '$default' ? '$default' : routeKey.replace(' ', '').replace(/^ANY/, '*');
    const sourceArn = `arn:aws:execute-api:${region}:${accountId}:${api.id}/${stage.StageName}/${routePath}`;
    let timer: NodeJS.Timeout | undefined;
    try {
      const invocation = this.context.service<LambdaService>('lambda').invoke({
        functionName: functionArn(integration.IntegrationUri),
        payload: Buffer.from(JSON.stringify(proxyEvent(request, route, details))),
        principal: servicePrincipal('apigateway.amazonaws.com', sourceArn, accountId),
        type: 'RequestResponse',
      });
      const timeout = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), integration.TimeoutInMillis);
      });
      const result = await Promise.race([invocation, timeout]);
      if (!result) {
        const response = message(503, 'Service Unavailable');
        return { response, routeKey, integrationError: 'Integration timed out' };
      }
      const response = result.functionError ? undefined : proxyResponse(result.payload);
      if (response) return { response, routeKey };
      const integrationError = result.payload.toString('utf8').slice(0, 500);
      return { response: message(500, 'Internal Server Error'), routeKey, integrationError };
    } catch (error) {
      this.context.log(`apigateway: ${routeKey} of ${api.settings.Name}: ${String(error)}`);
      const response = message(500, 'Internal Server Error');
      return { response, routeKey, integrationError: String(error) };
    } finally {
      clearTimeout(timer);
    }
  }

  /** A token bucket a route: the burst limit is its size, the rate limit what flows in a second. */
  private admit(api: HttpApi, stage: Stage, routeKey: string): boolean {
    const limits = { ...stage.DefaultRouteSettings, ...stage.RouteSettings?.[routeKey] };
    const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = limits;
    if (rate === undefined || burst === undefined) return true;
    const key = `${api.id}/${stage.StageName}/${routeKey}`;
    const now = performance.now();
    const bucket = this.buckets.get(key) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * rate);
    bucket.at = now;
    this.buckets.set(key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  private writeAccessLog(
    stage: Stage,
    request: ApiRequest,
    details: EventContext,
    outcome: Outcome,
    latency: number,
  ): void {
    const { DestinationArn, Format } = stage.AccessLogSettings ?? {};
    const group = DestinationArn?.split(':log-group:')[1]?.replace(/:\*$/, '');
    if (!group || !Format) return;
    const values: Readonly<Record<string, string | number>> = {
      requestId: details.requestId,
      requestTime: logTime(details.time),
      requestTimeEpoch: details.time,
      httpMethod: request.method,
      path: request.path,
      protocol: 'HTTP/1.1',
      routeKey: outcome.routeKey,
      stage: details.stage,
      apiId: details.apiId,
      accountId: details.accountId,
      domainName: details.domainName,
      status: outcome.response.status,
      responseLength: outcome.response.body.length,
      responseLatency: Math.round(latency),
      integrationLatency: Math.round(latency),
      integrationErrorMessage: outcome.integrationError ?? '-',
      'identity.sourceIp': request.sourceIp,
      'identity.userAgent': request.headers['user-agent'] ?? '-',
    };
    const line = Format.replace(/\$context\.([\w.]+)/g, (_whole, name: string) =>
      JSON.stringify(String(values[name] ?? '-')).slice(1, -1),
    );
    const events = this.pendingLogs.get(group) ?? [];
    events.push({ timestamp: details.time, message: line });
    this.pendingLogs.set(group, events);
    this.logTimer ??= setTimeout(() => this.flushLogs(), LOG_INTERVAL_MS);
  }

  private flushLogs(): void {
    this.logTimer = undefined;
    for (const [group, events] of this.pendingLogs)
      this.context.service<LogsService>('logs').append(group, 'access', events);
    this.pendingLogs.clear();
  }

  private recordMetrics(api: HttpApi, stage: Stage, status: number, latency: number): void {
    const metrics = this.context.service<CloudWatchService>('monitoring');
    const levels: Record<string, string>[] = [{ ApiId: api.id }, { ApiId: api.id, Stage: stage.StageName }];
    for (const dimensions of levels) {
      metrics.record('AWS/ApiGateway', 'Count', 1, 'Count', dimensions);
      metrics.record('AWS/ApiGateway', '4xx', status >= 400 && status < 500 ? 1 : 0, 'Count', dimensions);
      metrics.record('AWS/ApiGateway', '5xx', status >= 500 ? 1 : 0, 'Count', dimensions);
      metrics.record('AWS/ApiGateway', 'Latency', latency, 'Milliseconds', dimensions);
    }
  }
}

/** The URI is the function's ARN, or the path of the Invoke operation with it. */
function functionArn(uri: string): string {
  return /functions\/(arn:[^/]+)\/invocations$/.exec(uri)?.[1] ?? uri;
}
