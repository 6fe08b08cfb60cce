// A snapshot with a part of its catalogue.
import type { Column, DataSnapshot } from '../recipe';
import { selectInteractions } from './user-split';

/** Only these items (ascending indices), and the interactions with them. */
export function restrictCatalogue(data: DataSnapshot, items: Int32Array): DataSnapshot {
  const positions = new Int32Array(data.items.ids.length).fill(-1);
  for (const [position, item] of items.entries()) positions[item] = position;
  const rows: number[] = [];
  for (let row = 0; row < data.interactions.item.length; row++) {
    if (positions[data.interactions.item[row]!]! >= 0) rows.push(row);
  }
  const interactions = selectInteractions(data.interactions, Int32Array.from(rows));
  return {
    ...data,
    items: {
      ids: Array.from(items, (item) => data.items.ids[item]!),
      columns: data.items.columns.map((column) => pick(column, items)),
    },
    itemCreatedAt: Float64Array.from(items, (item) => data.itemCreatedAt[item]!),
    interactions: { ...interactions, item: interactions.item.map((item) => positions[item]!) },
  };
}

function pick(column: Column, rows: Int32Array): Column {
  if (column.kind === 'categorical') return { ...column, codes: rows.map((row) => column.codes[row]!) };
  if (column.kind === 'numeric') {
    return { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) };
  }
  return { ...column, values: Array.from(rows, (row) => column.values[row]) };
}
