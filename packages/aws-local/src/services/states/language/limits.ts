// What one state may hand to the next.
import { textOf } from './document';
import { StateFailure } from './failure';

/** The most that a state takes or gives, in bytes of UTF-8. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MOST_BYTES = 262_144;

/** @throws StateFailure States.DataLimitExceeded */
export function limit(state: string, value: unknown): void {
  if (Buffer.byteLength(textOf(value)) <= MOST_BYTES) return;
  throw new StateFailure(
    'States.DataLimitExceeded',
    `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}
