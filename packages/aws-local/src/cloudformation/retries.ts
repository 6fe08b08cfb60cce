// Resource handlers wait when a service says that calls come too fast, as CloudFormation's do.
import { AwsError } from '../service';

const FIRST_DELAY_MS = 20;
const LONGEST_DELAY_MS = 1_000;
const ATTEMPTS = 40;
const TOO_FAST = new Set(['ThrottlingException', 'TooManyRequestsException', 'LimitExceeded', 'Throttling']);

/** Repeats a call while it is throttled, at growing intervals. Rejects with any other error, or after forty attempts. */
export async function whileThrottled<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof AwsError && TOO_FAST.has(error.code)) || attempt === ATTEMPTS) throw error;
      const delay = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
}
