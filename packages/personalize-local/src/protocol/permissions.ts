// The IAM permission that each request needs.

import type { HttpRequest, RequiredPermission } from '../service';
import { Arns } from './arns';
import { PersonalizeError } from './errors';
import { type Operation, operations } from './model';
import requiredResources from './required-resources.json';
import { operationOf, readBody, regionOf } from './wire';

/** Members that hold the ARN which an operation acts on, the first one that is present wins. */
const SUBJECT_MEMBERS = [
  'campaignArn',
  'recommenderArn',
  'solutionVersionArn',
  'batchInferenceJobArn',
  'batchSegmentJobArn',
  'dataDeletionJobArn',
  'datasetExportJobArn',
  'datasetImportJobArn',
  'eventTrackerArn',
  'filterArn',
  'metricAttributionArn',
  'recipeArn',
  'algorithmArn',
  'featureTransformationArn',
  'schemaArn',
  'datasetArn',
  'solutionArn',
  'datasetGroupArn',
  'resourceArn',
];

/** Operations that name other ARNs besides their subject. */
const SUBJECT_OF: Readonly<Record<string, string>> = {
  UpdateCampaign: 'campaignArn',
  UpdateDataset: 'datasetArn',
  CreateSolutionVersion: 'solutionArn',
  UpdateSolution: 'solutionArn',
};

/** ARN type of what an operation makes, with the member that names it; without one the id is not known beforehand. */
const CREATED: Readonly<Record<string, readonly [type: string, member?: string]>> = {
  CreateBatchInferenceJob: ['batch-inference-job', 'jobName'],
  CreateBatchSegmentJob: ['batch-segment-job', 'jobName'],
  CreateCampaign: ['campaign', 'name'],
  CreateDataDeletionJob: ['data-deletion-job', 'jobName'],
  CreateDataset: ['dataset'],
  CreateDatasetExportJob: ['dataset-export-job', 'jobName'],
  CreateDatasetGroup: ['dataset-group', 'name'],
  CreateDatasetImportJob: ['dataset-import-job', 'jobName'],
  CreateEventTracker: ['event-tracker'],
  CreateFilter: ['filter', 'name'],
  CreateMetricAttribution: ['metric-attribution', 'name'],
  CreateRecommender: ['recommender', 'name'],
  CreateSchema: ['schema', 'name'],
  CreateSolution: ['solution', 'name'],
};

/** Kinds of resources besides what is made, by their names in the service authorization reference, to the members that name them. */
const PARENTS: Readonly<Record<string, readonly string[]>> = {
  dataset: ['datasetArn'],
  datasetGroup: ['datasetGroupArn'],
  solution: ['solutionArn', 'solutionVersionArn'],
};

/** Events are allowed on every resource or not at all; see "Recording events" in the developer guide. */
const WITHOUT_RESOURCE = ['PutEvents', 'PutActionInteractions'];

type Body = Readonly<Record<string, unknown>>;

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/**
 * Like `requiredPermission`, from the request itself. What is malformed needs the right on every resource, and is refused
 * by the service afterwards.
 */
export function permissionFor(
  request: HttpRequest,
  account: { readonly region: string; readonly accountId: string },
): RequiredPermission {
  try {
    const region = regionOf(request) ?? account.region;
    return requiredPermission(operationOf(request), readBody(request), { ...account, region });
  } catch (error) {
    if (!(error instanceof PersonalizeError)) throw error;
    const operation = request.headers['x-amz-target']?.split('.').at(-1) ?? byPathName(request);
    return { action: `personalize:${operation}`, resources: ['*'] };
  }
}

function byPathName(request: HttpRequest): string {
  const named = [...operations.values()].find(({ path }) => path === request.path && path !== '/');
  return named?.name ?? 'Unknown';
}

export function requiredPermission(
  { name }: Operation,
  body: Body,
  { region, accountId }: { readonly region: string; readonly accountId: string },
): RequiredPermission {
  return {
    action: `personalize:${name}`,
    resources: [resourceOf(name, body, new Arns(region, accountId)), ...parentsOf(name, body)],
    passedRoleArn: text(body.roleArn) ?? text((body.metricsOutputConfig as Body | undefined)?.roleArn),
    ...(Array.isArray(body.tags) && { tags: body.tags }),
  };
}

/** What an action needs besides its subject: the group in which something is made, the solution that a campaign serves. */
function parentsOf(operation: string, body: Body): string[] {
  const kinds = (requiredResources as Readonly<Record<string, readonly string[]>>)[operation] ?? [];
  return kinds
    .filter((kind) => operation.toLowerCase() !== `create${kind.toLowerCase()}`)
    .flatMap((kind) => {
      const member = PARENTS[kind]?.find((known) => text(body[known]) !== undefined);
      // A version is permitted by its solution: the reference knows no resource of its own for it.
      return member ? [String(body[member]).replace(/(:solution\/[^/]+)\/.*$/, '$1')] : [];
    });
}

function resourceOf(operation: string, body: Body, arns: Arns): string {
  if (operation.startsWith('List') && operation !== 'ListTagsForResource') return '*';
  if (WITHOUT_RESOURCE.includes(operation)) return '*';
  const created = CREATED[operation];
  if (operation === 'CreateDataset') {
    const group = text(body.datasetGroupArn)?.split('/')[1] ?? '*';
    return arns.dataset(group, text(body.datasetType)?.toUpperCase() ?? '*');
  }
  if (created) return arns.of(created[0], created[1] ? (text(body[created[1]]) ?? '*') : '*');
  const member = SUBJECT_OF[operation] ?? SUBJECT_MEMBERS.find((known) => text(body[known]) !== undefined);
  return (member && text(body[member])) ?? '*';
}
