// The outbox and its sender: nothing is lost, nothing is dropped but what is named, pauses are kept.

import { ProblemError } from '../../../enabler-web/api/problem-error';
import type { LikeBatch, LikeEvent, LikeReceipt } from '../../../enabler-web/api/types';
import { Outbox } from '../../../enabler-web/likes/outbox';
import { Sender, type SendOutcome } from '../../../enabler-web/likes/sender';
import { createMemoryStore } from '../../../enabler-web/likes/storage';

const likeOf = (number: number): LikeEvent => ({
  eventId: `event-${number}`,
  itemId: `emotions/calm/${number}.svg`,
  liked: true,
  impression: [],
  occurredAt: new Date(1_000 * number).toISOString(),
});

const problemOf = (status: number, extra: object = {}, retryAfterMs?: number): ProblemError =>
  new ProblemError(status, { title: 'trouble', status, ...extra }, retryAfterMs);

/** An outbox with a sender whose time only moves by `tick`. */
function setUp(answer: (batch: LikeBatch, visitorId: string) => LikeReceipt) {
  const outbox = new Outbox(createMemoryStore());
  const pauses: number[] = [];
  const batches: LikeBatch[] = [];
  const outcomes: SendOutcome[] = [];
  let pending: (() => void) | undefined;
  const sender = new Sender(outbox, {
    send: async (visitorId, batch) => {
      batches.push(batch);
      return answer(batch, visitorId);
    },
    renewVisitor: async (visitorId) => `${visitorId}+`,
    onChange: (_, outcome) => outcomes.push(outcome),
    schedule: (action, delayMs) => {
      pauses.push(delayMs);
      pending = action;
      return () => {
        pending = undefined;
      };
    },
    random: () => 1,
  });
  const tick = async (): Promise<void> => {
    const action = pending;
    pending = undefined;
    action?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const give = (count: number, visitorId = 'anna', sessionId = 'session'): void => {
    for (let number = 0; number < count; number += 1)
      outbox.add({ visitorId, sessionId, event: likeOf(number) });
    sender.wake();
  };
  return { outbox, sender, pauses, batches, outcomes, tick, give };
}

const accept = ({ likes }: LikeBatch): LikeReceipt => ({
  accepted: likes.map(({ eventId }) => eventId),
  duplicates: [],
  rejected: [],
});

test('likes go in the order in which they were made, ten at most together', async () => {
  const { batches, outbox, tick, give } = setUp(accept);
  give(23);
  await tick();
  expect(batches.map(({ likes }) => likes.length)).toEqual([10, 10, 3]);
  expect(batches.flatMap(({ likes }) => likes.map(({ eventId }) => eventId))).toEqual(
    Array.from({ length: 23 }, (_, number) => `event-${number}`),
  );
  expect(outbox.entries()).toEqual([]);
});

test('likes of different people or sessions never share a request', async () => {
  const { batches, outbox, sender, tick } = setUp(accept);
  for (const [number, sessionId] of ['a', 'b', 'a'].entries()) {
    outbox.add({ visitorId: 'anna', sessionId, event: likeOf(number) });
  }
  sender.wake();
  await tick();
  expect(batches.map(({ sessionId, likes }) => [sessionId, likes.length])).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
});

test('a duplicate counts as saved, a rejected like is dropped and reported with its reason', async () => {
  const { outcomes, outbox, tick, give } = setUp(({ likes }) => ({
    accepted: [],
    duplicates: likes[0] === undefined ? [] : [likes[0].eventId],
    rejected: [{ eventId: 'event-1', reason: 'unknown item' }],
  }));
  give(2);
  await tick();
  expect(outcomes[0]?.saved.map(({ eventId }) => eventId)).toEqual(['event-0']);
  expect(outcomes[0]?.refused.map(({ event, reason }) => [event.eventId, reason])).toEqual([
    ['event-1', 'unknown item'],
  ]);
  expect(outbox.entries()).toEqual([]);
});

test('pauses double while the server fails, and nothing is lost', async () => {
  const { pauses, outbox, sender, tick, give } = setUp(() => {
    throw problemOf(503);
  });
  give(3);
  for (let round = 0; round < 8; round += 1) await tick();
  expect(pauses.slice(1)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  expect(outbox.entries()).toHaveLength(3);
  expect(sender.trouble?.status).toBe(503);
});

test('likes that the answer leaves out wait and are sent again', async () => {
  let rounds = 0;
  const { outbox, pauses, tick, give, outcomes } = setUp((batch) => {
    rounds += 1;
    return rounds === 1 ? { ...accept(batch), accepted: ['event-0'] } : accept(batch);
  });
  give(3);
  await tick();
  expect(outbox.entries().map(({ event }) => event.eventId)).toEqual(['event-1', 'event-2']);
  expect(pauses.at(-1)).toBe(1_000);
  await tick();
  expect(outbox.entries()).toEqual([]);
  expect(outcomes.flatMap(({ refused }) => refused)).toEqual([]);
});

test('an error of any kind is a reason to try again, not to stop', async () => {
  let rounds = 0;
  const { outbox, pauses, tick, give } = setUp((batch) => {
    rounds += 1;
    if (rounds === 1) throw new SyntaxError('Unexpected end of JSON input');
    return accept(batch);
  });
  give(1);
  await tick();
  expect(pauses.at(-1)).toBe(1_000);
  await tick();
  expect(outbox.entries()).toEqual([]);
});

test('Retry-After decides the pause', async () => {
  const { pauses, tick, give } = setUp(() => {
    throw problemOf(429, {}, 7_000);
  });
  give(1);
  await tick();
  expect(pauses.at(-1)).toBe(7_000);
});

test('a problem that names a like drops exactly that one', async () => {
  const { outcomes, outbox, batches, tick, give } = setUp((batch) => {
    const place = batch.likes.findIndex(({ eventId }) => eventId === 'event-2');
    if (place === -1) return accept(batch);
    throw problemOf(400, { errors: [{ field: `likes[${place}].itemId`, message: 'unknown item' }] });
  });
  give(5);
  await tick();
  expect(outcomes.flatMap(({ refused }) => refused.map(({ event }) => event.eventId))).toEqual(['event-2']);
  expect(outcomes.flatMap(({ saved }) => saved)).toHaveLength(4);
  expect(batches).toHaveLength(2);
  expect(outbox.entries()).toEqual([]);
});

test('a problem that names nobody is narrowed down by sending one by one', async () => {
  const { outcomes, outbox, tick, give } = setUp((batch) => {
    if (batch.likes.some(({ eventId }) => eventId === 'event-3')) throw problemOf(400);
    return accept(batch);
  });
  give(6);
  await tick();
  expect(outcomes.flatMap(({ refused }) => refused.map(({ event }) => event.eventId))).toEqual(['event-3']);
  expect(outcomes.flatMap(({ saved }) => saved)).toHaveLength(5);
  expect(outbox.entries()).toEqual([]);
});

test('a refused token is replaced, and a server that refuses every token is not hammered', async () => {
  const { batches, pauses, outbox, tick, give } = setUp(() => {
    throw problemOf(401);
  });
  give(1);
  await tick();
  expect(batches).toHaveLength(3);
  expect(pauses).toHaveLength(2);
  expect(outbox.entries()[0]?.visitorId).toBe('anna++');
});

test('a connection that comes back during a try that fails is used at once, and only then', async () => {
  const comesBack = [true, false];
  const { sender, batches, pauses, tick, give } = setUp(() => {
    if (comesBack.shift()) sender.retryNow();
    throw problemOf(503);
  });
  give(1);
  await tick();
  expect(pauses.at(-1)).toBe(0);
  await tick();
  expect(batches).toHaveLength(2);
  expect(pauses.at(-1)).toBe(2_000);
});

test('an outbox reads back what another page of the same browser stored', () => {
  const store = createMemoryStore();
  new Outbox(store).add({ visitorId: 'anna', sessionId: 's', event: likeOf(1) });
  const reopened = new Outbox(store);
  expect(reopened.nextBatch()?.events).toEqual([likeOf(1)]);
  reopened.remove(['event-1']);
  expect(new Outbox(store).entries()).toEqual([]);
});
