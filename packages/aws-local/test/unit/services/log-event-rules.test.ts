// Which log events a request may bring, as Amazon CloudWatch Logs has been recorded, and how its pages are named.
import { pageStart, taken } from '../../../src/services/logs/event-rules';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 0, 31);
const at = (...times: number[]) => times.map((timestamp) => ({ timestamp }));

test('events come in the order of time', () => {
  expect(() => taken(at(NOW, NOW - 1), NOW, 0)).toThrow('must be in chronological order');
  expect(taken(at(NOW - 1, NOW - 1, NOW), NOW, 0)).toEqual({ events: at(NOW - 1, NOW - 1, NOW) });
});

test('too old, expired and future events are told and left out', () => {
  const [old, expired, good, future] = [NOW - 15 * DAY, NOW - 8 * DAY, NOW, NOW + 3 * 3_600_000];
  expect(taken(at(old, expired, good, future), NOW, NOW - 7 * DAY)).toEqual({
    events: at(good),
    rejectedLogEventsInfo: {
      ...{ tooOldLogEventEndIndex: 1, expiredLogEventEndIndex: 2, tooNewLogEventStartIndex: 3 },
    },
  });
});

test('tokens lead forwards and backwards, and others are refused', () => {
  const twelve = { length: 12, fromHead: false };
  expect(pageStart(undefined, 5, twelve)).toEqual({ start: 7, end: 12 });
  expect(pageStart('b/7', 5, twelve)).toEqual({ start: 2, end: 7 });
  expect(pageStart('b/2', 5, twelve)).toEqual({ start: 0, end: 2 });
  expect(pageStart('f/5', 5, twelve)).toEqual({ start: 5, end: 10 });
  expect(() => pageStart('x', 5, twelve)).toThrow('The specified nextToken is invalid.');
});
