// Several people at once, each with one request at a time, one right after the other; and how results are printed.

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

/** One line: what, how much, and the goal. */
export function report(what: string, value: number, unit: string, goal: string): void {
  console.log(`${what.padEnd(44)} ${value.toFixed(1).padStart(8)} ${unit.padEnd(8)} (goal ${goal})`);
}
