// The database under dynalite: opened once, written by one unit of work after the other, read at any time.
import { join } from 'node:path';
import * as dynalite from 'dynalite/db';
import type { ServiceContext, Shape } from '../../service';
import { CommitQueue } from './commit-queue';
import {
  type ActionName,
  type Checked,
  check,
  execute,
  type Item,
  type Store,
  type TableDescription,
} from './dynalite';
import { cacheExpressions } from './expression-cache';
import { itemPrefix, UnitOfWork } from './unit-of-work';

export class Database {
  private readonly tables = new Map<string, TableDescription>();
  private tail: Promise<unknown> = Promise.resolve();

  private readonly commits: CommitQueue;

  private constructor(readonly store: Store) {
    this.commits = new CommitQueue(store.db);
  }

  static async open(context: ServiceContext): Promise<Database> {
    cacheExpressions();
    const path = join(context.stateDir, 'tables');
    const store = dynalite.create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    store.tableDb.awsAccountId = context.accountId;
    store.tableDb.awsRegion = context.region;
    await store.db.open();
    const database = new Database(store);
    await database.loadTables();
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

  /** Runs an action on the tables themselves, and takes notice of what it changed. */
  administer(action: ActionName, input: Checked): Promise<Shape> {
    return this.alone(async () => {
      await this.commits.idle();
      const output = await execute(this.store, action, input);
      // The last step of a table action comes in a timer of its own.
      const deadline = Date.now() + 10_000;
      while (!(await this.settled(input.TableName))) {
        if (Date.now() > deadline)
          throw new Error(`table ${input.TableName} does not settle after ${action}`);
      }
      return output;
    });
  }

  /** Replaces a table's description, together with the writes that `work` makes from the table's items. */
  changeTable(work: (unit: UnitOfWork) => Promise<TableDescription>): Promise<void> {
    return this.alone(async () => {
      await this.commits.idle();
      const unit = this.unit((key) => this.store.db.getSync(key));
      const table = await work(unit);
      unit.add({ type: 'put', key: tableKey(table.TableName), value: table });
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
    const table = this.store.db.getSync(tableKey(name)) as TableDescription | undefined;
    if (table && table.TableStatus !== 'ACTIVE') return false;
    if (table) this.tables.set(name, table);
    else this.tables.delete(name);
    return true;
  }

  /** A process that died while a table was made or deleted left it half way. */
  private async loadTables(): Promise<void> {
    for await (const value of this.values(tableKey(''))) {
      const table = value as TableDescription;
      if (table.TableStatus === 'DELETING') {
        await execute(this.store, 'DeleteTable', { TableName: table.TableName });
        while (!(await this.settled(table.TableName)));
        continue;
      }
      table.TableStatus = 'ACTIVE';
      for (const index of table.GlobalSecondaryIndexes ?? []) index.IndexStatus = 'ACTIVE';
      await this.store.db.batch([{ type: 'put', key: tableKey(table.TableName), value: table }]);
      this.tables.set(table.TableName, table);
    }
  }
}

/** How a piece of work ended. */
function outcome<T>(work: Promise<T>): Promise<{ readonly value: T } | { readonly failed: unknown }> {
  return work.then(
    (value) => ({ value }),
    (failed: unknown) => ({ failed }),
  );
}

function tableKey(name: string): string {
  return `table~${name}`;
}
