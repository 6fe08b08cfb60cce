// Likes under random faults, several function instances at once: none is lost, none is counted twice.
import fc from 'fast-check';
import { knownItems } from '../../../../lambda/like/known-items';
import { acceptLikes, type LikeOptions } from '../../../../lambda/like/like';
import { likeStore } from '../../../../lambda/like/store';
import { sweepEntries } from '../../../../lambda/redeliver/sweep-entries';
import type { LikesRequest } from '../../../../lambda/shared/contract/schemas';
import { cancelled, FakeDynamoDB, type Fault } from '../support/fake-dynamodb';
import { serviceError } from '../support/world';

const TABLES = { visitors: 'visitors', likes: 'likes', totals: 'totals', undelivered: 'undelivered' };
const ITEM = 'emotions/calm/1.svg';
const VISITORS = ['ann', 'ben', 'cho'];
const INSTANCES = 3;

type FaultKind = 'none' | 'throttled' | 'conflict' | 'failed' | 'failed after it was applied';

interface Step {
  readonly instance: number;
  readonly visitor: number;
  /** Numbers stand for event ids; the same number in two steps is the same event, sent again. */
  readonly events: readonly { readonly id: number; readonly liked: boolean }[];
}

const steps = fc.array(
  fc.record({
    instance: fc.nat(INSTANCES - 1),
    visitor: fc.nat(VISITORS.length - 1),
    events: fc.uniqueArray(fc.record({ id: fc.nat(30), liked: fc.boolean() }), {
      minLength: 1,
      maxLength: 5,
      selector: ({ id }) => id,
    }),
  }),
  { minLength: 1, maxLength: 25 },
);

const faultKinds = fc.infiniteStream(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<FaultKind>('none') },
    {
      weight: 4,
      arbitrary: fc.constantFrom<FaultKind>('throttled', 'conflict', 'failed', 'failed after it was applied'),
    },
  ),
);

const ERRORS: Record<Exclude<FaultKind, 'none'>, () => Error> = {
  throttled: () => serviceError('ThrottlingException'),
  conflict: () => cancelled([{ Code: 'TransactionConflict' }]),
  failed: () => serviceError('TimeoutError'),
  'failed after it was applied': () => serviceError('TimeoutError'),
};

function toFault(kind: FaultKind): Fault {
  if (kind === 'none') return undefined;
  return { error: ERRORS[kind](), applied: kind === 'failed after it was applied' };
}

/** Several instances over one DynamoDB and one Amazon Personalize, both failing as the stream of faults says. */
class Deployment {
  readonly dynamodb = new FakeDynamoDB();
  /** Event ids by visitor, each as often as it was delivered. */
  readonly delivered: string[] = [];
  private failing = true;
  private clock = Date.parse('2026-05-01T12:00:00Z');
  private requests = 0;
  private readonly instances: LikeOptions[];

  constructor(private readonly faults: Iterator<FaultKind>) {
    this.dynamodb.put('items', { itemId: ITEM, emotion: 'calm', listed: 'calm' });
    for (const visitorId of VISITORS) this.dynamodb.put('visitors', { visitorId, likes: 0 });
    this.instances = Array.from({ length: INSTANCES }, (_, index) => this.instance(index));
    this.dynamodb.fault = (command) =>
      command.constructor.name === 'TransactWriteItemsCommand' ? this.nextFault() : undefined;
  }

  /** True when the caller got an answer, false when it has to send the same again. */
  async send({ instance, visitor, events }: Step): Promise<boolean> {
    const visitorId = VISITORS[visitor] ?? '';
    const options = this.instances[instance];
    if (!options) throw new Error(`no instance ${instance}`);
    const request: LikesRequest = {
      sessionId: 'session',
      likes: events.map(({ id, liked }) => ({
        ...{ eventId: `${visitorId}-${id}`, itemId: ITEM, liked, impression: [] },
        occurredAt: new Date(this.clock).toISOString(),
      })),
    };
    this.requests += 1;
    try {
      await acceptLikes(options, { visitorId, requestId: `request-${this.requests}`, request });
      return true;
    } catch (error) {
      if ((error as { status?: number }).status === 503) return false;
      throw error;
    }
  }

  async recover(): Promise<void> {
    this.failing = false;
    this.clock += 120_000;
    const personalize = this.instances[0]?.personalize as LikeOptions['personalize'];
    const rim = { now: () => this.clock, random: Math.random, timeLeft: () => true, logger: silent };
    const names = { undeliveredTable: 'undelivered', trackingId: 'tracking' };
    await sweepEntries({ dynamodb: this.dynamodb, personalize, ...names, ...rim });
  }

  stopFailing(): void {
    this.failing = false;
  }

  private nextFault(): Fault {
    return this.failing ? toFault(this.faults.next().value ?? 'none') : undefined;
  }

  private instance(seed: number): LikeOptions {
    const rim = {
      client: this.dynamodb,
      now: () => this.clock,
      random: () => (seed + 0.5) / 1000,
      sleep: async () => undefined,
    };
    return {
      items: knownItems({ ...rim, table: 'items' }),
      store: likeStore({ ...rim, tables: TABLES }),
      personalize: {
        send: (async (command: { input: { userId: string; eventList: { eventId: string }[] } }) => {
          const fault = this.nextFault();
          if (fault && !fault.applied) throw fault.error;
          this.delivered.push(...command.input.eventList.map(({ eventId }) => eventId));
          if (fault) throw fault.error;
          return {};
        }) as unknown as LikeOptions['personalize']['send'],
      },
      // Never takes a message: as after a crash, only the sweep can help.
      queue: {
        send: (async () => {
          throw serviceError('TimeoutError');
        }) as unknown as LikeOptions['queue']['send'],
      },
      trackingId: 'tracking',
      retryQueueUrl: 'queue',
      logger: silent,
      now: () => this.clock,
    };
  }
}

const silent = { warn: () => undefined, error: () => undefined };

const sum = (numbers: readonly unknown[]) => numbers.reduce<number>((total, each) => total + Number(each), 0);

function expectConsistent({ dynamodb, delivered }: Deployment): void {
  const likes = dynamodb.rows('likes');
  const counts = VISITORS.map(
    (visitor) => likes.filter(({ visitorId, liked }) => visitorId === visitor && liked).length,
  );
  const totals = dynamodb.rows('totals');
  expect(dynamodb.rows('visitors').map((row) => row.likes)).toEqual(counts);
  expect(sum(totals.map((row) => row.interactions))).toBe(sum(counts));
  expect(sum(totals.map((row) => row.users))).toBe(counts.filter((count) => count >= 1).length);
  expect(sum(totals.map((row) => row.qualifiedUsers))).toBe(counts.filter((count) => count >= 2).length);
  expect(new Set(delivered)).toEqual(new Set(likes.map(({ eventId }) => eventId)));
}

it('every accepted like is stored once, counted once and delivered, whatever fails in between', async () => {
  await fc.assert(
    fc.asyncProperty(steps, faultKinds, async (plan, faults) => {
      const deployment = new Deployment(faults[Symbol.iterator]());
      const again: Step[] = [];
      // Three callers at a time, so that requests of one visitor and of one shard cross.
      for (let start = 0; start < plan.length; start += 3) {
        const together = plan.slice(start, start + 3);
        const answered = await Promise.all(together.map((step) => deployment.send(step)));
        again.push(...together.filter((_, index) => !answered[index]));
      }
      deployment.stopFailing();
      for (const step of again) expect(await deployment.send(step)).toBe(true);
      await deployment.recover();
      expectConsistent(deployment);
      expect(deployment.dynamodb.rows('undelivered')).toEqual([]);
      const sent = plan.flatMap(({ visitor, events }) =>
        events.map(({ id }) => `${VISITORS[visitor]}-${id}`),
      );
      expect(new Set(deployment.dynamodb.rows('likes').map(({ eventId }) => eventId))).toEqual(new Set(sent));
    }),
    { numRuns: 150 },
  );
});
