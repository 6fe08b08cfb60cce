// Which likes of a batch a 4xx problem is about.

import type { ProblemError } from '../api/problem-error';
import type { LikeEvent } from '../api/types';

/** A like that the server will never take, and why. */
export interface RefusedLike {
  readonly event: LikeEvent;
  readonly reason: string;
}

/** The likes that a problem document names by place, as in `likes[3].itemId` or `likes.3.itemId`. */
export function likesNamedBy(error: ProblemError, events: readonly LikeEvent[]): RefusedLike[] {
  const reasons = new Map<number, string>();
  for (const { field, message } of error.problem.errors ?? []) {
    const place = /^\/?likes[.[/](\d+)/.exec(field)?.[1];
    if (place !== undefined && !reasons.has(Number(place))) reasons.set(Number(place), message);
  }
  return [...reasons].flatMap(([place, reason]) => {
    const event = events[place];
    return event === undefined ? [] : [{ event, reason }];
  });
}
