// The rows of each user. Bulk rows never change between imports, so their index is made at once (two passes, two integers
// a row); put rows arrive one by one, so each points back to the user's row before it.
import { IntVector } from './vectors';

/** Rows by user, as compressed sparse rows: those of user `u` are `rows[starts[u] … starts[u + 1])`. */
export class BulkUserIndex {
  private readonly starts: Int32Array;
  private readonly rows: Int32Array;

  constructor(users: Int32Array, userCount: number) {
    const starts = new Int32Array(userCount + 1);
    for (const user of users) (starts[user + 1] as number)++;
    for (let user = 0; user < userCount; user++) {
      starts[user + 1] = (starts[user + 1] as number) + (starts[user] as number);
    }
    const next = starts.slice();
    const rows = new Int32Array(users.length);
    for (let row = 0; row < users.length; row++) {
      const user = users[row] as number;
      const slot = next[user] as number;
      rows[slot] = row;
      next[user] = slot + 1;
    }
    this.starts = starts;
    this.rows = rows;
  }

  rowsOf(user: number): Int32Array {
    if (user + 1 >= this.starts.length) return this.rows.subarray(0, 0);
    return this.rows.subarray(this.starts[user], this.starts[user + 1]);
  }
}

/** Rows by user (or session) that grows with each row. */
export class ChainIndex {
  private readonly last = new IntVector();
  private readonly before = new IntVector();

  /** `row` must grow from call to call; rows may be left out. */
  add(key: number, row: number): void {
    this.before.set(row, this.last.at(key));
    this.last.set(key, row);
  }

  /** Newest first. */
  *rowsOf(key: number): Generator<number> {
    for (let row = this.last.at(key); row >= 0; row = this.before.at(row)) yield row;
  }

  has(key: number): boolean {
    return this.last.at(key) >= 0;
  }
}
