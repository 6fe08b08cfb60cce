// Amazon DynamoDB on localhost: dynalite in process over the store, with transactions, time to live and table settings added.
import type { Cancel } from '@emotion-gallery/local-kit/clock';
import type { AwsService, ServiceContext } from '../../service';
import { jsonService } from '../shared/json-protocol';
import { Database } from './database';
import { itemOperations } from './item-operations';
import { removeExpired, tableOperations } from './table-operations';
import type { TableSettings } from './table-settings';
import { Transactions } from './transactions';

const EXPIRY_SWEEP_MS = 60_000;

export type DynamoDbService = AwsService;

export async function createDynamoDb(context: ServiceContext): Promise<DynamoDbService> {
  const database = await Database.open(context);
  const settings = context.store.map<TableSettings>('dynamodb/settings');
  for (const table of [...settings.keys()]) if (!database.table(table)) settings.delete(table);
  const transactions = await Transactions.open(context, database);

  let isClosed = false;
  let cancelSweep: Cancel = scheduleSweep();
  let sweep: Promise<void> = Promise.resolve();
  function scheduleSweep(): Cancel {
    return context.clock.after(EXPIRY_SWEEP_MS, () => {
      sweep = removeExpired(context, database, settings)
        .then((removed) => {
          if (removed > 0) context.log(`dynamodb: ${removed} expired items removed`);
        })
        .catch((error: unknown) => context.log(`dynamodb: the expiry sweep failed: ${String(error)}`))
        .finally(() => {
          if (!isClosed) cancelSweep = scheduleSweep();
        });
    });
  }

  return jsonService({
    id: 'dynamodb',
    version: '1.0',
    operations: {
      ...itemOperations(context, database),
      ...tableOperations(context, database, settings),
      ...transactions.operations(),
    },
    close: async () => {
      isClosed = true;
      await sweep;
      cancelSweep();
      await database.close();
    },
  });
}
