// Reads something again and again: slower while it fails or stays the same, not at all while the page is hidden.

/** How often to read, in milliseconds. */
export interface PollPace {
  readonly fastest: number;
  readonly slowest: number;
}

/** A running poll. */
export interface Poll {
  /** Reads now, and is back at the fastest pace. */
  hurry(): void;
  stop(): void;
}

/**
 * Starts reading. `read` resolves to whether it found something new; then the pace is the fastest, else it grows by
 * half up to the slowest. A failed read is reported and doubles the pause.
 */
export function startPoll(
  read: () => Promise<boolean>,
  pace: PollPace,
  onError: (error: unknown) => void,
): Poll {
  let pause = pace.fastest;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let reading = false;
  const again = (): void => {
    clearTimeout(timer);
    if (!stopped && !document.hidden) timer = setTimeout(run, pause);
  };
  const run = async (): Promise<void> => {
    if (reading || stopped) return;
    reading = true;
    try {
      pause = (await read()) ? pace.fastest : Math.min(pace.slowest, pause * 1.5);
    } catch (error) {
      pause = Math.min(pace.slowest, pause * 2);
      onError(error);
    }
    reading = false;
    again();
  };
  const hurry = (): void => {
    pause = pace.fastest;
    clearTimeout(timer);
    void run();
  };
  const onVisibility = (): void => (document.hidden ? clearTimeout(timer) : hurry());
  document.addEventListener('visibilitychange', onVisibility);
  hurry();
  return {
    hurry,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibility);
    },
  };
}
