// What a filter is to the rest of the service: an expression that was checked against the schemas of its dataset group,
// and that can be evaluated for a request.
import type { DatasetGroupData, DatasetSchema, DatasetType } from '../data/types';

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

export interface FilterRequest {
  readonly data: DatasetGroupData;
  /** The user that the recommendations are for: CurrentUser and interactions. */
  readonly userId?: string;
  /** The item of a related-items request: CurrentItem. */
  readonly itemId?: string;
  /** As sent at runtime: text between (escaped) double quotes, several separated by commas; numbers bare. */
  readonly values?: Readonly<Record<string, string>>;
}

/** The ids that may be returned. */
export interface IdSet {
  has(id: string): boolean;
  /** The allowed ones of all ids that the dataset group knows. */
  ids(): Iterable<string>;
}

export interface CompiledFilter {
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
  /** @throws InvalidFilterValues */
  evaluate(request: FilterRequest): IdSet;
}

/** The schemas of the datasets that the group has. */
export type FilterSchemas = ReadonlyMap<DatasetType, DatasetSchema>;
