// What a filter is once it was checked against the schemas of its dataset group.
import type { DatasetSchema, DatasetType } from '../schemas/types';

/** The expression is wrong; the message says what, where and what was expected. An InvalidInputException. */
export class InvalidFilter extends Error {
  override readonly name = 'InvalidFilter';
  constructor(
    message: string,
    /** 1-based character in the expression, where one can be named. */
    readonly character?: number,
  ) {
    super(message);
  }
}

/** The filterValues of a request do not fit the filter. An InvalidInputException. */
export class InvalidFilterValues extends Error {
  override readonly name = 'InvalidFilterValues';
}

/** What is filtered: ItemID in recommendations, UserID in segments, ActionID in next-best-action. */
export type FilterTarget = 'ITEM' | 'USER' | 'ACTION';

export interface Filter {
  readonly expression: string;
  readonly target: FilterTarget;
  /** Distinct fields, for example `ITEMS.GENRE`: at most 10 a filter, 20 a dataset group. */
  readonly fields: readonly string[];
  /** Without the dollar sign. */
  readonly placeholders: readonly string[];
  /** Only for related-item recipes. */
  readonly usesCurrentItem: boolean;
  readonly usesCurrentUser: boolean;
  /** Not for item-attribute-affinity. */
  readonly usesInteractions: boolean;
}

/** The schemas of the datasets that the group has. */
export type FilterSchemas = ReadonlyMap<DatasetType, DatasetSchema>;
