// Whether the machine has computing time to spare, from the kernel's counters.
import { cpus } from 'node:os';

/** Below this share of idle time another process would only take time from those at work. */
const SPARE_SHARE = 0.4;

interface Times {
  readonly idle: number;
  readonly total: number;
}

function readTimes(): Times {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, total };
}

/** Returns a function that tells whether processors were idle since the watch began. */
export function watchProcessors(read: () => Times = readTimes): () => boolean {
  const before = read();
  return () => {
    const now = read();
    return now.idle - before.idle >= SPARE_SHARE * (now.total - before.total);
  };
}
