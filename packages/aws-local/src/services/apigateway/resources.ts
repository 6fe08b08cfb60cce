// HTTP APIs: AWS::ApiGatewayV2::Api, Stage, Route and Integration.
import { isDeepStrictEqual } from 'node:util';
import {
  answered,
  ignoreMissing,
  type Properties,
  pick,
  type ResourceProvider,
  requiredString,
  unlessMissing,
} from '../../cloudformation/provider';
import { asMap, type TagCalls } from '../../cloudformation/tags';

const API = [
  'Name',
  'ProtocolType',
  'Description',
  'CorsConfiguration',
  'DisableExecuteApiEndpoint',
  'Version',
];

/** HTTP APIs take tags as a map, in CloudFormation too. */
const taggedAt = (path: (id: string, properties: Properties) => string): TagCalls => ({
  service: 'apigateway',
  put: 'TagResource',
  remove: 'UntagResource',
  of: ({ physicalId }, properties) => ({
    ResourceArn: `arn:aws:apigateway:::${path(physicalId, properties)}`,
  }),
  tags: (tags) => ({ Tags: asMap(tags) }),
});

export const api: ResourceProvider = {
  properties: API,
  tags: taggedAt((id) => `/apis/${id}`),
  async create(properties, context) {
    const made = await context.call('apigateway', 'CreateApi', pick(properties, ...API));
    const ApiId = answered(made, 'ApiId');
    return { physicalId: ApiId, attributes: { ApiId, ApiEndpoint: answered(made, 'ApiEndpoint') } };
  },
  async update(ApiId, properties, _previous, context) {
    const changeable = API.filter((name) => name !== 'ProtocolType');
    const made = await context.call('apigateway', 'UpdateApi', { ApiId, ...pick(properties, ...changeable) });
    return { physicalId: ApiId, attributes: { ApiId, ApiEndpoint: answered(made, 'ApiEndpoint') } };
  },
  // Names are not unique, so it must also have been made since the operation began.
  async recover(properties, context) {
    const { Items } = await context.call('apigateway', 'GetApis', {});
    const apis = Items as readonly { ApiId: string; Name: string; CreatedDate: Date }[];
    return apis.find(
      ({ Name, CreatedDate }) => Name === properties.Name && CreatedDate.getTime() >= context.startedAt,
    )?.ApiId;
  },
  delete: (ApiId, _properties, context) => ignoreMissing(context.call('apigateway', 'DeleteApi', { ApiId })),
};

/** A part of an API that is made, changed and deleted under an id that the service gives it. */
function partOf(kind: 'Route' | 'Integration', names: readonly string[]): ResourceProvider {
  const idMember = `${kind}Id`;
  return {
    properties: ['ApiId', ...names],
    async create(properties, context) {
      const made = await context.call('apigateway', `Create${kind}`, pick(properties, 'ApiId', ...names));
      const id = answered(made, idMember);
      return { physicalId: id, attributes: { [idMember]: id } };
    },
    async update(id, properties, _previous, context) {
      const input = { ...pick(properties, 'ApiId', ...names), [idMember]: id };
      await context.call('apigateway', `Update${kind}`, input);
      return { physicalId: id, attributes: { [idMember]: id } };
    },
    async lookUp(properties, context) {
      const found = await unlessMissing(context.call('apigateway', `Get${kind}s`, pick(properties, 'ApiId')));
      const parts = (found?.Items ?? []) as readonly Record<string, unknown>[];
      return parts.find((part) => names.every((name) => isDeepStrictEqual(part[name], properties[name])))?.[
        idMember
      ] as string | undefined;
    },
    delete: (id, properties, context) =>
      ignoreMissing(
        context.call('apigateway', `Delete${kind}`, {
          ApiId: requiredString(properties, 'ApiId'),
          [idMember]: id,
        }),
      ),
  };
}

export const route = partOf('Route', ['RouteKey', 'Target', 'AuthorizationType', 'OperationName']);

export const integration = partOf('Integration', [
  'Description',
  'IntegrationType',
  'IntegrationUri',
  'IntegrationMethod',
  'PayloadFormatVersion',
  'TimeoutInMillis',
]);

const STAGE = [
  'AutoDeploy',
  'AccessLogSettings',
  'DefaultRouteSettings',
  'RouteSettings',
  'Description',
  'StageVariables',
];

export const stage: ResourceProvider = {
  properties: ['ApiId', 'StageName', ...STAGE],
  tags: taggedAt((name, { ApiId }) => `/apis/${ApiId}/stages/${name}`),
  async create(properties, context) {
    await context.call('apigateway', 'CreateStage', pick(properties, 'ApiId', 'StageName', ...STAGE));
    return { physicalId: requiredString(properties, 'StageName'), attributes: {} };
  },
  async update(StageName, properties, _previous, context) {
    await context.call('apigateway', 'UpdateStage', { ...pick(properties, 'ApiId', ...STAGE), StageName });
    return { physicalId: StageName, attributes: {} };
  },
  async lookUp(properties, context) {
    const found = await unlessMissing(context.call('apigateway', 'GetStages', pick(properties, 'ApiId')));
    const stages = (found?.Items ?? []) as readonly { StageName: string }[];
    return stages.find(({ StageName }) => StageName === properties.StageName)?.StageName;
  },
  delete: (StageName, properties, context) =>
    ignoreMissing(
      context.call('apigateway', 'DeleteStage', { ApiId: requiredString(properties, 'ApiId'), StageName }),
    ),
};
