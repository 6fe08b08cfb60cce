// A value that is read at most once in a while: concurrent callers share the reading, a failed one is not kept.

/** @param forMs how long a value is good, milliseconds */
export function fresh<T>(forMs: number, now: () => number, read: () => Promise<T>): () => Promise<T> {
  let kept: { readonly value: Promise<T>; readonly until: number } | undefined;
  return () => {
    if (kept && now() < kept.until) return kept.value;
    const value = read();
    const entry = { value, until: now() + forMs };
    kept = entry;
    value.catch(() => {
      if (kept === entry) kept = undefined;
    });
    return value;
  };
}
