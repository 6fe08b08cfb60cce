// Amazon API Gateway on localhost: HTTP APIs with Lambda integrations. Requests reach an API by its host name: on AWS's domain, or
// `<api>.execute-api.localhost` on the endpoint's port.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ApiGatewayService, ApiRequest, ApiResponse } from '../../ports';
import { AwsError, type AwsRequest, type AwsResponse, type ServiceContext, type Shape } from '../../service';
import {
  type Caller,
  type Operation,
  type Operations,
  operation,
  serviceOf,
  validate,
  withInvalidInput,
} from '../shared/operations';
import { strict } from '../shared/strict';
import { type TagMap, withoutKeys } from '../shared/tags';
import { preflightAnswer, withCorsHeaders } from './cors';
import { ApiExecutor } from './executor';
import { API, type HttpApi, INTEGRATION, ROUTE, STAGE } from './model';
import { message } from './proxy';
import { restHandler } from './rest';

const DEFAULT_STAGE = '$default';

export async function createApiGateway(context: ServiceContext): Promise<ApiGatewayService> {
  const apis = context.store.map<HttpApi>('apigateway/apis');
  const executor = new ApiExecutor(context);

  const authorize = (caller: Caller, method: string, path: string) =>
    context.authorize({
      principal: caller.principal,
      action: `apigateway:${method}`,
      resource: `arn:aws:apigateway:${context.region}::${path}`,
      context: caller.conditions,
    });

  /** @throws NotFoundException */
  function known(id: string): HttpApi {
    const api = apis.get(id);
    if (!api)
      throw new AwsError(
        'NotFoundException',
        `Invalid API identifier specified ${context.accountId}:${id}`,
        404,
      );
    return api;
  }

  function describe(api: HttpApi): Shape {
    const ApiEndpoint = `https://${api.id}.execute-api.${context.region}.amazonaws.com`;
    return { ...api.settings, ApiId: api.id, ApiEndpoint, CreatedDate: new Date(api.createdAt) };
  }

  const OF_API = z.object({ ApiId: z.string() });
  const ID = z.string();
  const OF_ARN = z.object({ ResourceArn: z.string() });

  /** An API's tags or a stage's, and how they are kept. @throws NotFoundException */
  function tagged(arn: string): { tags: TagMap; save: (tags: TagMap) => void } {
    const [, id = '', stageName] = /\/apis\/([^/]+)(?:\/stages\/(.+))?$/.exec(arn) ?? [];
    const api = known(id);
    if (stageName === undefined) {
      const save = (Tags: TagMap) => apis.put(id, { ...api, settings: { ...api.settings, Tags } });
      return { tags: api.settings.Tags, save };
    }
    const stage = api.stages[stageName];
    if (!stage)
      throw new AwsError('NotFoundException', `Invalid stage identifier specified ${stageName}`, 404);
    const save = (Tags: TagMap) =>
      apis.put(id, { ...api, stages: { ...api.stages, [stageName]: { ...stage, Tags } } });
    return { tags: stage.Tags ?? {}, save };
  }

  function changeTags(arn: string, method: string, caller: Caller, change: (tags: TagMap) => TagMap): void {
    authorize(caller, method, `/tags/${arn}`);
    const { tags, save } = tagged(arn);
    save(change(tags));
  }

  const table: Operations = {
    CreateApi: operation(API, (settings, caller) => {
      authorize(caller, 'POST', '/apis');
      const id = newId();
      const api: HttpApi = {
        id,
        createdAt: context.clock.now(),
        settings,
        integrations: {},
        routes: {},
        stages: {},
      };
      apis.put(id, api);
      return describe(api);
    }),
    GetApi: operation(OF_API, (input, caller) => {
      authorize(caller, 'GET', `/apis/${input.ApiId}`);
      return describe(known(input.ApiId));
    }),
    GetApis: operation(z.object({}), (_input, caller) => {
      authorize(caller, 'GET', '/apis');
      return { Items: [...apis.values()].map(describe) };
    }),
    UpdateApi: operation(API.partial().extend({ ApiId: z.string() }), ({ ApiId, ...changes }, caller) => {
      authorize(caller, 'PATCH', `/apis/${ApiId}`);
      const api = known(ApiId);
      const changed = { ...api, settings: { ...api.settings, ...changes } };
      apis.put(ApiId, changed);
      return describe(changed);
    }),
    DeleteApi: operation(OF_API, (input, caller) => {
      authorize(caller, 'DELETE', `/apis/${input.ApiId}`);
      known(input.ApiId);
      apis.delete(input.ApiId);
    }),
    TagResource: operation(OF_ARN.extend({ Tags: z.record(z.string(), z.string()) }), (input, caller) => {
      changeTags(input.ResourceArn, 'POST', caller, (tags) => ({ ...tags, ...input.Tags }));
    }),
    UntagResource: operation(OF_ARN.extend({ TagKeys: z.array(z.string()) }), (input, caller) => {
      changeTags(input.ResourceArn, 'DELETE', caller, (tags) => withoutKeys(tags, input.TagKeys));
    }),
    GetTags: operation(OF_ARN, (input, caller) => {
      authorize(caller, 'GET', `/tags/${input.ResourceArn}`);
      return { Tags: tagged(input.ResourceArn).tags };
    }),
    ...partOperations('Integration', 'integrations', INTEGRATION),
    ...partOperations('Route', 'routes', ROUTE),
    ...partOperations('Stage', 'stages', STAGE),
  };

  /** Create, get, list, update and delete of what belongs to an API. */
  function partOperations(
    kind: 'Integration' | 'Route' | 'Stage',
    member: 'integrations' | 'routes' | 'stages',
    schema: z.ZodType<Shape & { readonly ApiId: string }>,
  ): Operations {
    const idMember = kind === 'Stage' ? 'StageName' : `${kind}Id`;
    const named = OF_API.extend({ RouteId: ID, IntegrationId: ID, StageName: ID }).pick({
      ApiId: true,
      [idMember]: true,
    } as { ApiId: true });
    // What an update does not name stays as it was.
    const changes = named.catchall(z.unknown());
    const path = (api: string, id = '') => `/apis/${api}/${member}${id && `/${id}`}`;
    const part = (api: HttpApi, id: string): Shape => {
      const found = (api[member] as Readonly<Record<string, Shape>>)[id];
      if (!found) throw new AwsError('NotFoundException', `Invalid ${kind} identifier specified ${id}`, 404);
      return found;
    };
    const save = (api: HttpApi, id: string, value: Shape | undefined) => {
      const { [id]: _before, ...others } = api[member] as Record<string, Shape>;
      apis.put(api.id, { ...api, [member]: value ? { ...others, [id]: value } : others });
    };
    const idOf = (input: Shape) => String(input[idMember]);
    const list: Operation = operation(OF_API, (input, caller) => {
      authorize(caller, 'GET', path(input.ApiId));
      const entries = Object.entries(known(input.ApiId)[member]);
      return { Items: entries.map(([id, value]) => ({ ...value, [idMember]: id })) };
    });
    return {
      [`Create${kind}`]: operation(schema, (input, caller) => {
        authorize(caller, 'POST', path(input.ApiId));
        const api = known(input.ApiId);
        const id = 'StageName' in input ? String(input.StageName) : newId();
        if (kind === 'Route') requireNewRoute(api, String((input as Shape).RouteKey));
        if (kind === 'Stage' && api.stages[id])
          throw new AwsError('ConflictException', 'Stage already exists', 409);
        save(api, id, input);
        return { ...input, [idMember]: id };
      }),
      [`Get${kind}`]: operation(named, (input, caller) => {
        const id = idOf(input);
        authorize(caller, 'GET', path(input.ApiId, id));
        return { ...part(known(input.ApiId), id), [idMember]: id };
      }),
      [`Get${kind}s`]: list,
      [`Update${kind}`]: operation(changes, (input, caller) => {
        const id = idOf(input);
        authorize(caller, 'PATCH', path(input.ApiId, id));
        const api = known(input.ApiId);
        const { [idMember]: _id, ...changed } = { ...part(api, id), ...input };
        const whole = kind === 'Stage' ? { ...changed, StageName: id } : changed;
        const value = validate(strict(schema), whole);
        save(api, id, value);
        return { ...value, [idMember]: id };
      }),
      [`Delete${kind}`]: operation(named, (input, caller) => {
        const id = idOf(input);
        authorize(caller, 'DELETE', path(input.ApiId, id));
        const api = known(input.ApiId);
        part(api, id);
        save(api, id, undefined);
      }),
    };
  }

  async function execute(apiId: string, request: ApiRequest): Promise<ApiResponse> {
    const api = apis.get(apiId);
    if (!api || api.settings.DisableExecuteApiEndpoint) return message(404, 'Not Found');
    // A named stage is the first segment of the path; the default stage has no segment.
    const [, first = '', ...rest] = request.path.split('/');
    const named = first === DEFAULT_STAGE ? undefined : api.stages[first];
    const stage = named ?? api.stages[DEFAULT_STAGE];
    if (!stage) return message(404, 'Not Found');
    const asked = named ? { ...request, path: `/${rest.join('/')}` } : request;
    const cors = api.settings.CorsConfiguration;
    const preflight = cors && preflightAnswer(cors, asked);
    if (preflight) return preflight;
    const response = await executor.execute(api, stage, asked);
    return cors ? withCorsHeaders(cors, asked, response) : response;
  }

  const operations = withInvalidInput(table, 'BadRequestException');
  const rest = restHandler(operations);

  async function handle(request: AwsRequest): Promise<AwsResponse> {
    const host = /^([a-z0-9]+)\.execute-api\./.exec(request.headers.host ?? '')?.[1];
    if (host) return execute(host, httpRequest(request));
    return rest(request);
  }

  return {
    ...serviceOf({ id: 'apigateway', operations, handle, close: () => executor.close() }),
    execute,
  };
}

function requireNewRoute(api: HttpApi, routeKey: string): void {
  if (Object.values(api.routes).some((route) => route.RouteKey === routeKey)) {
    throw new AwsError('ConflictException', `Route with key ${routeKey} already exists for this API`, 409);
  }
}

function httpRequest(request: AwsRequest): ApiRequest {
  return {
    method: request.method,
    path: request.path,
    query: request.queryString,
    headers: request.headers,
    body: request.body,
    sourceIp: '127.0.0.1',
  };
}

function newId(): string {
  return BigInt(`0x${randomBytes(8).toString('hex')}`)
    .toString(36)
    .slice(0, 10)
    .padStart(10, '0');
}
