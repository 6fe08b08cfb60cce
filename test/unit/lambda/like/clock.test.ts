// The moments of likes whose device has a wrong clock.
import { byOurClock } from '../../../../lambda/like/clock';

const MINUTE = 60_000;
const DAY = 24 * 3600 * 1000;
const NOW = Date.parse('2026-05-02T12:00:00.000Z');
const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

const like = (index: number, at: number) => ({
  eventId: `event-${index}`,
  itemId: 'emotions/calm/1.svg',
  liked: true,
  impression: [],
  occurredAt: iso(at),
});

/** Milliseconds from now, as our clock has them. */
const moments = (at: readonly number[], sentAt?: number) =>
  byOurClock(
    {
      sessionId: 's',
      likes: at.map((each, index) => like(index, each)),
      ...(sentAt !== undefined && { sentAt: iso(sentAt) }),
    },
    NOW,
  ).map(({ occurredAt }) => Date.parse(occurredAt) - NOW);

it.each([
  ['five minutes fast', 5 * MINUTE],
  ['five minutes slow', -5 * MINUTE],
  ['twenty days fast', 20 * DAY],
  ['twenty days slow', -20 * DAY],
])('a clock that is %s is corrected', (_, wrongBy) => {
  const device = NOW + wrongBy;
  expect(moments([device - 2 * MINUTE, device - MINUTE, device], device)).toEqual([-2 * MINUTE, -MINUTE, 0]);
});

it('by less than a minute nothing is moved, for the way here takes time too', () => {
  expect(moments([NOW - 1000], NOW - 900)).toEqual([-1000]);
});

it('without the time of sending, likes are put between two weeks ago and now, in their order', () => {
  expect(moments([NOW - 20 * DAY, NOW - 20 * DAY, NOW + DAY, NOW + DAY])).toEqual([
    -14 * DAY,
    -14 * DAY + 1,
    -1,
    0,
  ]);
});

it('a clock that was put right while the likes waited does not lose them either', () => {
  expect(moments([NOW + 20 * DAY], NOW)).toEqual([0]);
  expect(moments([NOW - 20 * DAY], NOW)).toEqual([-14 * DAY]);
});
