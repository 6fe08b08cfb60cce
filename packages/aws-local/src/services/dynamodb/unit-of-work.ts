// A store for dynalite's actions that holds their writes back, so that an item, its index entries and everything else in a
// transaction reach the disk in one atomic batch, or not at all.
import type { BatchOperation, Store, TableDescription } from './dynalite';
import { tableNotFound } from './errors';

type Callback<T = unknown> = (error?: Error | null, value?: T) => void;

export class UnitOfWork {
  private readonly writes = new Map<string, BatchOperation>();

  constructor(
    readonly options: Store['options'],
    private readonly tables: ReadonlyMap<string, TableDescription>,
    /** The value of a key that this unit has not written. */
    private readonly before: (key: string) => unknown,
  ) {}

  // The following are what dynalite calls on its store.

  getTable(
    name: string,
    checkStatus: boolean | Callback<TableDescription>,
    callback?: Callback<TableDescription>,
  ): void {
    const answer = typeof checkStatus === 'function' ? checkStatus : callback;
    const table = this.tables.get(name);
    if (table) answer?.(null, table);
    else answer?.(tableNotFound());
  }

  getItemDb(table: string) {
    return this.view(itemPrefix(table));
  }

  getIndexDb(type: string, table: string, index: string) {
    return this.view(`index-${type.toLowerCase()}~${table}~${index}~`);
  }

  /** Adds a write that dynalite does not know of. */
  add(operation: BatchOperation): void {
    this.writes.set(operation.key, operation);
  }

  read(key: string): unknown {
    const write = this.writes.get(key);
    if (write) return write.type === 'put' ? write.value : undefined;
    return this.before(key);
  }

  /** What is to be written. */
  get operations(): BatchOperation[] {
    return [...this.writes.values()];
  }

  private view(prefix: string) {
    return {
      // Units of work run one after the other, so an item needs no lock of its own.
      lock: (_key: string, work: (release: (callback: Callback) => Callback) => void) =>
        work((callback) => callback),
      get: (key: string, callback: Callback) => callback(null, this.read(prefix + key)),
      put: (key: string, value: unknown, callback: Callback) => {
        this.add({ type: 'put', key: prefix + key, value });
        callback();
      },
      del: (key: string, callback: Callback) => {
        this.add({ type: 'del', key: prefix + key });
        callback();
      },
    };
  }
}

export function itemPrefix(table: string): string {
  return `item-${table}~`;
}
