// Reading and writing items, one or in batches.
import * as dynalite from 'dynalite/db';
import { z } from 'zod';
import { AwsError, type ServiceContext, type Shape } from '../../service';
import { type Caller, type Operation, type Operations, validate } from '../shared/operations';
import type { Database } from './database';
import { type ActionName, type Checked, execute, type Item } from './dynalite';
import { itemPrefix, type UnitOfWork } from './unit-of-work';

// The other members are checked by dynalite's rules of each operation.
const TABLE = z.looseObject({ TableName: z.string(), IndexName: z.string().optional() });
const BATCH = z.looseObject({ RequestItems: z.record(z.string(), z.unknown()) });

export type SingleWrite = 'PutItem' | 'UpdateItem' | 'DeleteItem';

export function itemOperations(context: ServiceContext, database: Database): Operations {
  const single = (action: SingleWrite): Operation => {
    return async (raw, caller) => {
      const input = { ...validate(TABLE, raw) };
      input.TableName = tableName(input.TableName);
      authorizeTable(context, caller, `dynamodb:${action}`, input.TableName);
      const checked = database.check(action, input);
      const output = await database.write((unit) => writeItem(database, unit, action, checked, input));
      return withoutEmpty(output);
    };
  };
  const query = (action: 'GetItem' | 'Query' | 'Scan'): Operation => {
    return async (raw, caller) => {
      const input = { ...validate(TABLE, raw) };
      input.TableName = tableName(input.TableName);
      authorizeTable(context, caller, `dynamodb:${action}`, input.TableName, input.IndexName);
      return database.read(action, database.check(action, input));
    };
  };
  const batch = (action: 'BatchGetItem' | 'BatchWriteItem'): Operation => {
    return async (raw, caller) => {
      const input = validate(BATCH, raw);
      const entries = Object.entries(input.RequestItems).map(
        ([table, items]) => [tableName(table), items] as const,
      );
      for (const [table] of entries) authorizeTable(context, caller, `dynamodb:${action}`, table);
      const checked = database.check(action, { ...input, RequestItems: Object.fromEntries(entries) });
      if (action === 'BatchGetItem') return database.read(action, checked);
      return database.write((unit) => execute(unit, action, checked));
    };
  };
  return {
    GetItem: query('GetItem'),
    Query: query('Query'),
    Scan: query('Scan'),
    PutItem: single('PutItem'),
    UpdateItem: single('UpdateItem'),
    DeleteItem: single('DeleteItem'),
    BatchGetItem: batch('BatchGetItem'),
    BatchWriteItem: batch('BatchWriteItem'),
  };
}

/**
 * Runs a write within a unit of work. `input` is the unchecked one, which still has the members that dynalite drops.
 * @throws ConditionalCheckFailedException, with the item if the caller asked for it
 */
export async function writeItem(
  database: Database,
  unit: UnitOfWork,
  action: ActionName,
  checked: Checked,
  input: Shape,
): Promise<Shape> {
  try {
    return await execute(unit, action, checked);
  } catch (error) {
    const wanted = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
    if (!wanted || !(error instanceof AwsError) || error.code !== 'ConditionalCheckFailedException')
      throw error;
    const item = currentItem(database, unit, checked);
    throw new AwsError(error.code, error.message, 400, item ? { Item: item } : {});
  }
}

/** The item that a checked input addresses, by its key or by the item to put. */
export function currentItem(database: Database, unit: UnitOfWork, checked: Checked): Item | undefined {
  const table = database.table(checked.TableName);
  if (!table) return undefined;
  const key = dynalite.createKey((checked.Key ?? checked.Item) as Item, table);
  return unit.read(itemPrefix(checked.TableName) + key) as Item | undefined;
}

export function authorizeTable(
  context: ServiceContext,
  caller: Caller,
  action: string,
  table: string,
  index?: string,
): void {
  const arn = tableArn(context, table);
  context.authorize({
    principal: caller.principal,
    action,
    resource: index === undefined ? arn : `${arn}/index/${index}`,
    context: caller.conditions,
  });
}

export function tableArn(context: ServiceContext, table: string): string {
  return `arn:aws:dynamodb:${context.region}:${context.accountId}:table/${table}`;
}

/** A table is named by its name or its ARN. */
export function tableName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split('/')[1] ?? nameOrArn) : nameOrArn;
}

function withoutEmpty(output: Shape): Shape {
  return Object.fromEntries(Object.entries(output).filter(([, value]) => value !== undefined));
}
