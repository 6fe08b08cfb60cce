// The database under dynalite: all tables in memory, for reading; what is written is in the store, and on the disk itself, first. It is
// written by one unit of work after the other, and read at any time.
import type { Store, StoredMap } from '@emotion-gallery/local-kit/store';
import * as dynalite from 'dynalite/db';
import type { ServiceContext, Shape } from '../../service';
import { CommitQueue } from './commit-queue';
import {
  type ActionName,
  type BatchOperation,
  type Checked,
  check,
  type Store as DynaliteStore,
  type EncodedBatchOperation,
  execute,
  type Item,
  type TableDescription,
} from './dynalite';
import { cacheExpressions } from './expression-cache';
import { itemPrefix, UnitOfWork } from './unit-of-work';

/** The name of the map of all that dynalite keeps. */
export const ITEMS = 'dynamodb/items';

/** What the key of a table's description begins with. */
const TABLE = 'table~';

export class Database {
  private readonly tables = new Map<string, TableDescription>();
  private tail: Promise<unknown> = Promise.resolve();

  private readonly commits: CommitQueue;

  private constructor(
    readonly store: DynaliteStore,
    private readonly disk: Pick<Store, 'synced'>,
    private readonly written: StoredMap<unknown>,
  ) {
    this.commits = new CommitQueue({
      getSync: (key) => store.db.getSync(key),
      batch: async (operations) => {
        const encoded = operations.map(encodedOf);
        await this.persist(encoded);
        await store.db._batch(encoded.map(inMemory), {});
      },
    });
  }

  static async open(context: ServiceContext): Promise<Database> {
    cacheExpressions();
    const store = dynalite.create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    store.tableDb.awsAccountId = context.accountId;
    store.tableDb.awsRegion = context.region;
    await store.db.open();
    const { map, values } = context.store.handOver(ITEMS);
    await store.db.batch([...values].map(([key, value]) => operationOf(key, value)));
    const database = new Database(store, context.store, map);
    const names = [...values.keys()]
      .filter((key) => key.startsWith(TABLE))
      .map((key) => key.slice(TABLE.length));
    for (const name of names) await database.settled(name);
    return database;
  }

  table(name: string): TableDescription | undefined {
    return this.tables.get(name);
  }

  tableNames(): string[] {
    return [...this.tables.keys()];
  }

  check(action: ActionName, input: Shape): Checked {
    return check(this.store, action, input);
  }

  /** Runs an action that writes nothing, without waiting for writers. */
  read(action: ActionName, input: Checked): Promise<Shape> {
    // Single items are read at once, from memory as a rule; ranges are streamed.
    const isSingle = action === 'GetItem' || action === 'BatchGetItem';
    return execute(isSingle ? this.unit((key) => this.store.db.getSync(key)) : this.store, action, input);
  }

  /**
   * Runs `work` after the writers before it, on what they wrote, and makes its writes durable together; nothing is written
   * when it throws. Resolves or rejects when all that it has seen is on the disk.
   */
  async write<T>(work: (unit: UnitOfWork) => Promise<T>): Promise<T> {
    const { result, durable } = await this.alone(async () => {
      const unit = this.unit((key) => this.commits.read(key));
      const result = await outcome(work(unit));
      return { result, durable: this.commits.commit('failed' in result ? [] : unit.operations) };
    });
    await durable;
    if ('failed' in result) throw result.failed;
    return result.value;
  }

  /** Runs an action on the tables themselves, and takes notice of what it changed. dynalite writes by itself then: it is noted. */
  administer(action: ActionName, input: Checked): Promise<Shape> {
    return this.alone(async () => {
      await this.commits.idle();
      const { db } = this.store;
      const before = new Map<string, unknown>();
      const note = ({ key }: { readonly key: string }) => {
        if (!before.has(key)) before.set(key, db.getSync(key));
      };
      db.hooks.prewrite.add(note);
      try {
        const output = await execute(this.store, action, input);
        // The last step of a table action comes in a timer of its own.
        const deadline = Date.now() + 10_000;
        while (!(await this.settled(input.TableName))) {
          if (Date.now() > deadline)
            throw new Error(`table ${input.TableName} does not settle after ${action}`);
        }
        await this.persist([...before.keys()].map((key) => encodedOf(operationOf(key, db.getSync(key)))));
        return output;
      } catch (error) {
        await db.batch([...before].map(([key, value]) => operationOf(key, value)));
        await this.settled(input.TableName);
        throw error;
      } finally {
        db.hooks.prewrite.delete(note);
      }
    });
  }

  /** Replaces a table's description, together with the writes that `work` makes from the table's items. */
  changeTable(work: (unit: UnitOfWork) => Promise<TableDescription>): Promise<void> {
    return this.alone(async () => {
      await this.commits.idle();
      const unit = this.unit((key) => this.store.db.getSync(key));
      const table = await work(unit);
      unit.add({ type: 'put', key: TABLE + table.TableName, value: table });
      await this.commits.commit(unit.operations);
      this.tables.set(table.TableName, table);
    });
  }

  async *items(table: string): AsyncGenerator<Item> {
    yield* this.values(itemPrefix(table)) as AsyncGenerator<Item>;
  }

  async *values(prefix: string): AsyncGenerator<unknown> {
    for await (const [, value] of this.entries(prefix)) yield value;
  }

  async *entries(prefix: string): AsyncGenerator<[key: string, value: unknown]> {
    for await (const [key, value] of this.store.db.iterator({ gte: prefix, lt: `${prefix}\u{ff}` }))
      yield [key, value];
  }

  async close(): Promise<void> {
    await this.alone(async () => {
      await this.commits.idle();
      await this.store.db.close();
    });
  }

  private async persist(operations: readonly EncodedOperation[]): Promise<void> {
    this.written.commit(
      operations.map(({ key, json }) => (json === undefined ? { key, removed: true } : { key, json })),
    );
    await this.disk.synced();
  }

  private unit(before: (key: string) => unknown): UnitOfWork {
    return new UnitOfWork(this.store.options, this.tables, before);
  }

  private alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work, work);
    this.tail = result.catch(() => undefined);
    return result;
  }

  private async settled(name: string): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    const table = this.store.db.getSync(TABLE + name) as TableDescription | undefined;
    if (table && table.TableStatus !== 'ACTIVE') return false;
    if (table) this.tables.set(name, table);
    else this.tables.delete(name);
    return true;
  }
}

/** A write, its value as JSON: made once, for the disk and for the tables in memory. */
interface EncodedOperation {
  readonly key: string;
  /** Missing when the key goes. */
  readonly json?: string;
}

function encodedOf(operation: BatchOperation): EncodedOperation {
  const { key } = operation;
  return operation.type === 'put' ? { key, json: JSON.stringify(operation.value) } : { key };
}

function inMemory({ key, json }: EncodedOperation): EncodedBatchOperation {
  return json === undefined
    ? { type: 'del', key: Buffer.from(key) }
    : { type: 'put', key: Buffer.from(key), value: Buffer.from(json) };
}

function operationOf(key: string, value: unknown): BatchOperation {
  return value === undefined ? { type: 'del', key } : { type: 'put', key, value };
}

/** How a piece of work ended. */
function outcome<T>(work: Promise<T>): Promise<{ readonly value: T } | { readonly failed: unknown }> {
  return work.then(
    (value) => ({ value }),
    (failed: unknown) => ({ failed }),
  );
}
