// Waits for something that the service works on, telling how it goes.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Rim } from './command';

export interface Waiting<T> {
  /** Asked every `everyMs`. */
  readonly look: () => Promise<T>;
  readonly isDone: (seen: T) => boolean;
  /** A line of progress; told when it changes. */
  readonly tell: (seen: T) => string;
  readonly everyMs: number;
}

export async function waitFor<T>({ look, isDone, tell, everyMs }: Waiting<T>, rim: Rim): Promise<T> {
  const begunAt = rim.now();
  let told = '';
  for (;;) {
    const seen = await look();
    const line = tell(seen);
    if (line !== told)
      rim.progress(`${String(Math.round((rim.now() - begunAt) / 1000)).padStart(5)} s  ${line}`);
    told = line;
    if (isDone(seen)) return seen;
    await sleep(everyMs);
  }
}

/** On localhost life cycles take seconds, on AWS minutes. */
export const pollingInterval = (endpoint: string | undefined): number => (endpoint ? 1000 : 15_000);
