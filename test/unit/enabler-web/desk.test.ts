// The like desk: what goes with a like when it is pressed.

import { ProblemError } from '../../../enabler-web/api/problem-error';
import type { LikeBatch } from '../../../enabler-web/api/types';
import { LikeDesk } from '../../../enabler-web/likes/desk';
import { createMemoryStore } from '../../../enabler-web/likes/storage';

/** A desk with one visitor, and what it sends when its time comes. */
async function setUp(store = createMemoryStore()) {
  const sent: LikeBatch[] = [];
  const forgotten: string[] = [];
  let refusal: Error | undefined;
  let visitors = 0;
  let pending: (() => void) | undefined;
  let now = Date.parse('2026-05-02T12:00:00.000Z');
  let made = 0;
  const desk = new LikeDesk({
    store,
    api: {
      createVisitor: async () => {
        visitors += 1;
        return {
          visitorId: `anna-${visitors}`,
          token: `token-${visitors}`,
          expiresAt: '2026-06-01T00:00:00.000Z',
        };
      },
      forgetVisitor: async (token) => {
        if (refusal) throw refusal;
        forgotten.push(token);
        return { likes: 1 };
      },
      sendLikes: async (_token, batch) => {
        sent.push(batch);
        return { accepted: batch.likes.map(({ eventId }) => eventId), duplicates: [], rejected: [] };
      },
    },
    now: () => now,
    newId: () => `id-${made++}`,
    random: () => 0.5,
    schedule: (action) => {
      pending = action;
      return () => undefined;
    },
    locale: () => 'en',
  });
  await desk.person();
  const deliver = async () => {
    pending?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  const refuse = (error: Error) => {
    refusal = error;
  };
  return { desk, sent, deliver, pass, forgotten, refuse, store, visitors: () => visitors };
}

test('a like names itself first and at most 24 others that were in view', async () => {
  const { desk, sent, deliver } = await setUp();
  const inView = Array.from({ length: 60 }, (_, index) => `emotions/calm/${index}.svg`);
  desk.toggle('emotions/calm/30.svg', inView);
  await deliver();
  const [like] = sent[0]?.likes ?? [];
  expect(like?.impression).toHaveLength(25);
  expect(like?.impression[0]).toBe('emotions/calm/30.svg');
  expect(new Set(like?.impression).size).toBe(25);
});

test('pressed again within the session it is taken back, in the same session', async () => {
  const { desk, sent, deliver, pass } = await setUp();
  expect(desk.toggle('emotions/calm/1.svg', [])).toBe(true);
  await deliver();
  pass(60_000);
  expect(desk.toggle('emotions/calm/1.svg', [])).toBe(false);
  await deliver();
  expect(sent.map(({ likes }) => likes.map(({ liked }) => liked))).toEqual([[true], [false]]);
  expect(sent[1]?.sessionId).toBe(sent[0]?.sessionId);
});

test('after half an hour of rest a like begins a new session', async () => {
  const { desk, sent, deliver, pass } = await setUp();
  desk.toggle('emotions/calm/1.svg', []);
  await deliver();
  pass(1_800_000);
  desk.toggle('emotions/calm/2.svg', []);
  await deliver();
  expect(sent[1]?.sessionId).not.toBe(sent[0]?.sessionId);
});

test('a device that is days ahead keeps its visitor, and says with each request what its clock is', async () => {
  const { desk, sent, deliver, pass, visitors } = await setUp();
  pass(40 * 86_400_000);
  desk.toggle('emotions/calm/1.svg', []);
  await desk.person();
  await deliver();
  expect(visitors()).toBe(1);
  expect(sent[0]?.sentAt).toBe('2026-06-11T12:00:00.000Z');
});

test('what waits keeps its order when the clock is put back', async () => {
  const { desk, sent, deliver, pass } = await setUp();
  desk.toggle('emotions/calm/1.svg', []);
  pass(-3_600_000);
  desk.toggle('emotions/calm/1.svg', []);
  await deliver();
  expect(sent.flatMap(({ likes }) => likes.map(({ liked }) => liked))).toEqual([true, false]);
});

test('two tabs agree: the marks of each are those of both', async () => {
  const store = createMemoryStore();
  const [one, other] = [(await setUp(store)).desk, (await setUp(store)).desk];
  one.toggle('emotions/calm/1.svg', []);
  other.toggle('emotions/calm/2.svg', []);
  expect([one.count, other.count]).toEqual([2, 2]);
  other.toggle('emotions/calm/1.svg', []);
  expect(one.isLiked('emotions/calm/1.svg')).toBe(false);
});

test('a tab that hears of another one tells its page, and sends what the other did not', async () => {
  const store = createMemoryStore();
  const [one, other] = [await setUp(store), await setUp(store)];
  const heard = jest.fn();
  other.desk.subscribe(heard);
  one.desk.toggle('emotions/calm/1.svg', []);
  other.desk.storeChanged();
  expect(heard).toHaveBeenCalled();
  await other.deliver();
  expect(other.sent).toHaveLength(1);
  expect(one.desk.waiting).toBe(0);
});

test('a visitor who is replaced hands over their marks', async () => {
  const { desk } = await setUp();
  desk.toggle('emotions/calm/1.svg', []);
  await desk.renew('anna-1');
  expect(desk.isLiked('emotions/calm/1.svg')).toBe(true);
  expect(desk.count).toBe(1);
});

test('who deletes their likes leaves nothing on the device, sends nothing more, and is somebody new afterwards', async () => {
  const { desk, sent, deliver, forgotten, store, visitors } = await setUp();
  desk.toggle('emotions/calm/1.svg', []);
  await deliver();
  desk.toggle('emotions/calm/2.svg', []);
  await desk.forgetMe();
  await deliver();
  expect(forgotten).toEqual(['token-1']);
  expect(sent).toHaveLength(1);
  expect([desk.count, desk.waiting, desk.isKnown]).toEqual([0, 0, false]);
  expect(Array.from({ length: store.length }, (_, index) => store.key(index))).toEqual([]);
  await desk.person();
  expect(visitors()).toBe(2);
});

test('when the likes cannot be deleted there, everything here is as before; of nobody’s token there is nothing to delete', async () => {
  const { desk, refuse } = await setUp();
  desk.toggle('emotions/calm/1.svg', []);
  refuse(ProblemError.noAnswer('no answer'));
  await expect(desk.forgetMe()).rejects.toThrow('no answer');
  expect([desk.count, desk.waiting, desk.isKnown]).toEqual([1, 1, true]);
  refuse(new ProblemError(401, { title: 'Not signed in' }));
  await desk.forgetMe();
  expect(desk.isKnown).toBe(false);
});
