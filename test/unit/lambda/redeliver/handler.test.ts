// The retry queue and the sweep through the real `redeliver` handler.
import type { SQSBatchResponse } from 'aws-lambda';
import { serviceError, World } from '../support/world';

/** How long the handler waited, in milliseconds; nobody waits for it here. */
const mockPauses: number[] = [];
jest.mock('../../../../lambda/shared/retry', () => ({
  ...jest.requireActual('../../../../lambda/shared/retry'),
  sleep: async (milliseconds: number) => void mockPauses.push(milliseconds),
}));

const world = new World();
const NOW = Date.parse('2026-05-02T12:00:00.000Z');
let now = NOW;
type Handler = typeof import('../../../../lambda/redeliver/handler').handler;
let handler: Handler;

beforeAll(async () => {
  world.install();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  handler = (await import('../../../../lambda/redeliver/handler')).handler;
});

beforeEach(() => {
  now = NOW;
  mockPauses.length = 0;
  world.reset();
});

const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

const addEntry = (name: string, secondsAgo: number, changes: object = {}) => {
  const row = {
    ...{ partition: '07', entry: `${ago(secondsAgo)}#${name}`, visitorId: 'ann', sessionId: 's' },
    trackingId: 'tracking',
    events: JSON.stringify([
      {
        ...{ eventId: name, eventType: 'like', itemId: 'emotions/calm/1.svg' },
        ...{ occurredAt: ago(secondsAgo), impression: ['emotions/calm/1.svg'] },
      },
    ]),
    attempts: 0,
    ...changes,
  };
  world.dynamodb.put('undelivered', row);
  return row;
};

const deliveredIds = () => world.events.flatMap(({ eventList }) => eventList?.map(({ eventId }) => eventId));

describe('the retry queue', () => {
  const batch = (...bodies: string[]) =>
    handler(
      { Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })) } as Parameters<Handler>[0],
      { getRemainingTimeInMillis: () => 55_000 },
    ) as Promise<SQSBatchResponse>;
  const message = ({ partition, entry }: { partition: string; entry: string }) =>
    JSON.stringify({ partition, entry });

  it('delivers the entry with its event id and takes it off the table', async () => {
    const entry = addEntry('one', 5);
    expect(await batch(message(entry))).toEqual({ batchItemFailures: [] });
    expect(world.events).toEqual([
      {
        ...{ trackingId: 'tracking', userId: 'ann', sessionId: 's' },
        eventList: [
          {
            ...{ eventId: 'one', eventType: 'like', eventValue: 1, itemId: 'emotions/calm/1.svg' },
            ...{ sentAt: new Date(ago(5)), impression: ['emotions/calm/1.svg'] },
          },
        ],
      },
    ]);
    expect(world.dynamodb.rows('undelivered')).toEqual([]);
  });

  it('keeps a note of an entry that was accepted for an earlier tracker, and sends it once', async () => {
    const entry = addEntry('old', 5, { trackingId: 'earlier' });
    await batch(message(entry));
    await batch(message(entry));
    expect(deliveredIds()).toEqual(['old']);
    expect(world.events[0]?.trackingId).toBe('tracking');
    expect(world.dynamodb.rows('undelivered')).toEqual([
      { ...entry, deliveredAt: ago(0), nextAttemptAt: '9999-12-31T23:59:59.999Z' },
    ]);
  });

  it('has nothing to do for an entry that was delivered meanwhile', async () => {
    const entry = addEntry('one', 5);
    await batch(message(entry));
    expect(await batch(message(entry))).toEqual({ batchItemFailures: [] });
    expect(world.events).toHaveLength(1);
  });

  it('gives back only the messages that failed, and notes the attempt', async () => {
    const [good, bad] = [addEntry('good', 5), addEntry('bad', 6)];
    let calls = 0;
    world.personalizeFault = () => {
      calls += 1;
      if (calls === 2) throw serviceError('ThrottlingException');
    };
    const result = await batch(message(good), message(bad), 'not JSON', '{}');
    const failed = result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    expect(failed).toHaveLength(3);
    expect(failed).toEqual(expect.arrayContaining(['m2', 'm3']));
    expect(world.dynamodb.rows('undelivered')).toEqual([
      expect.objectContaining({ attempts: 1, nextAttemptAt: new Date(NOW + 60_000).toISOString() }),
    ]);
  });

  it('gives a message back when DynamoDB fails', async () => {
    world.dynamodb.fault = () => ({ error: serviceError('ThrottlingException') });
    expect((await batch(message(addEntry('one', 5)))).batchItemFailures).toHaveLength(1);
  });
});

describe('the sweep', () => {
  const sweep = (remaining = 55_000) =>
    handler(
      { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} } as Parameters<Handler>[0],
      { getRemainingTimeInMillis: () => remaining },
    );

  it('delivers entries older than a minute from all partitions, and leaves younger ones', async () => {
    addEntry('old', 61);
    addEntry('older', 3600, { partition: '31' });
    addEntry('young', 59);
    await sweep();
    expect(deliveredIds().sort()).toEqual(['old', 'older']);
    expect(world.dynamodb.rows('undelivered')).toHaveLength(1);
  });

  it('reads every page', async () => {
    world.dynamodb.pageSize = 2;
    for (let index = 0; index < 7; index += 1) addEntry(`e${index}`, 100 + index);
    await sweep();
    expect(world.events).toHaveLength(7);
  });

  it('puts an entry off that keeps failing, twice as long each time, and never gives it up', async () => {
    addEntry('poison', 1000, { attempts: 2 });
    world.personalizeFault = () => {
      throw serviceError('InvalidInputException');
    };
    await sweep();
    const [row] = world.dynamodb.rows('undelivered');
    expect(row).toMatchObject({ attempts: 3, nextAttemptAt: new Date(NOW + 240_000).toISOString() });
    world.personalizeFault = () => undefined;
    now = NOW + 200_000;
    await sweep();
    expect(world.events).toEqual([]);
    now = NOW + 250_000;
    await sweep();
    expect(deliveredIds()).toEqual(['poison']);
  });

  it('stops after twenty failures: Amazon Personalize is down', async () => {
    for (let index = 0; index < 60; index += 1) addEntry(`e${index}`, 100 + index);
    world.personalizeFault = () => {
      throw serviceError('ServiceUnavailable', 'server');
    };
    await sweep();
    expect(world.dynamodb.rows('undelivered').filter((row) => row.attempts === 1)).toHaveLength(20);
  });

  it('does nothing more when its time is nearly up', async () => {
    addEntry('old', 100);
    await sweep(5000);
    expect(world.events).toEqual([]);
  });

  it('sends visitors and items that Amazon Personalize does not have, ten a call', async () => {
    const unsent = { unsentPartition: 'unsent', unsentSince: ago(30) };
    for (let index = 0; index < 12; index += 1) {
      world.dynamodb.put('visitors', { visitorId: `v${index}`, emotion: 'calm', likes: 0, ...unsent });
    }
    world.dynamodb.put('visitors', { visitorId: 'young', likes: 0, ...unsent, unsentSince: ago(1) });
    world.dynamodb.put('items', {
      ...{ itemId: 'emotions/sad/1.svg', emotion: 'sad', listed: 'sad', createdAt: '2026-05-01T12:00:00Z' },
      ...unsent,
    });
    await sweep();
    expect(world.users.map(({ users }) => users?.length)).toEqual([10, 2]);
    expect(world.items.map(({ items }) => items)).toEqual([
      [{ itemId: 'emotions/sad/1.svg', properties: '{"emotion":"sad","creationTimestamp":1777636800}' }],
    ]);
    const left = [...world.dynamodb.rows('visitors'), ...world.dynamodb.rows('items')];
    expect(left.filter((row) => row.unsentSince).map(({ visitorId }) => visitorId)).toEqual(['young']);
  });

  it('tells Amazon Personalize of a picture that left', async () => {
    world.dynamodb.put('items', {
      ...{
        itemId: 'emotions/sad/1.svg',
        emotion: 'sad',
        createdAt: '2026-05-01T12:00:00Z',
        removedAt: ago(40),
      },
      ...{ unsentPartition: 'unsent', unsentSince: ago(30) },
    });
    await sweep();
    expect(world.items[0]?.items?.[0]?.properties).toContain('"emotion":"removed"');
  });

  describe('with many rows and a service that fails', () => {
    const addVisitors = (count: number, changes: object = {}) => {
      for (let index = 0; index < count; index += 1) {
        world.dynamodb.put('visitors', {
          ...{ visitorId: `v${String(index).padStart(3, '0')}`, likes: 0, unsentPartition: 'unsent' },
          ...{ unsentSince: new Date(NOW - 3600_000 + index).toISOString() },
          ...changes,
        });
      }
    };
    const waiting = () => world.dynamodb.rows('visitors').filter((row) => row.unsentSince);
    const refuse = (bad: string) => () => {
      throw serviceError(bad);
    };

    it('tries again, and goes on after a failure: all are sent although every second call fails', async () => {
      addVisitors(480);
      let calls = 0;
      world.personalizeFault = () => {
        calls += 1;
        if (calls % 2 === 1) throw serviceError('ThrottlingException');
      };
      await sweep();
      expect(waiting()).toEqual([]);
      // Each call but the first waits for its turn, a second try longer.
      expect(new Set(mockPauses)).toEqual(new Set([120, 240]));
    });

    it('puts a bad row off for itself, longer each time, and sends the others', async () => {
      addVisitors(30);
      world.personalizeFault = () => undefined;
      const put = world.users.push.bind(world.users);
      world.users.push = (call) => {
        if (call.users?.some(({ userId }) => userId === 'v004')) throw serviceError('InvalidInputException');
        return put(call);
      };
      await sweep();
      expect(waiting()).toMatchObject([{ visitorId: 'v004', sendFailures: 1, sendAfter: ago(-45) }]);
      now = NOW + 60_000;
      await sweep();
      expect(waiting()).toMatchObject([{ sendFailures: 2, sendAfter: new Date(now + 90_000).toISOString() }]);
      now = NOW + 120_000;
      await sweep();
      expect(waiting()).toMatchObject([{ sendFailures: 2 }]);
    });

    it('begins with the oldest that are due, and those that failed before do not hold the others up', async () => {
      addVisitors(300);
      world.personalizeFault = refuse('ThrottlingException');
      await sweep();
      const putOff = waiting().filter((row) => row.sendAfter);
      expect(putOff.map(({ visitorId }) => visitorId)).toEqual(
        Array.from({ length: 100 }, (_, index) => `v${String(index).padStart(3, '0')}`),
      );
      world.personalizeFault = () => undefined;
      now = NOW + 30_000;
      await sweep();
      expect(waiting()).toHaveLength(100);
      now = NOW + 60_000;
      await sweep();
      expect(waiting()).toEqual([]);
      expect(world.dynamodb.rows('visitors')[0]).not.toHaveProperty('sendFailures');
    });
  });

  it('keeps the mark of a row that changed while it was sent', async () => {
    const row = {
      itemId: 'emotions/sad/1.svg',
      emotion: 'sad',
      listed: 'sad',
      createdAt: '2026-05-01T12:00:00Z',
    };
    world.dynamodb.put('items', { ...row, unsentPartition: 'unsent', unsentSince: ago(30) });
    world.personalizeFault = () =>
      world.dynamodb.put('items', { ...row, unsentPartition: 'unsent', unsentSince: ago(0) });
    await sweep();
    expect(world.dynamodb.rows('items')[0]).toMatchObject({ unsentSince: ago(0) });
  });

  it('leaves the marks when PutUsers fails, and still does the rest', async () => {
    const unsent = { unsentPartition: 'unsent', unsentSince: ago(30) };
    world.dynamodb.put('visitors', { visitorId: 'v', likes: 0, ...unsent });
    world.dynamodb.put('totals', { shard: '00', users: 2, qualifiedUsers: 2, interactions: 5 });
    world.personalizeFault = () => {
      throw serviceError('ThrottlingException');
    };
    await sweep();
    expect(world.dynamodb.rows('visitors')[0]).toMatchObject(unsent);
    expect(world.bus).toHaveLength(1);
  });

  it('announces the minimum once', async () => {
    world.dynamodb.put('totals', { shard: '00', users: 2, qualifiedUsers: 2, interactions: 5 });
    await sweep();
    await sweep();
    expect(world.bus).toMatchObject([{ source: 'emotion-gallery', detailType: 'MinimumReached' }]);
  });

  it('fails loudly when a table does, after doing the other parts', async () => {
    addEntry('old', 100);
    world.dynamodb.fault = (command) =>
      command.constructor.name === 'BatchGetItemCommand'
        ? { error: serviceError('AccessDeniedException') }
        : undefined;
    await expect(sweep()).rejects.toThrow('AccessDeniedException');
    expect(deliveredIds()).toEqual(['old']);
  });
});

it('an event of another kind is an error', async () => {
  await expect(
    handler({ source: 'aws.s3', detail: {} } as Parameters<Handler>[0], {
      getRemainingTimeInMillis: () => 1,
    }),
  ).rejects.toThrow('aws.s3');
});
