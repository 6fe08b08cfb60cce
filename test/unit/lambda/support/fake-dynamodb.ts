// An in-memory DynamoDB with the operations that the functions use, atomic transactions included, and faults on demand.
import {
  type AttributeValue,
  BatchGetItemCommand,
  type CancellationReason,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { holds, type Row, updated } from './expressions';

type Item = Record<string, AttributeValue>;
type KeyNames = readonly [string] | readonly [string, string];

/** When a fault strikes: before anything is done, or after it was done (the caller sees a failure that was none). */
export type Fault = { readonly error: Error; readonly applied?: boolean } | undefined;

interface Write {
  readonly table: string;
  readonly key: string;
  readonly old: Row | undefined;
  readonly allowed: boolean;
  readonly next: Row | undefined;
}

interface WriteRequest {
  readonly TableName?: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
  readonly ReturnValuesOnConditionCheckFailure?: string;
}

const TABLES: Record<string, KeyNames> = {
  items: ['itemId'],
  visitors: ['visitorId'],
  likes: ['visitorId', 'eventId'],
  totals: ['shard'],
  undelivered: ['partition', 'entry'],
  operators: ['operatorId'],
  runs: ['datasetGroup', 'run'],
};

const INDEXES: Record<string, KeyNames> = {
  pictures: ['listed', 'itemId'],
  unsent: ['unsentPartition', 'unsentSince'],
  latest: ['day', 'acceptedAt'],
};

export class FakeDynamoDB {
  readonly commands: string[] = [];
  /** Called for each command; what it returns happens to it. */
  fault: (command: object) => Fault = () => undefined;
  /** Rows a query's page has at most. */
  pageSize = Number.POSITIVE_INFINITY;
  private readonly tables = new Map<string, Map<string, Row>>();

  readonly send: DynamoDBClient['send'] = (async (command: object) => {
    this.commands.push(command.constructor.name);
    const fault = this.fault(command);
    if (fault && !fault.applied) throw fault.error;
    const answer = this.run(command);
    if (fault) throw fault.error;
    return answer;
  }) as DynamoDBClient['send'];

  rows(table: string): Row[] {
    return [...this.table(table).values()];
  }

  put(table: string, ...rows: Row[]): void {
    for (const row of rows) this.table(table).set(this.keyOf(table, row), row);
  }

  delete(table: string, key: Row): void {
    this.table(table).delete(this.keyOf(table, key));
  }

  private run(command: object): unknown {
    if (command instanceof TransactWriteItemsCommand) return this.transact(command.input.TransactItems ?? []);
    if (command instanceof PutItemCommand) return this.write(command.input);
    if (command instanceof DeleteItemCommand) return this.write(command.input);
    if (command instanceof UpdateItemCommand) {
      const next = this.write(command.input);
      return command.input.ReturnValues === 'ALL_NEW' && next ? { Attributes: marshallRow(next) } : {};
    }
    if (command instanceof GetItemCommand) {
      const row = this.find(command.input.TableName, command.input.Key);
      return row ? { Item: marshallRow(row) } : {};
    }
    if (command instanceof BatchGetItemCommand) {
      const [table, request] = Object.entries(command.input.RequestItems ?? {})[0] ?? ['', undefined];
      if ((request?.Keys?.length ?? 0) > 100) throw new Error('more than 100 keys in BatchGetItem');
      const rows = (request?.Keys ?? []).flatMap((key): Row[] => {
        const row = this.find(table, key);
        return row ? [row] : [];
      });
      return { Responses: { [table]: rows.map((row) => marshallRow(row)) }, UnprocessedKeys: {} };
    }
    if (command instanceof ScanCommand) {
      const { TableName = '', FilterExpression } = command.input;
      const rows = this.rows(TableName).filter((row) => holds(FilterExpression, row, { values: {} }));
      return { Items: rows.map(marshallRow) };
    }
    if (command instanceof QueryCommand) return this.query(command.input);
    throw new Error(`the fake does not know ${command.constructor.name}`);
  }

  private table(name = ''): Map<string, Row> {
    if (!TABLES[name]) throw new Error(`no table ${name}`);
    const table = this.tables.get(name) ?? new Map<string, Row>();
    this.tables.set(name, table);
    return table;
  }

  private keyOf(table: string, row: Row): string {
    return JSON.stringify(TABLES[table]?.map((name) => row[name]));
  }

  private find(table = '', key: Item = {}): Row | undefined {
    return this.table(table).get(this.keyOf(table, unmarshall(key)));
  }

  private prepare(request: WriteRequest): Write {
    const table = request.TableName ?? '';
    const keyRow = unmarshall(request.Item ?? request.Key ?? {});
    const key = this.keyOf(table, keyRow);
    const old = this.table(table).get(key);
    const lookups = {
      names: request.ExpressionAttributeNames,
      values: unmarshall(request.ExpressionAttributeValues ?? {}),
    };
    const allowed = holds(request.ConditionExpression, old ?? {}, lookups);
    if (request.Item) return { table, key, old, allowed, next: keyRow };
    const next = request.UpdateExpression
      ? updated(request.UpdateExpression, old ?? keyRow, lookups)
      : undefined;
    return { table, key, old, allowed, next };
  }

  private apply({ table, key, next }: Write): void {
    if (next) this.table(table).set(key, next);
    else this.table(table).delete(key);
  }

  private write(request: WriteRequest): Row | undefined {
    const write = this.prepare(request);
    if (!write.allowed) {
      throw new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });
    }
    this.apply(write);
    return write.next;
  }

  private transact(items: readonly TransactWriteItem[]): object {
    const requests = items.map((item): WriteRequest => item.Put ?? item.Update ?? item.Delete ?? {});
    const writes = requests.map((request) => this.prepare(request));
    const places = writes.map(({ table, key }) => `${table} ${key}`);
    if (new Set(places).size !== places.length)
      throw new Error('two operations on one item in a transaction');
    if (writes.some(({ allowed }) => !allowed)) {
      throw cancelled(
        writes.map(({ allowed, old }, index) => ({
          Code: allowed ? 'None' : 'ConditionalCheckFailed',
          ...(!allowed &&
            old &&
            requests[index]?.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && { Item: marshallRow(old) }),
        })),
      );
    }
    for (const write of writes) this.apply(write);
    return {};
  }

  private query(input: QueryCommandInput): object {
    const table = input.TableName ?? '';
    const keys = input.IndexName ? INDEXES[input.IndexName] : TABLES[table];
    if (!keys) throw new Error(`no index ${input.IndexName}`);
    const lookups = {
      names: input.ExpressionAttributeNames,
      values: unmarshall(input.ExpressionAttributeValues ?? {}),
    };
    const sortKey = keys[1] ?? keys[0];
    const place = (row: Row) => `${row[sortKey]} ${this.keyOf(table, row)}`;
    const all = this.rows(table)
      .filter((row) => keys.every((key) => row[key] !== undefined))
      .filter((row) => holds(input.KeyConditionExpression, row, lookups))
      .sort((left, right) => (place(left) < place(right) ? -1 : 1));
    if (input.ScanIndexForward === false) all.reverse();
    // A place, not a number: rows may go between two pages.
    const start = input.ExclusiveStartKey?.place?.S;
    const isAfter = (row: Row) =>
      start === undefined || (input.ScanIndexForward === false ? place(row) < start : place(row) > start);
    const rest = all.filter(isAfter);
    const read = rest.slice(0, Math.min(input.Limit ?? Number.POSITIVE_INFINITY, this.pageSize));
    const last = read.at(-1);
    const page = read.filter((row) => holds(input.FilterExpression, row, lookups));
    return {
      Items: page.map(marshallRow),
      ...(last && read.length < rest.length && { LastEvaluatedKey: { place: { S: place(last) } } }),
    };
  }
}

function marshallRow(row: Row): Item {
  return marshall(row, { removeUndefinedValues: true });
}

export function cancelled(reasons: CancellationReason[]): TransactionCanceledException {
  return new TransactionCanceledException({
    message: 'Transaction cancelled, please refer cancellation reasons for specific reasons',
    $metadata: {},
    CancellationReasons: reasons,
  });
}
