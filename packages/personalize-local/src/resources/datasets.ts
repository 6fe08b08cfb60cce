// Datasets: one of each type in a dataset group.

import { randomUUID } from 'node:crypto';
import {
  type DatasetType,
  parseDatasetType,
  parseSchema,
  schemaReplacementProblems,
} from '@emotion-gallery/personalize-rules/schemas';
import { alreadyExists, inUse, invalidInput } from '../protocol/errors';
import type {
  CreateDatasetRequest,
  DeleteDatasetRequest,
  DescribeDatasetRequest,
  ListDatasetsRequest,
  UpdateDatasetRequest,
} from '../protocol/requests';
import type { DatasetRecord } from '../state/records';
import type { Context } from './context';
import { findActiveGroup } from './dataset-groups';
import { DATASET_MS, DATASET_UPDATE_MS } from './durations';
import { creation, deletion, lifeCycle } from './life-cycles';
import { findResource, isUnderWay, newRecord, requireStatus, save, startDeletion } from './lookup';
import { page } from './pagination';
import { phaseOf, startUpdate, updating } from './updates';

const UPDATABLE: readonly DatasetType[] = ['ITEMS', 'USERS'];

/** The parsed schema that a dataset's record names. */
function schemaOf(context: Context, schemaArn: string) {
  const { schema, domain } = findResource(context, 'schema', schemaArn);
  return parseSchema(schema, domain);
}

function dataOf(context: Context, dataset: DatasetRecord) {
  return context.data.of(findResource(context, 'dataset-group', dataset.datasetGroupArn));
}

export const datasetLifeCycle = lifeCycle(
  'dataset',
  {
    ...creation<'dataset'>({
      afterMs: DATASET_MS,
      take: async (dataset, context) => {
        await dataOf(context, dataset).ensureDataset(
          dataset.datasetType,
          schemaOf(context, dataset.schemaArn),
        );
        return { status: 'ACTIVE' };
      },
    }),
    ...deletion<'dataset'>((dataset, context) => dataOf(context, dataset).deleteDataset(dataset.datasetType)),
    ...updating<'dataset'>({
      afterMs: DATASET_UPDATE_MS,
      take: async (dataset, context) => {
        const { schemaArn } = dataset.latestDatasetUpdate ?? dataset;
        await dataOf(context, dataset).ensureDataset(dataset.datasetType, schemaOf(context, schemaArn));
        return { schemaArn };
      },
    }),
  },
  phaseOf,
);

/** @throws PersonalizeError ResourceNotFoundException, ResourceInUseException */
export function findActiveDataset(context: Context, arn: string, purpose: string): DatasetRecord {
  const dataset = findResource(context, 'dataset', arn);
  requireStatus(dataset, ['ACTIVE'], purpose);
  return dataset;
}

/** The group's dataset of a type, whatever its status. */
export function datasetOfType(
  context: Context,
  datasetGroupArn: string,
  datasetType: DatasetType,
): DatasetRecord | undefined {
  return context.store
    .all('dataset')
    .find((dataset) => dataset.datasetGroupArn === datasetGroupArn && dataset.datasetType === datasetType);
}

/**
 * Event trackers once had a dataset of their own, which older notebooks delete. Events are in the Interactions dataset today:
 * there is nothing to delete, and nothing wrong with it.
 */
const isEventDataset = ({ arns, store }: Context, arn: string): boolean =>
  store.all('dataset-group').some(({ name }) => arns.dataset(name, 'EVENT_INTERACTIONS') === arn);

export const datasetOperations = {
  CreateDataset(input: CreateDatasetRequest, context: Context) {
    const { name, schemaArn, datasetGroupArn } = input;
    const datasetType = parseDatasetType(input.datasetType);
    const group = findActiveGroup(context, datasetGroupArn, 'get a dataset');
    const schemaRecord = findResource(context, 'schema', schemaArn);
    const schema = schemaOf(context, schemaArn);
    if (schema.type !== datasetType) {
      throw invalidInput(
        `${schemaArn} is a schema for ${schema.type}, the dataset's type is ${datasetType}.`,
      );
    }
    if (schemaRecord.domain !== group.domain) {
      const of = (domain?: string) => (domain ? `the domain ${domain}` : 'no domain');
      throw invalidInput(
        `${schemaArn} is for ${of(schemaRecord.domain)}, ${group.arn} is for ${of(group.domain)}.`,
      );
    }
    const arn = context.arns.dataset(group.name, datasetType);
    if (context.store.get('dataset', arn)) {
      throw alreadyExists(`A dataset of type ${datasetType} already exists in ${datasetGroupArn}.`);
    }
    save(context, {
      ...newRecord(context, 'dataset', arn, input.tags),
      datasetArn: arn,
      name,
      datasetGroupArn,
      datasetType,
      schemaArn,
      status: 'CREATE PENDING',
      ...(datasetType === 'ACTION_INTERACTIONS' && { trackingId: randomUUID() }),
    });
    return { datasetArn: arn };
  },

  DescribeDataset({ datasetArn }: DescribeDatasetRequest, context: Context) {
    return { dataset: findResource(context, 'dataset', datasetArn) };
  },

  ListDatasets(input: ListDatasetsRequest, context: Context) {
    const { datasetGroupArn } = input;
    const datasets = context.store
      .all('dataset')
      .filter((dataset) => datasetGroupArn === undefined || dataset.datasetGroupArn === datasetGroupArn);
    const { records, nextToken } = page(datasets, input, ['ListDatasets', datasetGroupArn]);
    return { datasets: records, nextToken };
  },

  UpdateDataset({ datasetArn, schemaArn }: UpdateDatasetRequest, context: Context) {
    const dataset = findActiveDataset(context, datasetArn, 'get another schema');
    if (!UPDATABLE.includes(dataset.datasetType)) {
      throw invalidInput('Only the schemas of Items and Users datasets can be replaced.');
    }
    const problems = schemaReplacementProblems(
      schemaOf(context, dataset.schemaArn),
      schemaOf(context, schemaArn),
    );
    if (problems.length > 0)
      throw invalidInput(`${schemaArn} cannot replace the schema: ${problems.join('; ')}.`);
    startUpdate<'dataset'>(context, dataset, { schemaArn });
    return { datasetArn };
  },

  DeleteDataset({ datasetArn }: DeleteDatasetRequest, context: Context) {
    if (isEventDataset(context, datasetArn)) return {};
    const dataset = findResource(context, 'dataset', datasetArn);
    const users = [
      ...context.store.all('dataset-import-job').filter((job) => job.datasetArn === datasetArn),
      ...context.store
        .all('solution-version')
        .filter((version) => version.datasetGroupArn === dataset.datasetGroupArn),
    ];
    const user = users.find(({ status }) => isUnderWay(status));
    if (user) throw inUse(`${datasetArn} is used by ${user.arn}, which is in status ${user.status}.`);
    startDeletion(context, dataset);
    return {};
  },
};
