// dynalite, called in process: its validations and actions run against a store that we hold.
import batchGetItem from 'dynalite/actions/batchGetItem';
import batchWriteItem from 'dynalite/actions/batchWriteItem';
import createTable from 'dynalite/actions/createTable';
import deleteItem from 'dynalite/actions/deleteItem';
import deleteTable from 'dynalite/actions/deleteTable';
import describeTable from 'dynalite/actions/describeTable';
import getItem from 'dynalite/actions/getItem';
import listTables from 'dynalite/actions/listTables';
import putItem from 'dynalite/actions/putItem';
import query from 'dynalite/actions/query';
import scan from 'dynalite/actions/scan';
import updateItem from 'dynalite/actions/updateItem';
import updateTable from 'dynalite/actions/updateTable';
import * as validations from 'dynalite/validations';
import * as batchGetItemRules from 'dynalite/validations/batchGetItem';
import * as batchWriteItemRules from 'dynalite/validations/batchWriteItem';
import * as createTableRules from 'dynalite/validations/createTable';
import * as deleteItemRules from 'dynalite/validations/deleteItem';
import * as deleteTableRules from 'dynalite/validations/deleteTable';
import * as describeTableRules from 'dynalite/validations/describeTable';
import * as getItemRules from 'dynalite/validations/getItem';
import * as listTablesRules from 'dynalite/validations/listTables';
import * as putItemRules from 'dynalite/validations/putItem';
import * as queryRules from 'dynalite/validations/query';
import * as scanRules from 'dynalite/validations/scan';
import * as updateItemRules from 'dynalite/validations/updateItem';
import * as updateTableRules from 'dynalite/validations/updateTable';
import { AwsError, type Shape } from '../../service';

export type AttributeValue = { readonly [type: string]: unknown };
export type Item = Record<string, AttributeValue>;

/** The parts of a table's description that are read here. */
export interface TableDescription extends Shape {
  readonly TableName: string;
  readonly TableArn: string;
  TableStatus: string;
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  AttributeDefinitions: { readonly AttributeName: string; readonly AttributeType: string }[];
  GlobalSecondaryIndexes?: {
    readonly IndexName: string;
    readonly KeySchema: readonly { readonly AttributeName: string }[];
    readonly Projection: Shape;
    IndexStatus?: string;
  }[];
}

export interface StoreOptions {
  /** A folder of LevelDB. @default - in memory */
  readonly path?: string;
  readonly createTableMs: number;
  readonly deleteTableMs: number;
  readonly updateTableMs: number;
}

export type BatchOperation =
  | { readonly type: 'put'; readonly key: string; readonly value: unknown }
  | { readonly type: 'del'; readonly key: string };

/** Key and value as the database in memory keeps them, of which it checks and changes nothing. */
export type EncodedBatchOperation =
  | { readonly type: 'put'; readonly key: Buffer; readonly value: Buffer }
  | { readonly type: 'del'; readonly key: Buffer };

/** dynalite's store. Keys of its database are `item-<table>~<key>` and `index-global~<table>~<index>~<key>`. */
export interface Store {
  readonly options: StoreOptions;
  readonly db: {
    getSync(key: string): unknown;
    batch(operations: readonly BatchOperation[]): Promise<void>;
    /** What `batch` calls in the end: checking and encoding each operation there takes longer than all else that a like writes. */
    _batch(operations: readonly EncodedBatchOperation[], options: object): Promise<void>;
    readonly hooks: {
      readonly prewrite: Pick<Set<(operation: { readonly key: string }) => void>, 'add' | 'delete'>;
    };
    iterator(range: { gte: string; lt: string }): AsyncIterable<[string, unknown]>;
    open(): Promise<void>;
    close(): Promise<void>;
  };
  readonly tableDb: { awsAccountId: string; awsRegion: string };
}

const ACTIONS = {
  BatchGetItem: { run: batchGetItem, rules: batchGetItemRules },
  BatchWriteItem: { run: batchWriteItem, rules: batchWriteItemRules },
  CreateTable: { run: createTable, rules: createTableRules },
  DeleteItem: { run: deleteItem, rules: deleteItemRules },
  DeleteTable: { run: deleteTable, rules: deleteTableRules },
  DescribeTable: { run: describeTable, rules: describeTableRules },
  GetItem: { run: getItem, rules: getItemRules },
  ListTables: { run: listTables, rules: listTablesRules },
  PutItem: { run: putItem, rules: putItemRules },
  Query: { run: query, rules: queryRules },
  Scan: { run: scan, rules: scanRules },
  UpdateItem: { run: updateItem, rules: updateItemRules },
  UpdateTable: { run: updateTable, rules: updateTableRules },
};

export type ActionName = keyof typeof ACTIONS;

/** An input that dynalite has checked, with its expressions parsed. */
export type Checked = Record<string, unknown> & { readonly TableName: string };

/** How dynalite's rules describe a member. */
interface Rule {
  readonly type?: string;
  readonly children?: Rule | Readonly<Record<string, Rule>>;
}

/** Members beside dynalite's that the operations carry out themselves; all reads here are consistent, a scan's too. */
const OWN_MEMBERS = ['ReturnValuesOnConditionCheckFailure', 'ConsistentRead'];

/** The first member that dynalite would drop, as a path; undefined when it knows all. */
function unknownMember(value: unknown, rules: Readonly<Record<string, Rule>>, path = ''): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined || (path === '' && OWN_MEMBERS.includes(name))) continue;
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) return `${path}${name}`;
    const unknown = unknownInside(member, rule, `${path}${name}`);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}

function unknownInside(value: unknown, rule: Rule, path: string): string | undefined {
  if (rule.type === 'List' && Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      const unknown = unknownInside(element, rule.children as Rule, `${path}.${index}`);
      if (unknown !== undefined) return unknown;
    }
  }
  const isStructure = /^(Field|Value)Struct/.test(rule.type ?? '');
  return isStructure
    ? unknownMember(value, rule.children as Readonly<Record<string, Rule>>, `${path}.`)
    : undefined;
}

/** Checks an action's input, and that dynalite would drop nothing of it. @throws ValidationException, SerializationException */
export function check(store: object, action: ActionName, input: Shape): Checked {
  const { types, custom } = ACTIONS[action].rules;
  const unknown = unknownMember(input, types as Readonly<Record<string, Rule>>);
  if (unknown !== undefined)
    throw new AwsError('ValidationException', `Value at '${unknown}': is not supported on localhost`);
  if (input.ConsistentRead === true && input.IndexName !== undefined && action === 'Scan') {
    const message = 'Consistent reads are not supported on global secondary indexes';
    throw new AwsError('ValidationException', message);
  }
  try {
    const data = validations.checkTypes(copy(input) as Shape, types);
    validations.checkValidations(data, types, custom, store);
    return data as Checked;
  } catch (error) {
    throw toAwsError(error);
  }
}

/** dynalite changes what it checks, so it gets a copy. Inputs are JSON; a call in process may hold Buffers, which are not changed. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const copied: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) copied[name] = copy(member);
  return copied;
}

/** Runs an action on a checked input. */
export function execute(store: object, action: ActionName, input: Checked): Promise<Shape> {
  return new Promise((resolve, reject) => {
    ACTIONS[action].run(store, input, (error, output) => {
      if (error) reject(toAwsError(error));
      else resolve(output ?? {});
    });
  });
}

/** dynalite's errors carry the wire's body. */
export function toAwsError(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !('body' in error)) return error;
  const body = error.body as { __type: string; message?: string; Message?: string };
  return new AwsError(body.__type.split('#').at(-1) ?? body.__type, body.message ?? body.Message ?? '');
}
