// When likes happened, by our clock. Devices' clocks go wrong by minutes and by weeks, and no like is lost to that.
import { LIMITS, type LikeEvent, type LikesRequest } from '../shared/contract/schemas';

/**
 * The likes with `occurredAt` as our clock would have read it. A request that says when it was sent tells by how much its device is
 * wrong; by less than a minute, which may as well be the way here, nothing is moved. What then still lies in the future, or longer
 * ago than Amazon Personalize's metrics look, is put to the end of that time, in the order of the request.
 *
 * @param now milliseconds since 1970
 */
export function byOurClock({ likes, sentAt }: LikesRequest, now: number): LikeEvent[] {
  const wrongBy = sentAt === undefined ? 0 : Date.parse(sentAt) - now;
  const correction = Math.abs(wrongBy) > LIMITS.occurredAtSkewMs ? wrongBy : 0;
  const oldest = now - LIMITS.occurredAtAgeMs;
  return likes.map((like, index) => {
    const latest = now - (likes.length - 1 - index);
    const at = Math.min(latest, Math.max(oldest + index, Date.parse(like.occurredAt) - correction));
    return { ...like, occurredAt: new Date(at).toISOString() };
  });
}
