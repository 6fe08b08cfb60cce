// Which users and items of a training are which of an earlier one: their numbers differ, their ids do not.
import { IdTable } from '../../engine/id-table';
import type { DataSnapshot } from '../../model/recipe';
import type { Previous } from './fit-state';

export interface Matching {
  /** Item now by item before; -1 when it is gone. */
  readonly items: Int32Array;
  /** User before by user now; -1 for a new one. */
  readonly users: Int32Array;
  /** Users before who are gone. */
  readonly usersGone: Int32Array;
}

export function matchIds(data: DataSnapshot, { parts, state }: Previous): Matching {
  const itemsNow = IdTable.from(data.items.ids);
  const users = Int32Array.from(data.users.ids, (id) => state.users.indexOf(id));
  const gone = new Uint8Array(state.users.length).fill(1);
  for (const user of users) if (user >= 0) gone[user] = 0;
  return {
    items: Int32Array.from({ length: parts.ids.length }, (_, item) => itemsNow.indexOf(parts.ids.at(item))),
    users,
    usersGone: Int32Array.from(gone.keys()).filter((user) => gone[user] === 1),
  };
}
