// What a file of interactions is like: one pass over its rows, memory by users, items and eight bytes a row.
import { eventTypesProblem, trainingMinimumProblem } from '@emotion-gallery/personalize-rules/limits';
import type { DatasetSchema } from '@emotion-gallery/personalize-rules/schemas';
import { Column } from './columns';
import { Ids, roomFor } from './ids';
import { type Activity, activityOf } from './quantiles';
import { SeenRows } from './seen-rows';

const DAY_SECONDS = 86_400;
const MOST_BINS = 40;
/** The last part of the time in which an item may be new. */
const NEW_SHARE = 0.1;

export interface TimeBin {
  /** Seconds since 1970. */
  readonly from: number;
  readonly count: number;
}

export interface InteractionsSummary {
  readonly users: number;
  readonly items: number;
  /** Share of the matrix of users and items that is empty; repeated pairs count once or more often, so it is a lower bound. */
  readonly sparsity: number;
  readonly userActivity: Activity;
  readonly itemActivity: Activity;
  readonly usersWithTwo: number;
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly overTime: readonly TimeBin[];
  /** Rows that are there already: same user, item, time and event type. */
  readonly duplicates: number;
  readonly isOrdered: boolean;
  /** Items that appear in the last tenth of the time first. */
  readonly newItems: number;
  readonly eventTypes: readonly { readonly value: string; readonly count: number }[];
}

export class Interactions {
  readonly users = new Ids();
  readonly items = new Ids();
  private readonly seen = new SeenRows();
  private readonly types = new Column('EVENT_TYPE');
  private readonly typeIds = new Ids();
  private readonly days = new Map<number, number>();
  private firstSeen = new Float64Array(1024);
  private rows = 0;
  private from = Number.POSITIVE_INFINITY;
  private to = Number.NEGATIVE_INFINITY;
  private last = Number.NEGATIVE_INFINITY;
  private duplicates = 0;
  private isOrdered = true;

  /** A row whose cells are right. @param timestamp seconds since 1970 */
  add(userId: string, itemId: string, timestamp: number, eventType: string | undefined): void {
    this.rows++;
    const user = this.users.add(userId);
    const known = this.items.size;
    const item = this.items.add(itemId);
    if (item === known) {
      this.firstSeen = roomFor(this.firstSeen, item);
      this.firstSeen[item] = timestamp;
    } else if (timestamp < (this.firstSeen[item] as number)) this.firstSeen[item] = timestamp;
    let type = -1;
    if (eventType !== undefined) {
      this.types.add(eventType);
      type = this.typeIds.add(eventType);
    }
    if (this.seen.repeats(user, item, timestamp, type)) this.duplicates++;
    if (timestamp < this.last) this.isOrdered = false;
    this.last = timestamp;
    if (timestamp < this.from) this.from = timestamp;
    if (timestamp > this.to) this.to = timestamp;
    const day = Math.floor(timestamp / DAY_SECONDS);
    this.days.set(day, (this.days.get(day) ?? 0) + 1);
  }

  /** Why Amazon Personalize would not train on it. */
  refusals(schema: DatasetSchema): string[] {
    const { users, rows } = this;
    const counts = { interactions: rows, users: users.size, usersWithTwo: this.usersWithTwo };
    const types = [...this.typeIds.names()];
    return [trainingMinimumProblem(counts), eventTypesProblem(schema, types)].flatMap((text) => text ?? []);
  }

  private get usersWithTwo(): number {
    return this.users.counts.reduce((sum, count) => sum + Number(count >= 2), 0);
  }

  summary(): InteractionsSummary {
    const { users, items, from, to, duplicates, isOrdered } = this;
    const newFrom = to - (to - from) * NEW_SHARE;
    const firstSeen = this.firstSeen.subarray(0, items.size);
    return {
      users: users.size,
      items: items.size,
      sparsity: Math.max(0, 1 - (this.rows - duplicates) / (users.size * items.size)),
      userActivity: activityOf(users.counts),
      itemActivity: activityOf(items.counts),
      usersWithTwo: this.usersWithTwo,
      from,
      to,
      overTime: this.overTime(),
      duplicates,
      isOrdered,
      newItems: to > from ? firstSeen.reduce((sum, first) => sum + Number(first > newFrom), 0) : 0,
      eventTypes: this.types.frequencies,
    };
  }

  private overTime(): TimeBin[] {
    const first = Math.floor(this.from / DAY_SECONDS);
    const width = Math.ceil((Math.floor(this.to / DAY_SECONDS) - first + 1) / MOST_BINS);
    const bins: number[] = [];
    for (const [day, count] of this.days) {
      const bin = Math.floor((day - first) / width);
      bins[bin] = (bins[bin] ?? 0) + count;
    }
    return Array.from(bins, (count = 0, bin) => ({ from: (first + bin * width) * DAY_SECONDS, count }));
  }
}
