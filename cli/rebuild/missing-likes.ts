// Which likes a dataset group cannot have by streaming. The same like is never both streamed and imported into one dataset, because
// Amazon Personalize knows event ids of streamed events only: what is imported has none.
//
// A like that was accepted before the Interactions dataset was made went to the tracker of an earlier dataset, or is still
// undelivered. One that was accepted later is streamed into this dataset, now or by the sweep, which never gives up. It is the
// dataset's moment that counts and not the tracker's: a tracker can be made anew for a dataset that has likes.
//
// In between are likes that an earlier deployment accepted and that were (or may not have been) delivered when it was destroyed:
// the sweep streams them to the new tracker. Their entries are in the table `undelivered`: until the sweep has sent them, and for
// good with `deliveredAt` afterwards, because their tracking id is not the sweep's own (`lambda/redeliver/deliver.ts`).
import type { UndeliveredEntry } from '../../lambda/shared/data/undelivered';
import type { LikeRecord } from './rows';

/** Why a like is not exported, or `missing` when it is. */
export type Verdict = 'missing' | 'streamed' | 'left over';

export interface MissingLikes {
  verdict(like: Pick<LikeRecord, 'eventId' | 'visitorId' | 'acceptedAt'>): Verdict;
}

/**
 * @param datasetMadeAt when the Interactions dataset was made, milliseconds since 1970
 * @param entries all of the table `undelivered`, read before any like is
 */
export async function missingLikes(
  datasetMadeAt: number,
  entries: AsyncIterable<UndeliveredEntry>,
): Promise<MissingLikes> {
  const leftOver = new Set<string>();
  for await (const { entry, deliveredAt, visitorId, events } of entries) {
    // Entries begin with the moment of acceptance. Later ones are told by the likes themselves.
    if (Date.parse(entry.slice(0, entry.indexOf('#'))) >= datasetMadeAt) continue;
    // It went to the tracker of a dataset between the one that it was accepted for and this one.
    if (deliveredAt !== undefined && Date.parse(deliveredAt) < datasetMadeAt) continue;
    for (const { eventId } of events) leftOver.add(`${visitorId} ${eventId}`);
  }
  return {
    verdict({ visitorId, eventId, acceptedAt }) {
      if (Date.parse(acceptedAt) >= datasetMadeAt) return 'streamed';
      return leftOver.has(`${visitorId} ${eventId}`) ? 'left over' : 'missing';
    },
  };
}
