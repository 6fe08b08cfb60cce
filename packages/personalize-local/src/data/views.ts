// How filters look at the data: whole columns, dictionary-encoded, so that a condition is one pass over a typed array.

/** Distinct strings with a stable code each. Codes are never reused while the process runs. */
export interface IdDictionary {
  readonly size: number;
  code(id: string): number | undefined;
  id(code: number): string;
}

/** A metadata dataset; the row of an id is its code in `ids`. Ids without a row are not `present`. */
export interface EntityColumns {
  readonly ids: IdDictionary;
  /** Codes run from 0 to this, exclusive; a code at or beyond it has no row. */
  readonly length: number;
  present(code: number): boolean;
  /** Null when the schema has no such string column. */
  strings(column: string): StringColumn | undefined;
  /** Undefined when the schema has no such number column. */
  numbers(column: string): NumberColumn | undefined;
}

/** Columns are as they were when they were asked for; cells of ids that came later are null. */
export interface StringColumn {
  /** Dictionary code of each cell by id code, -1 for null. */
  readonly codes: Int32Array;
  /** The cell's text, undefined for null. */
  text(code: number): string | undefined;
  /** Marks (1) the dictionary codes of the cells that have one of these values, alone or between bars (`a|b`). */
  marks(values: Iterable<string>): Uint8Array;
}

export interface NumberColumn {
  /** By id code; NaN for null. */
  readonly values: Float64Array;
}

/** Interactions of users with items (or actions), by event type. */
export interface InteractionIndex {
  readonly users: IdDictionary;
  readonly targets: IdDictionary;
  /**
   * Item (or action) codes that the user interacted with, looking at the latest `limit` events of each type.
   * `matches` gets the event type as it was sent; absent: all types.
   */
  targetsOf(userId: string, limit: number, matches?: (eventType: string) => boolean): Set<number>;
  /** User codes with at least one interaction of a matching type. */
  usersWith(matches?: (eventType: string) => boolean): Set<number>;
}
