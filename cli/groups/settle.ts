// Waits until something that Amazon Personalize makes is ACTIVE, and tells why it did not become so.
import { type Rim, UserError } from '../command';
import { both, joined, type Text } from '../text';
import { pollingInterval, waitFor } from '../wait-for';

export interface Settling {
  readonly status?: string;
  readonly failureReason?: string;
}

/** On localhost most steps take less than a second. */
const EVERY_MS = 300;

/**
 * @param what `training of demo-sims`
 * @param advice what to do when it fails
 * @throws UserError with the service's reason
 */
export async function untilActive<T extends Settling>(
  what: string,
  look: () => Promise<T | undefined>,
  rim: Rim,
  advice: Text = '',
): Promise<T> {
  const seen = await waitFor(
    {
      look,
      isDone: (found) => found === undefined || /^ACTIVE$|FAILED|STOPPED/.test(found.status ?? ''),
      tell: (found) => `${what}: ${found?.status ?? 'gone'}`,
      everyMs: process.env.AWS_ENDPOINT_URL ? EVERY_MS : pollingInterval(undefined),
    },
    rim,
  );
  if (seen?.status === 'ACTIVE') return seen;
  const reason = seen?.failureReason ?? seen?.status ?? 'it is gone';
  const failed = both(`the ${what} failed: ${reason}`, `실패했습니다(${what}): ${reason}`);
  throw new UserError(joined(advice === '' ? [failed] : [failed, advice], '\n'));
}
