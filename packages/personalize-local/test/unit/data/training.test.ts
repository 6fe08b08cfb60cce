// What a training gets to see, the documented minimum, and a user's history.
import { eventTypesProblem, trainingMinimumProblem } from '@emotion-gallery/personalize-rules/limits';
import type { CategoricalColumn } from '../../../src/model/recipe';
import { csv, HEADER, interactionCsv, interactionRows, likeOf, TestGroup } from './fixtures';

let group: TestGroup;
beforeEach(async () => {
  group = await TestGroup.open();
});
afterEach(() => group.remove());

const event = (userId: string, itemId: string, eventType: string, at: number, eventValue?: number) =>
  group.data.putEvents({
    userId,
    sessionId: 's',
    eventList: [
      { eventType, itemId, sentAt: new Date(at * 1000), eventValue, properties: '{"device":"tv"}' },
    ],
  });

describe('the training minimum', () => {
  const counts = { interactions: 1000, users: 2500, usersWithTwo: 25 };

  test('is met at its edge', () => {
    expect(trainingMinimumProblem(counts)).toBeUndefined();
  });

  test.each([
    [{ ...counts, interactions: 999 }, 'Create failed. Dataset has fewer than 1000 interactions.'],
    [
      { ...counts, usersWithTwo: 24 },
      'Create failed. Dataset has fewer than 25 users with at least 2 interactions each.',
    ],
    [
      { ...counts, users: 2501 },
      'Create failed. Fewer than 1 % of the users in the dataset have at least 2 interactions each.',
    ],
  ])('is missed by %j', (missed, text) => {
    expect(trainingMinimumProblem(missed)).toBe(text);
  });

  test('names the event type that was filtered by', () => {
    expect(trainingMinimumProblem({ ...counts, interactions: 1 }, 'buy')).toContain(
      'fewer than 1000 interactions after filtering by event type: buy',
    );
  });
});

test("event types and columns of one's own are ten together at most", async () => {
  const types = Array.from({ length: 9 }, (_, i) => `type-${i}`);
  for (const [i, type] of types.entries()) await event('u1', 'a', type, i);
  const schema = group.data.schemas.get('INTERACTIONS');
  if (!schema) throw new Error('no schema');
  expect([...group.data.eventTypes()].sort()).toEqual(types);
  expect(eventTypesProblem(schema, types)).toBeUndefined();
  expect(eventTypesProblem(schema, [...types, 'one more'])).toBe(
    'Create failed. The Interactions dataset has 10 distinct event types and 1 optional columns; together they may be up to 10.',
  );
});

test('interactions are counted after the filters for event type and value', async () => {
  await event('u1', 'a', 'like', 1, 1);
  await event('u1', 'b', 'like', 2, 3);
  await event('u2', 'a', 'buy', 3, 5);
  await event('u2', 'b', 'like', 4);
  const interactions = (selection: Parameters<typeof group.data.trainingCounts>[0]) =>
    group.data.trainingCounts(selection).interactions;
  expect(interactions({})).toBe(4);
  expect(interactions({ eventType: 'like' })).toBe(3);
  expect(interactions({ eventType: 'Like' })).toBe(0);
  expect(interactions({ eventType: 'like', eventValueThreshold: 3 })).toBe(1);
  expect(
    interactions({ events: [{ eventType: 'like', eventValueThreshold: 2 }, { eventType: 'buy' }] }),
  ).toBe(2);
  expect(group.data.trainingCounts({ eventType: 'like' })).toEqual({
    interactions: 3,
    users: 2,
    usersWithTwo: 1,
  });
});

test('an event that was imported and sent with the same content is one interaction', async () => {
  await group.data.importCsv('INTERACTIONS', 'FULL', [csv(interactionCsv())]);
  const [user, item, time] = (interactionRows(1)[0] as string).split(',') as [string, string, string];
  const sent = { eventType: 'like', itemId: item, sentAt: new Date(Number(time) * 1000), eventValue: 0 };
  await group.data.putEvents({ userId: user, sessionId: 's', eventList: [sent] });
  expect(group.data.trainingCounts({}).interactions).toBe(1000);
});

test('a snapshot numbers the users and items of all datasets and has the filtered interactions', async () => {
  await group.data.putEntities('USERS', [{ id: 'quiet', properties: '{"membership":"gold","age":40}' }]);
  await group.data.putEntities('ITEMS', [
    { id: 'unseen', properties: '{"genres":"drama|war","title":"T","description":"long","free":true}' },
  ]);
  await event('u1', 'a', 'like', 100, 2);
  await event('u1', 'b', 'view', 200);
  const snapshot = group.data.snapshot({ eventType: 'like' });
  expect(snapshot.users.ids).toEqual(['quiet', 'u1']);
  expect(snapshot.items.ids).toEqual(['unseen', 'a', 'b']);
  const { interactions } = snapshot;
  expect([...interactions.user]).toEqual([1]);
  expect([...interactions.item]).toEqual([1]);
  expect([...interactions.timestamp]).toEqual([100]);
  expect(interactions.eventTypes).toEqual(['like']);
  expect([...interactions.value]).toEqual([2]);
  expect(interactions.columns).toEqual([
    { kind: 'categorical', name: 'DEVICE', values: ['tv'], codes: Int32Array.of(0) },
  ]);
  expect(snapshot.users.columns.map(({ name }) => name)).toEqual(['AGE', 'MEMBERSHIP']);
  const genres = snapshot.items.columns[0] as CategoricalColumn;
  expect(genres).toEqual({
    kind: 'categorical',
    name: 'GENRES',
    values: ['drama|war'],
    codes: Int32Array.of(0, -1, -1),
  });
});

test('plain strings and booleans are not trained on; texts are', async () => {
  const names = group.data.snapshot({}).items.columns.map(({ name, kind }) => `${name} ${kind}`);
  expect(names).toEqual([
    'GENRES categorical',
    'PRICE numeric',
    'NUMBER_OF_RATINGS numeric',
    'DESCRIPTION textual',
  ]);
});

test('excluded columns are left out, and where included ones are named, all others', () => {
  const names = (selection: object) => group.data.snapshot(selection).items.columns.map(({ name }) => name);
  expect(names({ excludedColumns: { ITEMS: ['PRICE', 'DESCRIPTION'] } })).toEqual([
    'GENRES',
    'NUMBER_OF_RATINGS',
  ]);
  expect(names({ includedColumns: { ITEMS: ['PRICE'], USERS: [] } })).toEqual(['PRICE']);
});

test('a missing creation time is the oldest interaction, or without any the newest of the training', async () => {
  await group.data.putEntities('ITEMS', [
    { id: 'declared', properties: '{"creationTimestamp":7}' },
    { id: 'new', properties: '{}' },
  ]);
  await event('u1', 'declared', 'like', 500);
  await event('u1', 'seen', 'like', 400);
  await event('u2', 'seen', 'like', 300);
  const { items, itemCreatedAt } = group.data.snapshot({});
  expect(Object.fromEntries(items.ids.map((id, i) => [id, itemCreatedAt[i]]))).toEqual({
    declared: 7,
    new: 500,
    seen: 300,
  });
});

test('a history has imported and sent events, oldest first, the most recent ones of some types', async () => {
  await group.data.importCsv('INTERACTIONS', 'FULL', [csv(interactionCsv(1000, 50))]);
  await event('u0', 'later', 'buy', 1_700_000_000);
  await event('u0', 'early', 'like', 1_500_000_000);
  const { events } = group.data.userHistory('u0');
  expect(events).toHaveLength(22);
  expect(events[0]?.itemId).toBe('early');
  expect(events.at(-1)).toEqual({ itemId: 'later', timestamp: 1_700_000_000, eventType: 'buy' });
  expect(group.data.userHistory('u0', { limit: 2 }).events.map(({ itemId }) => itemId)).toEqual([
    events[20]?.itemId,
    'later',
  ]);
  expect(group.data.userHistory('u0', { eventTypes: ['buy'] }).events).toHaveLength(1);
  expect(group.data.userHistory('nobody')).toEqual({ userId: 'nobody', events: [] });
});

test('a history carries the user’s metadata', async () => {
  await group.data.putEntities('USERS', [{ id: 'u1', properties: '{"age":30,"membership":"gold"}' }]);
  expect(group.data.userHistory('u1').metadata).toEqual({ AGE: 30, MEMBERSHIP: 'gold' });
});

test('arrivals tell when each dataset last changed, and the version that it did', async () => {
  expect(group.data.arrivals()).toEqual({ latest: {} });
  const { version } = group.data;
  await group.data.putEvents(likeOf('u', 'i'));
  group.now += 5000;
  await group.data.importCsv('INTERACTIONS', 'FULL', [csv([HEADER, ...interactionRows(1000)].join('\n'))]);
  expect(group.data.arrivals()).toEqual({ latest: { INTERACTIONS: group.now } });
  expect(group.data.version).toBeGreaterThan(version);
});
