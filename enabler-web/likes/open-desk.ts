// The like desk of a page in a real browser: its clock, timers and chance.

import type { PageContext } from '../ui/context';
import { newId } from '../ui/new-id';
import { LikeDesk } from './desk';

/** Opens the page's desk, and sends what an earlier visit left unsent. */
export function openDesk(context: PageContext): LikeDesk {
  const desk = new LikeDesk({
    store: context.store,
    api: context.api,
    now: Date.now,
    newId,
    random: Math.random,
    schedule: (action, delayMs) => {
      const timer = setTimeout(action, delayMs);
      return () => clearTimeout(timer);
    },
    locale: () => context.language(),
  });
  addEventListener('online', () => desk.retryNow());
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) desk.retryNow();
  });
  addEventListener('storage', () => desk.storeChanged());
  desk.retryNow();
  return desk;
}
