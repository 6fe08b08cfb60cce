// Progress of what goes on for long in small steps: a line every other second.
import type { Rim } from '../command';

const TELL_EVERY_MS = 2000;

/** A `progress` that passes on a line when two seconds have gone since the one before, or since it was made. */
export function sparingProgress({ now, progress }: Rim): Rim['progress'] {
  let toldAt = now();
  return (line) => {
    const at = now();
    if (at - toldAt < TELL_EVERY_MS) return;
    toldAt = at;
    progress(line);
  };
}

/** Passes rows on, and tells how many there were. */
export async function* telling<T>(rows: AsyncIterable<T>, what: string, rim: Rim): AsyncGenerator<T> {
  const tell = sparingProgress(rim);
  let count = 0;
  for await (const row of rows) {
    count += 1;
    tell(`read ${count} ${what}`);
    yield row;
  }
}
