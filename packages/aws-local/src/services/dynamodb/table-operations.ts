// Tables: create, describe, update, delete, and their settings.

import type { StoredMap } from '@emotion-gallery/local-kit/store';
import * as dynalite from 'dynalite/db';
import { z } from 'zod';
import { AwsError, type ServiceContext, type Shape } from '../../service';
import { type Caller, type Operations, operation, TAG_LIST } from '../shared/operations';
import { tagList, tagMap, withoutKeys } from '../shared/tags';
import type { Database } from './database';
import { execute, type TableDescription } from './dynalite';
import { authorizeTable, tableArn, tableName } from './item-operations';
import { CREATE_SETTINGS, type TableSettings } from './table-settings';

const NAMED = z.object({ TableName: z.string().transform(tableName) });
const OF_ARN = z.object({ ResourceArn: z.string().transform(tableName) });
const UPDATE = NAMED.extend({
  BillingMode: z.enum(['PAY_PER_REQUEST', 'PROVISIONED']).optional(),
  DeletionProtectionEnabled: z.boolean().optional(),
  TableClass: z.enum(['STANDARD', 'STANDARD_INFREQUENT_ACCESS']).optional(),
  ProvisionedThroughput: z
    .object({ ReadCapacityUnits: z.number(), WriteCapacityUnits: z.number() })
    .optional(),
  AttributeDefinitions: z
    .array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }))
    .optional(),
  GlobalSecondaryIndexUpdates: z
    .array(
      z.object({
        Create: z
          .object({
            IndexName: z.string(),
            KeySchema: z
              .array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
              .min(1)
              .max(2),
            Projection: z.object({
              ProjectionType: z.string(),
              NonKeyAttributes: z.array(z.string()).optional(),
            }),
            ProvisionedThroughput: z
              .object({ ReadCapacityUnits: z.number(), WriteCapacityUnits: z.number() })
              .optional(),
          })
          .optional(),
        Delete: z.object({ IndexName: z.string() }).optional(),
        Update: z.undefined('changing the throughput of an index is not supported on localhost').optional(),
      }),
    )
    .optional(),
});
const TIME_TO_LIVE = NAMED.extend({
  TimeToLiveSpecification: z.object({ Enabled: z.boolean(), AttributeName: z.string() }),
});
const BACKUPS = NAMED.extend({
  PointInTimeRecoverySpecification: z.object({
    PointInTimeRecoveryEnabled: z.boolean(),
    RecoveryPeriodInDays: z.number().int().min(1).max(35).default(35),
  }),
});

export function tableOperations(
  context: ServiceContext,
  database: Database,
  settings: StoredMap<TableSettings>,
): Operations {
  const authorize = (caller: Caller, action: string, table: string) =>
    authorizeTable(context, caller, `dynamodb:${action}`, table);

  /** @throws ResourceNotFoundException */
  function known(table: string): { description: TableDescription; own: TableSettings } {
    const description = database.table(table);
    const own = settings.get(table);
    if (!description || !own) {
      throw new AwsError(
        'ResourceNotFoundException',
        `Requested resource not found: Table: ${table} not found`,
      );
    }
    return { description, own };
  }

  function describe(table: string): Shape {
    const { description, own } = known(table);
    return {
      ...description,
      DeletionProtectionEnabled: own.deletionProtection,
      TableClassSummary: { TableClass: own.tableClass },
    };
  }

  return {
    CreateTable: operation(CREATE_SETTINGS, async (input, caller) => {
      authorize(caller, 'CreateTable', input.TableName);
      const {
        TableName,
        DeletionProtectionEnabled,
        TableClass,
        Tags,
        StreamSpecification: _streams,
        SSESpecification: _sse,
        ...rest
      } = input;
      const checked = database.check('CreateTable', { TableName, ...rest });
      if (database.table(TableName))
        throw new AwsError('ResourceInUseException', `Table already exists: ${TableName}`);
      // The settings come first: a table without them would not be found after a crash.
      settings.put(TableName, {
        deletionProtection: DeletionProtectionEnabled,
        pointInTimeRecovery: false,
        recoveryPeriodInDays: 35,
        tableClass: TableClass,
        tags: tagMap(Tags),
        createdAt: context.clock.now(),
      });
      await database.administer('CreateTable', checked);
      return { TableDescription: describe(TableName) };
    }),
    DescribeTable: operation(NAMED, (input, caller) => {
      authorize(caller, 'DescribeTable', input.TableName);
      return { Table: describe(input.TableName) };
    }),
    ListTables: operation(z.looseObject({}), async (input, caller) => {
      context.authorize({
        principal: caller.principal,
        action: 'dynamodb:ListTables',
        resource: '*',
        context: caller.conditions,
      });
      return database.read('ListTables', database.check('ListTables', input));
    }),
    UpdateTable: operation(UPDATE, async (input, caller) => {
      authorize(caller, 'UpdateTable', input.TableName);
      const { own } = known(input.TableName);
      await updateTable(database, input);
      settings.put(input.TableName, {
        ...own,
        deletionProtection: input.DeletionProtectionEnabled ?? own.deletionProtection,
        tableClass: input.TableClass ?? own.tableClass,
      });
      return { TableDescription: describe(input.TableName) };
    }),
    DeleteTable: operation(NAMED, async (input, caller) => {
      authorize(caller, 'DeleteTable', input.TableName);
      const { own } = known(input.TableName);
      if (own.deletionProtection) {
        const message = `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`;
        throw new AwsError('ValidationException', message);
      }
      const TableDescription = { ...describe(input.TableName), TableStatus: 'DELETING' };
      await database.administer('DeleteTable', database.check('DeleteTable', { TableName: input.TableName }));
      settings.delete(input.TableName);
      return { TableDescription };
    }),
    UpdateTimeToLive: operation(TIME_TO_LIVE, (input, caller) => {
      authorize(caller, 'UpdateTimeToLive', input.TableName);
      const { own } = known(input.TableName);
      const { Enabled, AttributeName } = input.TimeToLiveSpecification;
      if (Enabled === (own.timeToLive !== undefined)) {
        throw new AwsError(
          'ValidationException',
          `TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`,
        );
      }
      settings.put(input.TableName, { ...own, timeToLive: Enabled ? AttributeName : undefined });
      return { TimeToLiveSpecification: input.TimeToLiveSpecification };
    }),
    DescribeTimeToLive: operation(NAMED, (input, caller) => {
      authorize(caller, 'DescribeTimeToLive', input.TableName);
      const { own } = known(input.TableName);
      const on = own.timeToLive !== undefined;
      const TimeToLiveStatus = on ? 'ENABLED' : 'DISABLED';
      return {
        TimeToLiveDescription: on
          ? { TimeToLiveStatus, AttributeName: own.timeToLive }
          : { TimeToLiveStatus },
      };
    }),
    UpdateContinuousBackups: operation(BACKUPS, (input, caller) => {
      authorize(caller, 'UpdateContinuousBackups', input.TableName);
      const { own } = known(input.TableName);
      const { PointInTimeRecoveryEnabled: on, RecoveryPeriodInDays } = input.PointInTimeRecoverySpecification;
      const changed = {
        ...own,
        pointInTimeRecovery: on,
        recoveryPeriodInDays: RecoveryPeriodInDays,
        recoverySince: on ? (own.recoverySince ?? context.clock.now()) : undefined,
      };
      settings.put(input.TableName, changed);
      return { ContinuousBackupsDescription: describeBackups(changed, context.clock.now()) };
    }),
    DescribeContinuousBackups: operation(NAMED, (input, caller) => {
      authorize(caller, 'DescribeContinuousBackups', input.TableName);
      return {
        ContinuousBackupsDescription: describeBackups(known(input.TableName).own, context.clock.now()),
      };
    }),
    TagResource: operation(OF_ARN.extend({ Tags: TAG_LIST }), (input, caller) => {
      authorize(caller, 'TagResource', input.ResourceArn);
      const { own } = known(input.ResourceArn);
      settings.put(input.ResourceArn, { ...own, tags: { ...own.tags, ...tagMap(input.Tags) } });
    }),
    UntagResource: operation(OF_ARN.extend({ TagKeys: z.array(z.string()) }), (input, caller) => {
      authorize(caller, 'UntagResource', input.ResourceArn);
      const { own } = known(input.ResourceArn);
      settings.put(input.ResourceArn, { ...own, tags: withoutKeys(own.tags, input.TagKeys) });
    }),
    ListTagsOfResource: operation(OF_ARN, (input, caller) => {
      authorize(caller, 'ListTagsOfResource', input.ResourceArn);
      return { Tags: tagList(known(input.ResourceArn).own.tags) };
    }),
  };

  function describeBackups(own: TableSettings, now: number): Shape {
    return {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: own.pointInTimeRecovery ? 'ENABLED' : 'DISABLED',
        ...(own.pointInTimeRecovery
          ? {
              RecoveryPeriodInDays: own.recoveryPeriodInDays,
              EarliestRestorableDateTime: new Date(own.recoverySince ?? own.createdAt),
              LatestRestorableDateTime: new Date(now),
            }
          : {}),
      },
    };
  }

  async function updateTable(target: Database, input: z.output<typeof UPDATE>): Promise<void> {
    const { TableName, BillingMode } = input;
    const { description } = known(TableName);
    const mode = (description.BillingModeSummary as Shape | undefined)?.BillingMode ?? 'PROVISIONED';
    if ((BillingMode !== undefined && BillingMode !== mode) || input.ProvisionedThroughput !== undefined) {
      const {
        GlobalSecondaryIndexUpdates: _indexes,
        DeletionProtectionEnabled: _protection,
        ...throughput
      } = input;
      await target.administer('UpdateTable', target.check('UpdateTable', throughput));
    }
    for (const update of input.GlobalSecondaryIndexUpdates ?? []) {
      if (update.Create)
        await createIndex(target, TableName, update.Create, input.AttributeDefinitions ?? []);
      if (update.Delete) await deleteIndex(target, TableName, update.Delete.IndexName);
    }
  }

  /** Adds an index and fills it from the items that are there, in one step. */
  async function createIndex(
    target: Database,
    table: string,
    index: NonNullable<NonNullable<z.output<typeof UPDATE>['GlobalSecondaryIndexUpdates']>[number]['Create']>,
    attributes: TableDescription['AttributeDefinitions'],
  ): Promise<void> {
    await target.changeTable(async (unit) => {
      const { description } = known(table);
      if (description.GlobalSecondaryIndexes?.some((other) => other.IndexName === index.IndexName)) {
        throw new AwsError(
          'ValidationException',
          `Attempting to create an index which already exists: ${index.IndexName}`,
        );
      }
      const names = new Set(description.AttributeDefinitions.map((attribute) => attribute.AttributeName));
      const added = {
        ...index,
        IndexArn: `${tableArn(context, table)}/index/${index.IndexName}`,
        IndexStatus: 'ACTIVE',
      };
      const changed: TableDescription = {
        ...description,
        AttributeDefinitions: [
          ...description.AttributeDefinitions,
          ...attributes.filter((attribute) => !names.has(attribute.AttributeName)),
        ],
        GlobalSecondaryIndexes: [...(description.GlobalSecondaryIndexes ?? []), added],
      };
      for await (const item of target.items(table)) {
        for (const put of dynalite.getIndexActions([added], null, item, changed).puts) {
          unit.add({ type: 'put', key: `index-global~${table}~${put.index}~${put.key}`, value: put.item });
        }
      }
      return changed;
    });
  }

  async function deleteIndex(target: Database, table: string, name: string): Promise<void> {
    await target.changeTable(async (unit) => {
      const { description } = known(table);
      const remaining = (description.GlobalSecondaryIndexes ?? []).filter(
        (index) => index.IndexName !== name,
      );
      if (remaining.length === (description.GlobalSecondaryIndexes ?? []).length) {
        throw new AwsError(
          'ResourceNotFoundException',
          `Requested resource not found: Index: ${name} not found`,
        );
      }
      for await (const [key] of target.entries(`index-global~${table}~${name}~`))
        unit.add({ type: 'del', key });
      const { GlobalSecondaryIndexes: _before, ...others } = description;
      return remaining.length > 0 ? { ...description, GlobalSecondaryIndexes: remaining } : others;
    });
  }
}

/** Deletes the items whose time has come, as the service does in the background. */
export async function removeExpired(
  context: ServiceContext,
  database: Database,
  settings: StoredMap<TableSettings>,
): Promise<number> {
  let removed = 0;
  for (const table of database.tableNames()) {
    const attribute = settings.get(table)?.timeToLive;
    const description = database.table(table);
    if (attribute === undefined || !description) continue;
    const now = Math.floor(context.clock.now() / 1000);
    for await (const item of database.items(table)) {
      const expiry = item[attribute]?.N;
      if (expiry === undefined || Number(expiry) > now) continue;
      const Key = Object.fromEntries(
        description.KeySchema.map((key) => [key.AttributeName, item[key.AttributeName]]),
      );
      const condition = {
        ConditionExpression: '#expiry = :expiry',
        ExpressionAttributeNames: { '#expiry': attribute },
        ExpressionAttributeValues: { ':expiry': { N: expiry } },
      };
      const input = database.check('DeleteItem', { TableName: table, Key, ...condition });
      try {
        await database.write((unit) => execute(unit, 'DeleteItem', input));
        removed += 1;
      } catch (error) {
        // The item was renewed meanwhile.
        if (!(error instanceof AwsError) || error.code !== 'ConditionalCheckFailedException') throw error;
      }
    }
  }
  return removed;
}
