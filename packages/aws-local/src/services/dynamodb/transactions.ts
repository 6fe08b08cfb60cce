// TransactWriteItems and TransactGetItems, which dynalite lacks.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
import { createHash } from 'node:crypto';
import * as dynalite from 'dynalite/db';
import { z } from 'zod';
import { AwsError, type ServiceContext, type Shape } from '../../service';
import { type Caller, type Operations, operation } from '../shared/operations';
import type { Database } from './database';
import { type ActionName, type Checked, execute, toAwsError } from './dynalite';
import { authorizeTable, currentItem, tableName } from './item-operations';
import type { UnitOfWork } from './unit-of-work';

const LARGEST_TRANSACTION_BYTES = 4 * 1024 * 1024;
const TOKEN_VALIDITY_MS = 10 * 60_000;
const TOKEN_PREFIX = 'idempotency~';

// Its other members are those of the operation, whose rules check them.
const TARGET = z.looseObject({
  TableName: z.string(),
  ReturnValuesOnConditionCheckFailure: z.enum(['ALL_OLD', 'NONE']).optional(),
});
const WRITE = z.object({
  TransactItems: z
    .array(
      z
        .object({
          Put: TARGET.optional(),
          Update: TARGET.optional(),
          Delete: TARGET.optional(),
          ConditionCheck: TARGET.optional(),
        })
        .refine(
          (entry) => Object.values(entry).filter(Boolean).length === 1,
          'must hold exactly one operation',
        ),
    )
    .min(1)
    .max(100),
  ClientRequestToken: z.string().min(1).max(36).optional(),
});
const READ = z.object({
  TransactItems: z
    .array(z.object({ Get: TARGET }))
    .min(1)
    .max(100),
});

/** What each member of a transaction is: the permission that it needs and the action that checks and performs it. */
const KINDS = {
  Put: { permission: 'dynamodb:PutItem', action: 'PutItem' },
  Update: { permission: 'dynamodb:UpdateItem', action: 'UpdateItem' },
  Delete: { permission: 'dynamodb:DeleteItem', action: 'DeleteItem' },
  ConditionCheck: { permission: 'dynamodb:ConditionCheckItem', action: 'DeleteItem' },
} as const;

interface Step {
  readonly kind: keyof typeof KINDS;
  readonly action: ActionName;
  readonly checked: Checked;
  readonly returnOld: boolean;
}

interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Shape;
}

interface SeenToken {
  readonly digest: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** As JSON whose members are in the order of their names: how a request orders them says nothing. */
const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member) && !Buffer.isBuffer(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

export class Transactions {
  private readonly tokens = new Map<string, SeenToken>();

  private constructor(
    private readonly context: ServiceContext,
    private readonly database: Database,
  ) {}

  static async open(context: ServiceContext, database: Database): Promise<Transactions> {
    const transactions = new Transactions(context, database);
    for await (const [key, value] of database.entries(TOKEN_PREFIX)) {
      transactions.tokens.set(key.slice(TOKEN_PREFIX.length), value as SeenToken);
    }
    return transactions;
  }

  operations(): Operations {
    return {
      TransactWriteItems: operation(WRITE, (input, caller) => this.writeItems(input, caller)),
      TransactGetItems: operation(READ, (input, caller) => this.getItems(input, caller)),
    };
  }

  private async writeItems(input: z.output<typeof WRITE>, caller: Caller): Promise<Shape> {
    const steps = input.TransactItems.map((entry) => this.step(entry, caller));
    const digest = createHash('sha256').update(inOrder(input.TransactItems)).digest('hex');
    const token = input.ClientRequestToken;
    let isRemembered = false;
    try {
      await this.database.write(async (unit) => {
        if (token !== undefined && this.alreadyDone(token, digest)) return;
        this.requireDistinctItems(steps);
        const reasons: Reason[] = [];
        for (const step of steps) reasons.push(await this.perform(unit, step));
        if (reasons.some((reason) => reason.Code !== 'None')) throw cancelled(reasons);
        if (token === undefined) return;
        this.remember(unit, token, digest);
        isRemembered = true;
      });
    } catch (error) {
      // The disk refused it.
      if (token !== undefined && isRemembered) this.tokens.delete(token);
      throw error;
    }
    return {};
  }

  private step(entry: z.output<typeof WRITE>['TransactItems'][number], caller: Caller): Step {
    for (const kind of ['Put', 'Update', 'Delete', 'ConditionCheck'] as const) {
      const target = entry[kind];
      if (!target) continue;
      const input: Shape = { ...target, TableName: tableName(target.TableName) };
      authorizeTable(this.context, caller, KINDS[kind].permission, tableName(target.TableName));
      if (kind === 'ConditionCheck' && !target.ConditionExpression) {
        throw new AwsError(
          'ValidationException',
          'The ConditionExpression of a ConditionCheck must not be empty',
        );
      }
      const returnOld = target.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
      const { action } = KINDS[kind];
      return { kind, action, checked: this.database.check(action, input), returnOld };
    }
    throw new AwsError(
      'ValidationException',
      'TransactItems can only contain one of Check, Put, Update or Delete',
    );
  }

  /** @throws ResourceNotFoundException, ValidationException */
  private requireDistinctItems(steps: readonly Step[]): void {
    const seen = new Set<string>();
    let bytes = 0;
    for (const { checked, kind } of steps) {
      const table = this.database.table(checked.TableName);
      if (!table) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
      const address = (checked.Key ?? checked.Item) as Parameters<typeof dynalite.createKey>[0];
      const invalid = kind === 'Put' ? undefined : dynalite.validateKey(address, table);
      if (invalid) throw toAwsError(invalid);
      const hasKeys = table.KeySchema.every((key) => address[key.AttributeName] !== undefined);
      if (!hasKeys)
        throw new AwsError(
          'ValidationException',
          'One or more parameter values were invalid: Missing the key in the item',
        );
      const key = `${checked.TableName}~${dynalite.createKey(address, table)}`;
      if (seen.has(key)) {
        throw new AwsError(
          'ValidationException',
          'Transaction request cannot include multiple operations on one item',
        );
      }
      seen.add(key);
      bytes += dynalite.itemSize(address);
    }
    if (bytes > LARGEST_TRANSACTION_BYTES) {
      throw new AwsError('ValidationException', 'Transaction request size cannot exceed 4194304 bytes');
    }
  }

  private async perform(unit: UnitOfWork, step: Step): Promise<Reason> {
    const current = currentItem(this.database, unit, step.checked);
    try {
      if (step.kind === 'ConditionCheck') {
        const failed = dynalite.checkConditional(step.checked, current);
        if (failed) throw toAwsError(failed);
      } else await execute(unit, step.action, step.checked);
      return { Code: 'None' };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.code === 'ConditionalCheckFailedException') {
        const reason = { Code: 'ConditionalCheckFailed', Message: error.message };
        return step.returnOld && current ? { ...reason, Item: current } : reason;
      }
      if (error.code === 'ValidationException') return { Code: 'ValidationError', Message: error.message };
      throw error;
    }
  }

  /** @throws IdempotentParameterMismatchException */
  private alreadyDone(token: string, digest: string): boolean {
    const seen = this.tokens.get(token);
    if (!seen || seen.at + TOKEN_VALIDITY_MS < this.context.clock.now()) return false;
    if (seen.digest === digest) return true;
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'The request was rejected because it has the same ClientRequestToken as an earlier request with other parameters.',
    );
  }

  private remember(unit: UnitOfWork, token: string, digest: string): void {
    const now = this.context.clock.now();
    for (const [old, seen] of this.tokens) {
      if (seen.at + TOKEN_VALIDITY_MS >= now) break;
      this.tokens.delete(old);
      unit.add({ type: 'del', key: TOKEN_PREFIX + old });
    }
    const seen: SeenToken = { digest, at: now };
    unit.add({ type: 'put', key: TOKEN_PREFIX + token, value: seen });
    // A repeat that comes before this is on the disk is answered after it is.
    this.tokens.set(token, seen);
  }

  private async getItems(input: z.output<typeof READ>, caller: Caller): Promise<Shape> {
    const gets = input.TransactItems.map(({ Get }) => {
      const table = tableName(Get.TableName);
      authorizeTable(this.context, caller, 'dynamodb:GetItem', table);
      return this.database.check('GetItem', { ...Get, TableName: table });
    });
    const Responses = await this.database.write(async (unit) => {
      const responses: Shape[] = [];
      for (const get of gets) {
        const { Item } = await execute(unit, 'GetItem', get);
        responses.push(Item === undefined ? {} : { Item });
      }
      return responses;
    });
    return { Responses };
  }
}

function cancelled(reasons: readonly Reason[]): AwsError {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}
