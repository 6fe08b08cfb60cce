// Builds data snapshots for tests from rows that a person can read.
import type { Column, DataSnapshot } from '../../../src/model/recipe';

export interface Row {
  readonly user: string;
  readonly item: string;
  readonly at?: number;
  readonly type?: string;
}

type Metadata = Readonly<Record<string, Readonly<Record<string, string | number>>>>;

function columnsOf(ids: readonly string[], metadata: Metadata): Column[] {
  const names = [...new Set(Object.values(metadata).flatMap((row) => Object.keys(row)))];
  return names.map((name): Column => {
    const cells = ids.map((id) => metadata[id]?.[name]);
    if (cells.some((cell) => typeof cell === 'number')) {
      return {
        kind: 'numeric',
        name,
        values: Float64Array.from(cells, (cell) => Number(cell ?? Number.NaN)),
      };
    }
    const values = [...new Set(cells.filter((cell) => cell !== undefined).map(String))];
    return {
      kind: 'categorical',
      name,
      values,
      codes: Int32Array.from(cells, (cell) => (cell === undefined ? -1 : values.indexOf(String(cell)))),
    };
  });
}

/** `items` and `users` may name entities without interactions. */
export function snapshot(rows: readonly Row[], items: Metadata = {}, users: Metadata = {}): DataSnapshot {
  const itemIds = [...new Set([...rows.map(({ item }) => item), ...Object.keys(items)])];
  const userIds = [...new Set([...rows.map(({ user }) => user), ...Object.keys(users)])];
  const itemIndex = new Map(itemIds.map((id, index) => [id, index]));
  const userIndex = new Map(userIds.map((id, index) => [id, index]));
  const types = [...new Set(rows.flatMap(({ type }) => (type === undefined ? [] : [type])))];
  return {
    users: { ids: userIds, columns: columnsOf(userIds, users) },
    items: { ids: itemIds, columns: columnsOf(itemIds, items) },
    interactions: {
      user: Int32Array.from(rows, ({ user }) => userIndex.get(user)!),
      item: Int32Array.from(rows, ({ item }) => itemIndex.get(item)!),
      timestamp: Float64Array.from(rows, ({ at }, index) => at ?? index),
      eventType: Int32Array.from(rows, ({ type }) => (type === undefined ? -1 : types.indexOf(type))),
      eventTypes: types,
      value: new Float64Array(rows.length).fill(Number.NaN),
      columns: [],
    },
    itemCreatedAt: new Float64Array(itemIds.length),
  };
}
