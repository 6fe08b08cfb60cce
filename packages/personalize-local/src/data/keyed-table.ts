// A table with at most one row an id; an id's row is found by its code.
import type { StoredRow } from './put-log';
import type { Table } from './table';
import { IntVector } from './vectors';

export class KeyedTable {
  private readonly rowOf = new IntVector();

  constructor(
    readonly table: Table,
    private readonly idColumn: string,
  ) {
    const ids = table.codes(idColumn);
    for (let row = 0; row < table.rows; row++) this.rowOf.set(ids.at(row), row);
  }

  /** -1 when the id has no row. */
  row(code: number): number {
    return this.rowOf.at(code);
  }

  upsert(code: number, values: StoredRow): void {
    const known = this.rowOf.at(code);
    const row = known < 0 ? this.table.rows : known;
    this.table.write(row, values);
    this.rowOf.set(code, row);
  }

  /** Ids in the order of their first row. */
  codes(): Int32Array {
    return this.table.codes(this.idColumn).view();
  }
}
