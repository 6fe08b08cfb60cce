// The sweep, once a minute: sends what its function instance did not (entries, visitors, items), and announces the
// minimum. Each part is bounded by a number of calls and by the time left; what remains is the next run's.
import { readTotals } from '../shared/data/totals';
import type { Logger } from '../shared/logger';
import { type AnnounceOptions, announceMinimum } from '../shared/minimum';
import { type ItemRecord, putItems, putUsers, type UserRecord } from '../shared/personalize/records';
import type { Sleep } from '../shared/retry';
import type { DeliverOptions } from './deliver';
import { sweepEntries } from './sweep-entries';
import { sweepRecords, type Unsent } from './sweep-records';

export interface SweepOptions extends DeliverOptions, AnnounceOptions {
  readonly visitorsTable: string;
  readonly itemsTable: string;
  readonly usersDatasetArn: string;
  readonly itemsDatasetArn: string;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly random: () => number;
  readonly sleep: Sleep;
}

export interface SweepReport {
  /** Entries. */
  readonly delivered: number;
  readonly failed: number;
  /** Records sent. */
  readonly users: number;
  readonly items: number;
}

/** The sweep ends when less than this is left of the function's time. Milliseconds. */
const RESERVE_MS = 10_000;

/**
 * @param remaining milliseconds until the function is stopped
 * @throws AggregateError when parts failed; the others were done nevertheless
 */
export async function sweep(options: SweepOptions, remaining: () => number): Promise<SweepReport> {
  const timeLeft = () => remaining() > RESERVE_MS;
  const [entries, users, items, minimum] = await Promise.allSettled([
    sweepEntries({ ...options, timeLeft }),
    sweepRecords<UserRecord & Unsent>({
      ...options,
      timeLeft,
      table: options.visitorsTable,
      keyName: 'visitorId',
      put: (rows) => putUsers(options.personalize, options.usersDatasetArn, rows),
    }),
    sweepRecords<ItemRecord & Unsent>({
      ...options,
      timeLeft,
      table: options.itemsTable,
      keyName: 'itemId',
      put: (rows) => putItems(options.personalize, options.itemsDatasetArn, rows),
    }),
    checkMinimum(options),
  ]);
  if (
    entries.status === 'fulfilled' &&
    users.status === 'fulfilled' &&
    items.status === 'fulfilled' &&
    minimum.status === 'fulfilled'
  ) {
    return { ...entries.value, users: users.value, items: items.value };
  }
  const reasons = [entries, users, items, minimum].flatMap((part) =>
    part.status === 'rejected' ? [part.reason] : [],
  );
  throw new AggregateError(reasons, `parts of the sweep failed: ${reasons.map(String).join('; ')}`);
}

async function checkMinimum(options: SweepOptions): Promise<void> {
  await announceMinimum(options, await readTotals(options.dynamodb, options.totalsTable, options));
}
