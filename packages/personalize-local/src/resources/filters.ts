// Filters: checked when they are made, compiled once.

import { MOST_FILTER_FIELDS, MOST_FILTERS, TOO_MANY_ACTIVE } from '@emotion-gallery/personalize-rules/limits';
import { type CompiledFilter, compileFilter } from '../filters';
import type {
  CreateFilterRequest,
  DeleteFilterRequest,
  DescribeFilterRequest,
  ListFiltersRequest,
} from '../protocol/requests';
import type { FilterRecord } from '../state/records';
import type { Context } from './context';
import { findActiveGroup } from './dataset-groups';
import { FILTER_MS } from './durations';
import { creation, deletion, lifeCycle } from './life-cycles';
import { findResource, newRecord, requireNewArn, requireRoom, save, startDeletion } from './lookup';
import { page } from './pagination';

export const filterLifeCycle = lifeCycle('filter', {
  ...creation<'filter'>({ afterMs: FILTER_MS, take: () => ({ status: 'ACTIVE' }) }),
  ...deletion<'filter'>(),
});

/** Compiled filters by record: a record is replaced, never changed, so it can be the key. */
const compiled = new WeakMap<FilterRecord, CompiledFilter>();

/** @throws InvalidFilter when the group's schemas no longer fit the expression */
export function compiledFilter(context: Context, filter: FilterRecord): CompiledFilter {
  const known = compiled.get(filter);
  if (known) return known;
  const { schemas } = context.data.of(findResource(context, 'dataset-group', filter.datasetGroupArn));
  const fresh = compileFilter(filter.filterExpression, schemas);
  compiled.set(filter, fresh);
  return fresh;
}

export const filterOperations = {
  CreateFilter(input: CreateFilterRequest, context: Context) {
    const { name, datasetGroupArn, filterExpression } = input;
    const group = findActiveGroup(context, datasetGroupArn, 'get a filter');
    const arn = context.arns.of('filter', name);
    requireNewArn(context, arn);
    const { schemas } = context.data.of(group);
    const filter = compileFilter(filterExpression, schemas);
    const others = context.store.all('filter').filter((other) => other.datasetGroupArn === datasetGroupArn);
    requireRoom(context, others.length, MOST_FILTERS, TOO_MANY_ACTIVE('filter', MOST_FILTERS));
    const fields = new Set([
      ...others.flatMap((other) => compiledFilter(context, other).fields),
      ...filter.fields,
    ]);
    requireRoom(
      context,
      fields.size - 1,
      MOST_FILTER_FIELDS,
      `The filters of a dataset group can use up to ${MOST_FILTER_FIELDS} distinct fields, with this one they would use ${fields.size}.`,
    );
    save(context, {
      ...newRecord(context, 'filter', arn, input.tags),
      filterArn: arn,
      name,
      datasetGroupArn,
      filterExpression,
      status: 'CREATE PENDING',
    });
    return { filterArn: arn };
  },

  DescribeFilter({ filterArn }: DescribeFilterRequest, context: Context) {
    return { filter: findResource(context, 'filter', filterArn) };
  },

  ListFilters(input: ListFiltersRequest, context: Context) {
    const { datasetGroupArn } = input;
    const filters = context.store
      .all('filter')
      .filter((filter) => datasetGroupArn === undefined || filter.datasetGroupArn === datasetGroupArn);
    const { records, nextToken } = page(filters, input, ['ListFilters', datasetGroupArn]);
    // The only list whose member begins with a capital.
    return { Filters: records, nextToken };
  },

  DeleteFilter({ filterArn }: DeleteFilterRequest, context: Context) {
    startDeletion(context, findResource(context, 'filter', filterArn));
    return {};
  },
};
