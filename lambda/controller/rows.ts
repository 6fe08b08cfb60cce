// The rows of dataset groups in the runs table. What others ask for (a training, a stop, pauses) is in attributes of its own, so that
// it is written without the lease and never overwritten by a tick.
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { GROUPS, type GroupRow, newRow, type OpenRun } from './group-row';
import type { RowStore } from './lease';

export interface RunsTable {
  readonly dynamodb: DynamoDBClient;
  readonly table: string;
}

const keyOf = (arn: string) => ({ datasetGroup: { S: GROUPS }, run: { S: arn } });
export const nameOfGroup = (arn: string): string => arn.slice(arn.indexOf('/') + 1);

interface Item {
  readonly run: string;
  /** JSON of the row without the rest. */
  readonly row?: string;
  /** JSON. */
  readonly openRun?: string;
  readonly madeSchemas?: Set<string>;
  readonly execution?: string;
  readonly trainingAskedAt?: string;
  readonly stoppedAt?: string;
  readonly pausedSchedules?: Set<string>;
}

function toRow(item: Record<string, AttributeValue>, now: number): GroupRow {
  const {
    run: arn,
    row,
    openRun,
    madeSchemas = [],
    execution,
    trainingAskedAt,
    stoppedAt,
    pausedSchedules,
  } = unmarshall(item) as Item;
  const known = {
    ...newRow({ name: nameOfGroup(arn), arn }, new Date(now).toISOString()),
    ...(row && (JSON.parse(row) as GroupRow)),
  };
  return {
    ...known,
    schemas: [...new Set([...known.schemas, ...madeSchemas])],
    ...(openRun && { run: JSON.parse(openRun) as OpenRun }),
    ...{ execution, trainingAskedAt, stoppedAt, pausedSchedules: [...(pausedSchedules ?? [])] },
  };
}

/** Of all groups that were ever looked after, the gallery's and those of files. */
export async function readGroups(
  { dynamodb: client, table }: RunsTable,
  now = Date.now(),
): Promise<GroupRow[]> {
  const rows: GroupRow[] = [];
  const query = {
    TableName: table,
    KeyConditionExpression: 'datasetGroup = :groups',
    ExpressionAttributeValues: { ':groups': { S: GROUPS } },
    ConsistentRead: true,
  };
  for await (const { Items = [] } of paginateQuery({ client }, query))
    rows.push(...Items.map((item) => toRow(item, now)));
  return rows;
}

/** An operator asks for a training of the group. ISO 8601. */
export const askForTraining = (table: RunsTable, arn: string, at: string): Promise<void> =>
  update(table, arn, { set: { trainingAskedAt: { S: at } } });

/** An operator stops trainings of the group; the run that is open is over. */
export const stopTrainings = (table: RunsTable, arn: string, at: string): Promise<void> =>
  update(table, arn, { set: { stoppedAt: { S: at } }, remove: ['openRun'] });

/** Pauses schedules of the group, or lets them go on. */
export function pauseSchedules(table: RunsTable, arn: string, expressions: readonly string[]): Promise<void> {
  return expressions.length === 0
    ? update(table, arn, { remove: ['pausedSchedules'] })
    : update(table, arn, { set: { pausedSchedules: { SS: [...expressions] } } });
}

/** Remembers a run at once, before its first action: a tick that dies leaves it to the next one. */
export const noteRun = (table: RunsTable, arn: string, run: OpenRun): Promise<void> =>
  update(table, arn, { set: { openRun: { S: JSON.stringify(run) } } });

/** Remembers a schema before it is made, until the tick's own row does. */
export const noteSchema = (table: RunsTable, arn: string, name: string): Promise<void> =>
  update(table, arn, { add: { madeSchemas: { SS: [name] } } });

/** Which execution ticks the group. */
export const noteExecution = (table: RunsTable, arn: string, execution: string): Promise<void> =>
  update(table, arn, { set: { execution: { S: execution } } });

interface Change {
  readonly set?: Readonly<Record<string, AttributeValue>>;
  readonly add?: Readonly<Record<string, AttributeValue>>;
  readonly remove?: readonly string[];
  readonly condition?: string;
  readonly values?: Readonly<Record<string, AttributeValue>>;
}

async function update(table: RunsTable, arn: string, change: Change): Promise<void> {
  await send(table, arn, change);
}

async function send(
  { dynamodb, table }: RunsTable,
  arn: string,
  { set = {}, add = {}, remove = [], condition, values }: Change,
) {
  const names = [...Object.keys(set), ...Object.keys(add), ...remove];
  const sets = Object.keys(set).map((name) => `#${name} = :${name}`);
  const expression = [
    ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
    ...Object.keys(add).map((name) => `ADD #${name} :${name}`),
    ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []),
  ].join(' ');
  const all = {
    ...Object.fromEntries(Object.entries({ ...set, ...add }).map(([name, value]) => [`:${name}`, value])),
    ...values,
  };
  return dynamodb.send(
    new UpdateItemCommand({
      ...{ TableName: table, Key: keyOf(arn), UpdateExpression: expression, ReturnValues: 'ALL_NEW' },
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ...(Object.keys(all).length > 0 && { ExpressionAttributeValues: all }),
      ...(condition && { ConditionExpression: condition }),
    }),
  );
}

/** @returns undefined when the condition was not met */
async function unlessLost<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

export function rowStore(table: RunsTable): RowStore {
  return {
    async take(arn, owner, { now, until }) {
      const answer = await unlessLost(
        send(table, arn, {
          set: { leaseOwner: { S: owner }, leaseUntil: { N: String(until) } },
          condition: 'attribute_not_exists(leaseUntil) OR leaseUntil < :now',
          values: { ':now': { N: String(now) } },
        }),
      );
      return answer?.Attributes && toRow(answer.Attributes, now);
    },
    async give(
      { run, execution: _, trainingAskedAt: _asked, stoppedAt: _stopped, pausedSchedules: _paused, ...row },
      owner,
    ) {
      await unlessLost(
        send(table, row.datasetGroup.arn, {
          set: { row: { S: JSON.stringify(row) }, ...(run && { openRun: { S: JSON.stringify(run) } }) },
          remove: ['leaseOwner', 'leaseUntil', 'madeSchemas', ...(run ? [] : ['openRun'])],
          condition: '#leaseOwner = :owner',
          values: { ':owner': { S: owner } },
        }),
      );
    },
    async release(arn, owner) {
      await unlessLost(
        send(table, arn, {
          ...{ remove: ['leaseOwner', 'leaseUntil'], condition: '#leaseOwner = :owner' },
          values: { ':owner': { S: owner } },
        }),
      );
    },
  };
}
