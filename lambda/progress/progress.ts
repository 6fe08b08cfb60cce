// Reads the progress towards the minimum, and announces the minimum when this reading is the first to see it.
import type { ProgressResponse } from '../shared/contract/schemas';
import { readTotals } from '../shared/data/totals';
import type { Logger } from '../shared/logger';
import { type AnnounceOptions, announceMinimum, progressOf } from '../shared/minimum';
import type { Sleep } from '../shared/retry';

export interface ProgressOptions extends AnnounceOptions {
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly random: () => number;
  readonly sleep: Sleep;
}

export async function readProgress(options: ProgressOptions): Promise<ProgressResponse> {
  const reading = await readTotals(options.dynamodb, options.totalsTable, options);
  try {
    await announceMinimum(options, reading);
  } catch (error) {
    // The answer does not depend on it, and the sweep announces it within a minute or two.
    options.logger.error('MinimumReached could not be announced', { error: error as Error });
  }
  return progressOf(reading, options.minimum);
}
