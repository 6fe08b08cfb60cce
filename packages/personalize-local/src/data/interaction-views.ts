// One user's interactions: as a history for the models, and as sets of ids for filters.
import type { UserHistory } from '../model/recipe';
import type { InteractionDataset } from './interaction-dataset';
import type { Table } from './table';
import type { UserHistoryOptions } from './types';
import type { IdDictionary, InteractionIndex } from './views';

const DEFAULT_HISTORY = 1000;
/** Filters forget a user of whom nothing arrived for three months. Source: developer guide, "Filter expressions". */
const FORGET_AFTER_MS = 90 * 24 * 3600 * 1000;

interface RowRef {
  readonly table: Table;
  readonly row: number;
  /** Epoch seconds. */
  readonly timestamp: number;
  /** Epoch ms. */
  readonly receivedAt: number;
}

/** Events of a user, and those of an anonymous visitor whose session id is used as the user id. */
function rowsOf(
  dataset: InteractionDataset,
  users: IdDictionary,
  sessions: IdDictionary,
  id: string,
  trainedAt?: number,
): RowRef[] {
  const rows: RowRef[] = [];
  const bulkTimes = dataset.bulk.numbers('TIMESTAMP');
  const putTimes = dataset.put.numbers('TIMESTAMP');
  const put = (row: number): RowRef => ({
    table: dataset.put,
    row,
    timestamp: putTimes.at(row),
    receivedAt: dataset.putReceivedAt(row),
  });
  const user = users.code(id);
  if (user !== undefined) {
    for (const row of dataset.bulkRowsOf(user)) {
      rows.push({
        table: dataset.bulk,
        row,
        timestamp: bulkTimes.at(row),
        receivedAt: dataset.importedAt ?? 0,
      });
    }
    for (const row of dataset.putRowsOf(user)) rows.push(put(row));
    for (const row of dataset.mergedRowsOf(user)) {
      if (trainedAt === undefined || dataset.putReceivedAt(row) <= trainedAt) rows.push(put(row));
    }
  }
  const session = sessions.code(id);
  if (session !== undefined) {
    for (const row of dataset.anonymousRowsOf(session)) {
      if (trainedAt === undefined || dataset.putReceivedAt(row) > trainedAt) rows.push(put(row));
    }
  }
  return rows;
}

/** Oldest first; of the same second, the one that arrived first comes first. */
const byTime = (a: RowRef, b: RowRef) =>
  a.timestamp - b.timestamp || a.receivedAt - b.receivedAt || a.row - b.row;

export function historyOf(
  dataset: InteractionDataset,
  users: IdDictionary,
  sessions: IdDictionary,
  userId: string,
  options: UserHistoryOptions,
): UserHistory['events'] {
  const { eventTypes, limit = DEFAULT_HISTORY, trainedAt } = options;
  const events = rowsOf(dataset, users, sessions, userId, trainedAt)
    .sort(byTime)
    .map(({ table, row, timestamp }) => ({
      itemId: String(table.value(row, dataset.targetColumn)),
      timestamp,
      eventType: table.value(row, 'EVENT_TYPE') as string | undefined,
    }))
    .filter(({ eventType }) => !eventTypes || (eventType !== undefined && eventTypes.includes(eventType)));
  return events.slice(Math.max(0, events.length - limit));
}

export function indexOf(
  dataset: InteractionDataset,
  ids: { readonly users: IdDictionary; readonly targets: IdDictionary; readonly sessions: IdDictionary },
  now: () => number,
): InteractionIndex {
  const { users, targets, sessions } = ids;
  return {
    users,
    targets,
    targetsOf(userId, limit, matches) {
      const rows = rowsOf(dataset, users, sessions, userId).sort(byTime).reverse();
      const found = new Set<number>();
      if (rows.every(({ receivedAt }) => receivedAt < now() - FORGET_AFTER_MS)) return found;
      const seen = new Map<number, number>();
      for (const { table, row } of rows) {
        const { code, text } = eventTypeAt(table, row);
        const count = (seen.get(code) ?? 0) + 1;
        seen.set(code, count);
        if (count > limit || (matches && !(text !== undefined && matches(text)))) continue;
        found.add(table.codes(dataset.targetColumn).at(row));
      }
      return found;
    },
    usersWith(matches) {
      const found = new Set<number>();
      const decided = new Map<number, boolean>();
      for (const table of [dataset.bulk, dataset.put]) {
        for (let row = 0; row < table.rows; row++) {
          const { code, text } = eventTypeAt(table, row);
          let matched = decided.get(code);
          if (matched === undefined) {
            matched = !matches || (text !== undefined && matches(text));
            decided.set(code, matched);
          }
          if (!matched) continue;
          const user = table === dataset.put ? dataset.putUser(row) : table.codes('USER_ID').at(row);
          if (user >= 0) found.add(user);
        }
      }
      return found;
    },
  };
}

function eventTypeAt(table: Table, row: number): { code: number; text: string | undefined } {
  const cells = table.column('EVENT_TYPE');
  if (cells?.kind !== 'dictionary') return { code: -1, text: undefined };
  const code = cells.codes.at(row);
  return { code, text: code < 0 ? undefined : cells.dictionary.id(code) };
}
