// HTTP APIs and their parts, as kept and as checked.
import { z } from 'zod';

const ROUTE_KEY = z.string().regex(/^(\$default|(GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS|ANY) \/.*)$/);
const THROTTLE = z.object({
  ThrottlingRateLimit: z.coerce.number().optional(),
  ThrottlingBurstLimit: z.coerce.number().optional(),
});

export const CORS = z.object({
  AllowCredentials: z.boolean().optional(),
  AllowHeaders: z.array(z.string()).optional(),
  AllowMethods: z.array(z.string()).optional(),
  AllowOrigins: z.array(z.string()).optional(),
  ExposeHeaders: z.array(z.string()).optional(),
  MaxAge: z.number().int().min(-1).max(86_400).optional(),
});

export const API = z.object({
  Name: z.string().min(1),
  ProtocolType: z.literal('HTTP', 'only HTTP APIs are supported on localhost').default('HTTP'),
  Description: z.string().optional(),
  CorsConfiguration: CORS.optional(),
  DisableExecuteApiEndpoint: z.boolean().default(false),
  Version: z.string().optional(),
  Tags: z.record(z.string(), z.string()).default({}),
});
export const INTEGRATION = z.object({
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY', 'only Lambda integrations are supported on localhost'),
  IntegrationUri: z.string(),
  IntegrationMethod: z.string().optional(),
  Description: z.string().optional(),
  PayloadFormatVersion: z.literal('2.0', 'only payload format 2.0 is supported on localhost'),
  TimeoutInMillis: z.coerce.number().int().min(50).max(30_000).default(30_000),
});
export const ROUTE = z.object({
  ApiId: z.string(),
  RouteKey: ROUTE_KEY,
  Target: z.string().regex(/^integrations\//),
  OperationName: z.string().optional(),
  AuthorizationType: z.literal('NONE', 'authorizers are not supported on localhost').default('NONE'),
});
export const STAGE = z.object({
  ApiId: z.string(),
  StageName: z.string(),
  AutoDeploy: z.boolean().default(false),
  Description: z.string().optional(),
  Tags: z.record(z.string(), z.string()).optional(),
  AccessLogSettings: z
    .object({ DestinationArn: z.string().optional(), Format: z.string().optional() })
    .optional(),
  DefaultRouteSettings: THROTTLE.optional(),
  RouteSettings: z.record(z.string(), THROTTLE).optional(),
  StageVariables: z.record(z.string(), z.string()).default({}),
});

export interface HttpApi {
  readonly id: string;
  readonly createdAt: number;
  readonly settings: z.output<typeof API>;
  readonly integrations: Readonly<Record<string, z.output<typeof INTEGRATION>>>;
  readonly routes: Readonly<Record<string, z.output<typeof ROUTE>>>;
  readonly stages: Readonly<Record<string, z.output<typeof STAGE>>>;
}

export type Cors = z.output<typeof CORS>;
export type Stage = z.output<typeof STAGE>;
export type Integration = z.output<typeof INTEGRATION>;
