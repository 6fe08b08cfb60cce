// Where the Lambda API's operations are found.
import type { RestRoute } from '../shared/rest-protocol';

const FUNCTIONS = '/2015-03-31/functions';
const FUNCTION = `${FUNCTIONS}/{FunctionName}`;
const MAPPINGS = '/2015-03-31/event-source-mappings';
const TAGS = '/2017-03-31/tags/{Resource+}';
const EVENT_INVOKE = '/2019-09-25/functions/{FunctionName}/event-invoke-config';

export const ROUTES: readonly RestRoute[] = [
  { operation: 'CreateFunction', method: 'POST', path: FUNCTIONS, status: 201 },
  { operation: 'ListFunctions', method: 'GET', path: FUNCTIONS },
  { operation: 'GetFunction', method: 'GET', path: FUNCTION },
  { operation: 'DeleteFunction', method: 'DELETE', path: FUNCTION, status: 204 },
  { operation: 'GetFunctionConfiguration', method: 'GET', path: `${FUNCTION}/configuration` },
  { operation: 'UpdateFunctionConfiguration', method: 'PUT', path: `${FUNCTION}/configuration` },
  { operation: 'UpdateFunctionCode', method: 'PUT', path: `${FUNCTION}/code` },
  { operation: 'AddPermission', method: 'POST', path: `${FUNCTION}/policy`, status: 201 },
  { operation: 'GetPolicy', method: 'GET', path: `${FUNCTION}/policy` },
  { operation: 'RemovePermission', method: 'DELETE', path: `${FUNCTION}/policy/{StatementId}`, status: 204 },
  {
    operation: 'PutFunctionConcurrency',
    method: 'PUT',
    path: '/2017-10-31/functions/{FunctionName}/concurrency',
  },
  {
    operation: 'DeleteFunctionConcurrency',
    method: 'DELETE',
    path: '/2017-10-31/functions/{FunctionName}/concurrency',
    status: 204,
  },
  { operation: 'PutFunctionEventInvokeConfig', method: 'PUT', path: EVENT_INVOKE },
  { operation: 'DeleteFunctionEventInvokeConfig', method: 'DELETE', path: EVENT_INVOKE, status: 204 },
  { operation: 'CreateEventSourceMapping', method: 'POST', path: MAPPINGS, status: 202 },
  {
    operation: 'ListEventSourceMappings',
    method: 'GET',
    path: MAPPINGS,
    query: { FunctionName: 'FunctionName', EventSourceArn: 'EventSourceArn' },
  },
  { operation: 'GetEventSourceMapping', method: 'GET', path: `${MAPPINGS}/{UUID}` },
  { operation: 'UpdateEventSourceMapping', method: 'PUT', path: `${MAPPINGS}/{UUID}`, status: 202 },
  { operation: 'DeleteEventSourceMapping', method: 'DELETE', path: `${MAPPINGS}/{UUID}`, status: 202 },
  { operation: 'ListTags', method: 'GET', path: TAGS },
  { operation: 'TagResource', method: 'POST', path: TAGS, status: 204 },
  {
    operation: 'UntagResource',
    method: 'DELETE',
    path: TAGS,
    status: 204,
    query: { TagKeys: 'tagKeys' },
  },
  {
    operation: 'PublishLayerVersion',
    method: 'POST',
    path: '/2018-10-31/layers/{LayerName}/versions',
    status: 201,
  },
  { operation: 'ListLayerVersions', method: 'GET', path: '/2018-10-31/layers/{LayerName}/versions' },
  {
    operation: 'GetLayerVersion',
    method: 'GET',
    path: '/2018-10-31/layers/{LayerName}/versions/{VersionNumber}',
  },
  {
    operation: 'DeleteLayerVersion',
    method: 'DELETE',
    path: '/2018-10-31/layers/{LayerName}/versions/{VersionNumber}',
    status: 204,
  },
];
