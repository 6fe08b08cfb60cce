// Dataset groups, custom and domain.

import { MOST_DATASET_GROUPS, TOO_MANY_ACTIVE } from '@emotion-gallery/personalize-rules/limits';
import { eightHex } from '../protocol/arns';
import { inUse, invalidInput } from '../protocol/errors';
import type {
  CreateDatasetGroupRequest,
  DeleteDatasetGroupRequest,
  DescribeDatasetGroupRequest,
  ListDatasetGroupsRequest,
} from '../protocol/requests';
import type { DatasetGroupRecord } from '../state/records';
import type { Context } from './context';
import { DATASET_GROUP_MS } from './durations';
import { creation, deletion, lifeCycle } from './life-cycles';
import {
  findResource,
  newRecord,
  requireNewArn,
  requireRoom,
  requireStatus,
  save,
  startDeletion,
} from './lookup';
import { page } from './pagination';

export const datasetGroupLifeCycle = lifeCycle('dataset-group', {
  ...creation<'dataset-group'>({
    afterMs: DATASET_GROUP_MS,
    take: async (group, context) => {
      await context.data.create(group.folder);
      return { status: 'ACTIVE' };
    },
  }),
  ...deletion<'dataset-group'>(async (group, context) => {
    const orphans = [...context.store.all('filter'), ...context.store.all('metric-attribution')]
      .filter(({ datasetGroupArn }) => datasetGroupArn === group.arn)
      .map(({ arn }) => arn);
    for (const arn of orphans) context.lifeCycles.forget(arn);
    context.store.commit({ remove: orphans });
    await context.data.remove(group.folder);
  }),
});

/** @throws PersonalizeError ResourceNotFoundException, ResourceInUseException */
export function findActiveGroup(context: Context, arn: string, purpose: string): DatasetGroupRecord {
  const group = findResource(context, 'dataset-group', arn);
  requireStatus(group, ['ACTIVE'], purpose);
  return group;
}

/** What has to be deleted before the group. */
const CHILDREN = ['dataset', 'event-tracker', 'solution', 'recommender'] as const;

export const datasetGroupOperations = {
  CreateDatasetGroup(input: CreateDatasetGroupRequest, context: Context) {
    const { name, roleArn, kmsKeyArn, domain } = input;
    if (kmsKeyArn !== undefined && roleArn === undefined) {
      throw invalidInput(
        'If you specify a kmsKeyArn, you must also specify the roleArn of a role that may use it.',
      );
    }
    const arn = context.arns.of('dataset-group', name);
    requireNewArn(context, arn);
    const count = context.store.all('dataset-group').length;
    requireRoom(context, count, MOST_DATASET_GROUPS, TOO_MANY_ACTIVE('dataset group', MOST_DATASET_GROUPS));
    save(context, {
      ...newRecord(context, 'dataset-group', arn, input.tags),
      datasetGroupArn: arn,
      name,
      roleArn,
      kmsKeyArn,
      domain,
      status: 'CREATE PENDING',
      folder: `${name}.${eightHex()}`,
    });
    return { datasetGroupArn: arn, domain };
  },

  DescribeDatasetGroup({ datasetGroupArn }: DescribeDatasetGroupRequest, context: Context) {
    return { datasetGroup: findResource(context, 'dataset-group', datasetGroupArn) };
  },

  ListDatasetGroups(input: ListDatasetGroupsRequest, context: Context) {
    const { records, nextToken } = page(context.store.all('dataset-group'), input, ['ListDatasetGroups']);
    return { datasetGroups: records, nextToken };
  },

  DeleteDatasetGroup({ datasetGroupArn }: DeleteDatasetGroupRequest, context: Context) {
    const group = findResource(context, 'dataset-group', datasetGroupArn);
    for (const kind of CHILDREN) {
      const child = context.store.all(kind).find((record) => record.datasetGroupArn === datasetGroupArn);
      if (child) throw inUse(`${datasetGroupArn} still has ${child.arn}; delete that first.`);
    }
    startDeletion(context, group);
    return {};
  },
};
