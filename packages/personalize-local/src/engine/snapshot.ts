// The data of a dataset group as models read them: columns and tables, in memory that threads can hand over.

/** A string column of n rows, dictionary-encoded. `codes[row]` is an index into `values`, or -1 for null. */
export interface CategoricalColumn {
  readonly kind: 'categorical';
  readonly name: string;
  /** Distinct values; a multi-valued cell (`a|b`) is kept as its own value here and split by the engine. */
  readonly values: readonly string[];
  readonly codes: Int32Array;
}

/** A number column of n rows; NaN for null. */
export interface NumericColumn {
  readonly kind: 'numeric';
  readonly name: string;
  readonly values: Float64Array;
}

/** Free text, Items only; undefined for null. */
export interface TextColumn {
  readonly kind: 'textual';
  readonly name: string;
  readonly values: readonly (string | undefined)[];
}

export type Column = CategoricalColumn | NumericColumn | TextColumn;

/** Row i of every column belongs to `ids[i]`. */
export interface EntityTable {
  readonly ids: readonly string[];
  readonly columns: readonly Column[];
}

/**
 * Interactions after event type and value filtering, in no particular order; every array has the same length.
 * `user` and `item` index `users.ids` and `items.ids`, which hold every id that occurs in a dataset or an interaction.
 */
export interface InteractionTable {
  readonly user: Int32Array;
  readonly item: Int32Array;
  /** Epoch seconds. */
  readonly timestamp: Float64Array;
  /** Index into `eventTypes`; -1 when the schema has no EVENT_TYPE. */
  readonly eventType: Int32Array;
  readonly eventTypes: readonly string[];
  /** EVENT_VALUE, NaN for null. */
  readonly value: Float64Array;
  /** Contextual columns of the interactions schema. */
  readonly columns: readonly Column[];
}

export interface DataSnapshot {
  readonly users: EntityTable;
  readonly items: EntityTable;
  readonly interactions: InteractionTable;
  /** Item creation time in epoch seconds by item index; inferred where the column is missing. */
  readonly itemCreatedAt: Float64Array;
  /** Actions and action interactions, for next-best-action only. */
  readonly actions?: EntityTable;
  readonly actionInteractions?: InteractionTable;
}
