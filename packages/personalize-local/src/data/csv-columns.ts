// Takes the rows of CSV files into a table.
import { type CellTaker, numberCell, type RowSink, textCell } from '@emotion-gallery/personalize-rules/csv';
import type { SchemaField } from '@emotion-gallery/personalize-rules/schemas';
import type { Cells, Table } from './table';

/** Appends to a table, which has all columns of the schema. `onRow` is called after each row. */
export const tableSink = (table: Table, onRow: (row: number) => void = () => undefined): RowSink => ({
  column(field) {
    const cells = table.column(field.name);
    if (cells === undefined) throw new RangeError(`The table has no column ${field.name}`);
    return cellTaker(field, cells);
  },
  startRow: () => table.reserveRow(),
  endRow: onRow,
});

function cellTaker(field: SchemaField, cells: Cells): CellTaker {
  if (cells.kind === 'number') {
    const read = numberCell(field);
    return (row, text) => {
      const cell = read(text);
      if (typeof cell === 'object') return cell.problem;
      cells.values.set(row, cell);
      return undefined;
    };
  }
  const read = textCell(field);
  if (cells.kind === 'text') {
    return (row, text) => {
      const cell = read(text);
      if (typeof cell === 'object') return cell.problem;
      cells.texts.set(row, cell);
      return undefined;
    };
  }
  const { codes, dictionary } = cells;
  return (row, text) => {
    const cell = read(text);
    if (typeof cell === 'object') return cell.problem;
    codes.set(row, cell === undefined ? -1 : dictionary.add(cell));
    return undefined;
  };
}
