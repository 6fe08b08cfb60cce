// Finds interactions that are the same in every column: of those, Amazon Personalize keeps one.
import type { Cells, Table } from './table';

/** 1 for each row that repeats an earlier one. An open-addressing hash table of row numbers: 8 bytes a row, no objects. */
export function repeatedRows(table: Table): Uint8Array {
  const repeated = new Uint8Array(table.rows);
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, table.rows * 2)));
  const slots = new Int32Array(size).fill(-1);
  const hashes = rowHashes(table);
  for (let row = 0; row < table.rows; row++) {
    let slot = (hashes[row] as number) & (size - 1);
    for (;;) {
      const other = slots[slot] as number;
      if (other < 0) {
        slots[slot] = row;
        break;
      }
      if (hashes[other] === hashes[row] && sameRow(table, other, row)) {
        repeated[row] = 1;
        break;
      }
      slot = (slot + 1) & (size - 1);
    }
  }
  return repeated;
}

/** Texts are left out of the hash: rows that differ in nothing else are few, and compared in full. */
function rowHashes(table: Table): Int32Array {
  const hashes = new Int32Array(table.rows).fill(17);
  for (const cells of table.columns) {
    if (cells.kind === 'text') continue;
    const view = cells.kind === 'dictionary' ? cells.codes.view() : cells.values.view();
    for (let row = 0; row < table.rows; row++) {
      const value = view[row] as number;
      const whole = Number.isNaN(value) ? -7 : Math.imul(value | 0, 31) ^ (value * 1024);
      const mixed = Math.imul((hashes[row] as number) ^ whole, 0x9e3779b1);
      hashes[row] = mixed ^ (mixed >>> 15);
    }
  }
  return hashes;
}

const sameRow = (table: Table, a: number, b: number): boolean =>
  table.columns.every((cells) => sameCell(cells, a, b));

function sameCell(cells: Cells, a: number, b: number): boolean {
  if (cells.kind === 'text') return cells.texts.at(a) === cells.texts.at(b);
  if (cells.kind === 'dictionary') return cells.codes.at(a) === cells.codes.at(b);
  return Object.is(cells.values.at(a), cells.values.at(b));
}
