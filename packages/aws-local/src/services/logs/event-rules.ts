// Which events of a request are taken, in the order of time, not older than a fortnight or than the group keeps them, not of the future;
// and which page a token names. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
import { AwsError, type Shape } from '../../service';

interface TimedEvent {
  readonly timestamp: number;
}

const OLDEST_MS = 14 * 86_400_000;
const NEWEST_MS = 2 * 3_600_000;

export interface Taken<E> {
  readonly events: readonly E[];
  /** Which were not, as the API tells it; undefined when all were. */
  readonly rejectedLogEventsInfo?: Shape;
}

/**
 * @param keptFrom what is older, the group's retention takes at once
 * @throws InvalidParameterException
 */
export function taken<E extends TimedEvent>(events: readonly E[], now: number, keptFrom: number): Taken<E> {
  if (events.some(({ timestamp }, index) => timestamp < (events[index - 1]?.timestamp ?? 0))) {
    const message = 'Log events in a single PutLogEvents request must be in chronological order.';
    throw new AwsError('InvalidParameterException', message);
  }
  const before = (time: number) => events.filter(({ timestamp }) => timestamp < time).length;
  const tooOld = before(now - OLDEST_MS);
  const expired = before(keptFrom);
  const tooNew = before(now + NEWEST_MS + 1);
  const info = {
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(expired > tooOld && { expiredLogEventEndIndex: expired }),
    ...(tooNew < events.length && { tooNewLogEventStartIndex: tooNew }),
  };
  return {
    events: events.slice(Math.max(tooOld, expired), tooNew),
    ...(Object.keys(info).length > 0 && { rejectedLogEventsInfo: info }),
  };
}

/** Where the page begins that a token names, which an earlier answer gave. @throws InvalidParameterException */
export function pageStart(
  token: string | undefined,
  limit: number,
  { length, fromHead }: { readonly length: number; readonly fromHead: boolean },
): { readonly start: number; readonly end: number } {
  if (token === undefined) {
    const start = fromHead ? 0 : Math.max(0, length - limit);
    return { start, end: start + limit };
  }
  const [, direction, place] = /^([fb])\/(\d+)$/.exec(token) ?? [];
  if (direction === undefined) {
    throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  }
  const at = Number(place);
  return direction === 'f' ? { start: at, end: at + limit } : { start: Math.max(0, at - limit), end: at };
}
