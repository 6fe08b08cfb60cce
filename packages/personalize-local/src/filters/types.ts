// What a filter is to the rest of the service: one that was checked, and that can be evaluated for a request.
import type { Filter } from '@emotion-gallery/personalize-rules/filters';
import type { DatasetGroupData } from '../data/types';

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

export interface CompiledFilter extends Filter {
  /** @throws InvalidFilterValues */
  evaluate(request: FilterRequest): IdSet;
}
