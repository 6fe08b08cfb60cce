// Asks a campaign of Amazon Personalize, and answers nothing when it cannot: the gallery then shows something else.
import type { Logger } from '../logger';
import { isThrottle, isTransient } from '../retry';

export interface AskOptions {
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly now: () => number;
}

/** A campaign that is missing or down is left alone this long, so that a gallery without a model is not slow. Milliseconds. */
const PAUSE_MS = 2000;

export type Ask = <Answer>(call: () => Promise<Answer>) => Promise<Answer | undefined>;

/** One for each campaign of a function instance. */
export function campaignAsker({ logger, now }: AskOptions): Ask {
  let pausedUntil = 0;
  return async (call) => {
    if (now() < pausedUntil) return undefined;
    try {
      return await call();
    } catch (error) {
      const reason = (error as Error).name;
      const missing = reason === 'ResourceNotFoundException';
      // A throttle passes by itself, and a refused request says nothing about the next one.
      if (missing || (isTransient(error) && !isThrottle(error))) pausedUntil = now() + PAUSE_MS;
      // Before the first training, and after a teardown, there is no campaign: nothing is wrong.
      if (missing) logger.info('no campaign');
      else logger.warn('the campaign did not answer', { reason });
      return undefined;
    }
  };
}
