// The HTTP API behind `/api/*`: routes, throttling, access log.
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  type HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import type { Alarms } from './alarms';
import type { EngagementMetrics } from './gallery-dashboard';
import type { NodeFunction } from './node-function';

export interface GalleryApiProps {
  readonly apiName: string;
  readonly description: string;
  readonly alarms: Alarms;
  readonly logRetentionDays: RetentionDays;
}

/** Requests a second over all routes, and how many may come at once; the account's own limit is far above. */
const throttle = { rateLimit: 1_000, burstLimit: 2_000 };

export class GalleryApi extends Construct {
  /** The host that CloudFront forwards to. */
  readonly domainName: string;
  readonly metrics: Pick<EngagementMetrics, 'requests' | 'clientErrors' | 'serverErrors' | 'latency'>;
  private readonly api: HttpApi;

  constructor(scope: Construct, id: string, props: GalleryApiProps) {
    super(scope, id);
    // No CORS: pages and API are one origin behind CloudFront.
    this.api = new HttpApi(this, 'Resource', {
      apiName: props.apiName,
      description: props.description,
      createDefaultStage: false,
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      // Log delivery edits one resource policy of limited length an account, unless the group is under this name.
      logGroupName: `/aws/vendedlogs/${props.apiName}`,
      retention: props.logRetentionDays,
      // The name is fixed: a group that is kept would stand in the way of the next deployment.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
    acknowledge(this, {
      'AwsSolutions-APIG4':
        'Visitors come unknown and get a token; the functions verify it on every call that acts for somebody.',
    });
    const stack = Stack.of(this);
    this.domainName = `${this.api.apiId}.execute-api.${stack.region}.${stack.urlSuffix}`;
    this.metrics = {
      requests: this.api.metricCount({ statistic: 'Sum' }),
      clientErrors: this.api.metricClientError({ statistic: 'Sum' }),
      serverErrors: this.api.metricServerError({ statistic: 'Sum' }),
      latency: ['p50', 'p99'].map((statistic) => this.api.metricLatency({ statistic })),
    };
    props.alarms.watch(this, {
      name: 'api-server-errors',
      meaning: 'The API answered with a 5xx status',
      metric: this.api.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' }),
    });
  }

  route(method: HttpMethod, path: string, target: NodeFunction): void {
    this.api.addRoutes({ path, methods: [method], integration: this.integration(target) });
  }

  /** Where every other path or method goes, so that it too is answered with a problem document. */
  routeTheRest(target: NodeFunction): void {
    new HttpRoute(this, 'TheRest', {
      httpApi: this.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: this.integration(target),
    });
  }

  private integration(target: NodeFunction): HttpLambdaIntegration {
    return new HttpLambdaIntegration(`To${target.node.id}`, target.function);
  }
}

/** Neither addresses nor user agents nor queries: visitors stay unknown in the log. */
const accessLogFields = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  status: '$context.status',
  responseBytes: '$context.responseLength',
  milliseconds: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
};
