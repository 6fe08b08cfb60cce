// Several people at once: each with one request right after the other (a closed loop: as fast as it goes), or each at a pace of
// their own (an open loop: as people do); and how results are printed.
import { setTimeout as sleep } from 'node:timers/promises';

/** The value below which `share` (0 to 1) of the values are; NaN when there are none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Milliseconds of each request, in increasing order, of all people until `isOver` says so to each. */
export async function timesOf<Person>(
  people: readonly Person[],
  isOver: (done: number) => boolean,
  request: (person: Person, index: number) => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = [];
  await Promise.all(
    people.map(async (person) => {
      for (let index = 0; !isOver(index); index += 1) {
        const startedAt = performance.now();
        await request(person, index);
        times.push(performance.now() - startedAt);
      }
    }),
  );
  return times.sort((a, b) => a - b);
}

export interface Pace {
  /** Requests of one person in a second, on the average; the gaps between two are half to one and a half times as long. */
  readonly perSecond: number;
  readonly seconds: number;
}

/**
 * The same, when nobody waits for an answer before the next request. Counted from the moment when a request was meant to go
 * out, so that a delay is not lost because it held up the requests behind it.
 */
export async function timesAtPace<Person>(
  people: readonly Person[],
  { perSecond, seconds }: Pace,
  request: (person: Person, index: number) => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = [];
  const gap = () => ((0.5 + Math.random()) * 1000) / perSecond;
  await Promise.all(
    people.map(async (person) => {
      const underWay: Promise<unknown>[] = [];
      const end = performance.now() + seconds * 1000;
      for (let due = performance.now() + gap(), index = 0; due < end; due += gap(), index += 1) {
        await sleep(due - performance.now());
        const startedAt = due;
        underWay.push(request(person, index).then(() => times.push(performance.now() - startedAt)));
      }
      await Promise.all(underWay);
    }),
  );
  return times.sort((a, b) => a - b);
}

/** One line: what, how much, and the goal. */
export function report(what: string, value: number, unit: string, goal: string): void {
  console.log(`${what.padEnd(50)} ${value.toFixed(1).padStart(8)} ${unit.padEnd(8)} (goal ${goal})`);
}
