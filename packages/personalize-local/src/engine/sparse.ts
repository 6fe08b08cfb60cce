// Compressed sparse rows over typed arrays, and the two orders in which interactions are read: by user, by item.

/** A rows × columns matrix; row r has the entries `columns[offsets[r] .. offsets[r + 1])` with the same slice of `values`. */
export interface SparseMatrix {
  readonly rows: number;
  readonly columnCount: number;
  /** rows + 1 entries. */
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  /** Absent: every entry is 1. */
  readonly values?: Float32Array;
}

/** Groups n entries by `keys`: the positions of key k's entries, in input order, are `order[offsets[k] .. offsets[k + 1])`. */
export function groupBy(keys: Int32Array, keyCount: number): { offsets: Int32Array; order: Int32Array } {
  const offsets = new Int32Array(keyCount + 1);
  for (let i = 0; i < keys.length; i++) offsets[keys[i]! + 1]!++;
  for (let k = 0; k < keyCount; k++) offsets[k + 1]! += offsets[k]!;
  const next = offsets.slice(0, keyCount);
  const order = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i++) order[next[keys[i]!]!++] = i;
  return { offsets, order };
}

/** Rows of entries, each with its index: what sparse matrices and timelines have in common. */
export interface Rows {
  readonly offsets: Int32Array;
  readonly indices: Int32Array;
  readonly values?: Float32Array;
}

/** The same rows in the same order; those that are not kept are empty. */
export function keepRows({ offsets, indices, values }: Rows, keep: (row: number) => boolean): Rows {
  const rows = offsets.length - 1;
  const keptOffsets = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    const entries = keep(row) ? offsets[row + 1]! - offsets[row]! : 0;
    keptOffsets[row + 1] = keptOffsets[row]! + entries;
  }
  const keptIndices = new Int32Array(keptOffsets[rows]!);
  const keptValues = values && new Float32Array(keptOffsets[rows]!);
  for (let row = 0; row < rows; row++) {
    const at = keptOffsets[row]!;
    if (keptOffsets[row + 1] === at) continue;
    keptIndices.set(indices.subarray(offsets[row]!, offsets[row + 1]!), at);
    if (values) keptValues?.set(values.subarray(offsets[row]!, offsets[row + 1]!), at);
  }
  return { offsets: keptOffsets, indices: keptIndices, values: keptValues };
}

/** Columns × rows; within a row the columns ascend. */
export function transpose(matrix: SparseMatrix): SparseMatrix {
  const { rows, columnCount, offsets, columns, values } = matrix;
  const entries = offsets[rows]!;
  const turnedOffsets = new Int32Array(columnCount + 1);
  for (let e = 0; e < entries; e++) turnedOffsets[columns[e]! + 1]!++;
  for (let c = 0; c < columnCount; c++) turnedOffsets[c + 1]! += turnedOffsets[c]!;
  const next = turnedOffsets.slice(0, columnCount);
  const turnedColumns = new Int32Array(entries);
  const turnedValues = values && new Float32Array(entries);
  for (let row = 0; row < rows; row++) {
    for (let e = offsets[row]!; e < offsets[row + 1]!; e++) {
      const at = next[columns[e]!]!++;
      turnedColumns[at] = row;
      if (turnedValues) turnedValues[at] = values[e]!;
    }
  }
  return {
    rows: columnCount,
    columnCount: rows,
    offsets: turnedOffsets,
    columns: turnedColumns,
    values: turnedValues,
  };
}
