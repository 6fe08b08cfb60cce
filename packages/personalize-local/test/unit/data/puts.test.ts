// PutEvents, PutItems, PutUsers, PutActions and PutActionInteractions: what is refused, what is stored, what survives.

import { appendFileSync, copyFileSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidData } from '@emotion-gallery/personalize-rules/schemas';
import type { PutEvent } from '../../../src/data';
import {
  actionInteractions,
  actions,
  csv,
  interactionCsv,
  interactions,
  likeOf,
  schema,
  TestGroup,
} from './fixtures';

let group: TestGroup;
beforeEach(async () => {
  group = await TestGroup.open();
});
afterEach(() => group.remove());

const put = (event: Partial<PutEvent>) => group.data.putEvents(likeOf('u1', 'i1', event));
const exported = (type: 'INTERACTIONS' | 'ITEMS' | 'USERS') =>
  [...group.data.exportCsv(type, 'PUT')].join('').trimEnd().split('\n');

describe('events', () => {
  test('are stored with value, impression, recommendation id and columns of one’s own', async () => {
    await put({
      eventValue: 2.5,
      impression: ['a', 'b'],
      recommendationId: 'RID-1',
      properties: '{"device":"phone"}',
    });
    expect(exported('INTERACTIONS')).toEqual([
      'USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE,IMPRESSION,RECOMMENDATION_ID,DEVICE',
      'u1,i1,1650000000,like,2.5,a|b,RID-1,phone',
    ]);
  });

  test('with an item id and value among the properties, as older clients send them, are stored', async () => {
    await put({ itemId: undefined, properties: '{"itemId":"old","eventValue":4}' });
    expect(exported('INTERACTIONS')[1]).toBe('u1,old,1650000000,like,4,,,');
  });

  test('with a number as the item id among the properties are stored under its digits', async () => {
    await put({ itemId: undefined, properties: '{"itemId":42}' });
    expect(exported('INTERACTIONS')[1]).toBe('u1,42,1650000000,like,,,,');
  });

  test('fill a SESSION_ID column from the request, which the properties cannot', async () => {
    await group.data.deleteDataset('INTERACTIONS');
    const withSession = schema('Interactions', [
      ...interactions.fields.slice(0, 4).map(({ name, type }) => ({ name, type })),
      { name: 'SESSION_ID', type: 'string' },
    ]);
    await group.data.ensureDataset('INTERACTIONS', withSession);
    await put({});
    expect(exported('INTERACTIONS')[1]).toBe('u1,i1,1650000000,like,session');
    await expect(put({ properties: '{"sessionId":"x"}' })).rejects.toThrow(
      'may not have the key "sessionId"',
    );
  });

  test('tell the time of the latest of all, bulk or put, also after a restart', async () => {
    expect(group.data.latestInteraction()).toBe(0);
    await put({ sentAt: new Date(1_660_000_000_000) });
    await put({ sentAt: new Date(1_655_000_000_000) });
    expect(group.data.latestInteraction()).toBe(1_660_000_000);
    await group.reopen();
    expect(group.data.latestInteraction()).toBe(1_660_000_000);
    await group.data.deleteUsers(['u1']);
    expect(group.data.latestInteraction()).toBe(0);
    await group.data.importCsv('INTERACTIONS', 'FULL', [csv(interactionCsv())]);
    expect(group.data.latestInteraction()).toBe(1_600_000_999);
  });

  test.each([
    ['no item', { itemId: undefined }, 'itemId is required'],
    ['properties that are no JSON', { properties: '{device' }, 'eventList[0].properties is not valid JSON'],
    ['properties that are a list', { properties: '[]' }, 'must be a JSON object'],
    ['a forbidden key', { properties: '{"UserId":"x"}' }, 'may not have the key "UserId"'],
    ['another forbidden key', { properties: '{"impression":["x"]}' }, 'may not have the key "impression"'],
    ['an unknown key', { properties: '{"colour":"red"}' }, 'the key "colour", which is no column'],
    ['a column name as key', { properties: '{"DEVICE":"x"}' }, 'the key "DEVICE"'],
    ['a wrong type', { properties: '{"device":5}' }, 'properties.device must be a string, not 5'],
    ['too long a category', { properties: `{"device":"${'x'.repeat(1001)}"}` }, 'more than 1000 characters'],
    ['a time in milliseconds', { sentAt: new Date(1.65e15) }, 'looks like milliseconds'],
    ['half a character', { itemId: 'broken \ud800' }, 'is not valid Unicode'],
    ['half a character in the event id', { eventId: '\udc00' }, 'eventId is not valid Unicode'],
    ['no valid time', { sentAt: new Date(Number.NaN) }, 'not a valid time'],
  ])('with %s are refused, and nothing is stored', async (_, event, reason) => {
    await expect(put(event)).rejects.toThrow(InvalidData);
    await expect(put(event)).rejects.toThrow(reason);
    expect(group.data.sizes().INTERACTIONS?.put).toBe(0);
  });

  test('of which one is wrong are all refused', async () => {
    const [good] = likeOf('u1', 'i1').eventList;
    const bad = { ...good, itemId: undefined } as PutEvent;
    await expect(
      group.data.putEvents({ userId: 'u1', sessionId: 's', eventList: [good as PutEvent, bad] }),
    ).rejects.toThrow('eventList[1].itemId');
    expect(group.data.sizes().INTERACTIONS?.put).toBe(0);
  });

  test('without a column that the schema requires are refused', async () => {
    await group.data.deleteDataset('INTERACTIONS');
    const strict = schema('Interactions', [
      ...interactions.fields.slice(0, 4).map(({ name, type }) => ({ name, type })),
      { name: 'LOCATION', type: 'string', categorical: true },
    ]);
    await group.data.ensureDataset('INTERACTIONS', strict);
    await expect(put({})).rejects.toThrow('properties.location is required');
    await put({ properties: '{"location":"here"}' });
  });

  test('with an id that was seen before are acknowledged and not stored, also after a restart', async () => {
    expect(await put({ eventId: 'e1' })).toEqual({ stored: 1, duplicates: 0 });
    expect(await put({ eventId: 'e1', itemId: 'other' })).toEqual({ stored: 0, duplicates: 1 });
    await group.reopen();
    expect(await put({ eventId: 'e1', itemId: 'another' })).toEqual({ stored: 0, duplicates: 1 });
    expect(group.data.userHistory('u1').events).toEqual([
      { itemId: 'i1', timestamp: 1_650_000_000, eventType: 'like' },
    ]);
  });

  test('with the same id in one moment are stored once', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => put({ eventId: 'same' })));
    expect(results.reduce((sum, { stored }) => sum + stored, 0)).toBe(1);
  });

  test('with the session id "null" are acknowledged and dropped', async () => {
    const request = { ...likeOf('u1', 'i1'), sessionId: 'null' };
    expect(await group.data.putEvents(request)).toEqual({ stored: 0, duplicates: 0 });
  });

  test('cannot be put into a group without an interactions dataset', async () => {
    await group.data.deleteDataset('INTERACTIONS');
    await expect(put({})).rejects.toThrow('has no INTERACTIONS dataset');
  });
});

describe('anonymous visitors', () => {
  const anonymous = (itemId: string) => group.data.putEvents(likeOf(undefined, itemId));
  const ids = (userId: string, trainedAt?: number) =>
    group.data.userHistory(userId, { trainedAt }).events.map(({ itemId }) => itemId);

  test('are known by their session id until the next training', async () => {
    await anonymous('a');
    expect(ids('session')).toEqual(['a']);
    expect(ids('session', group.now - 1)).toEqual(['a']);
    expect(ids('session', group.now)).toEqual([]);
  });

  test('are not trained on until an event names the user of their session', async () => {
    await anonymous('a');
    expect(group.data.trainingCounts({}).interactions).toBe(0);
    await group.data.putEvents(likeOf('u1', 'b'));
    expect(group.data.trainingCounts({})).toEqual({ interactions: 2, users: 1, usersWithTwo: 1 });
    expect(group.data.snapshot({}).users.ids).toEqual(['u1']);
  });

  test('become part of the user’s history with the training that merged them, also after a restart', async () => {
    await anonymous('a');
    const arrived = group.now;
    group.now += 60_000;
    await group.data.putEvents(likeOf('u1', 'b'));
    await group.reopen();
    expect(ids('u1', arrived - 1)).toEqual(['b']);
    expect(ids('u1', arrived)).toEqual(['a', 'b']);
  });
});

describe('items and users', () => {
  test('take numbers and booleans as strings, which the service models say they are', async () => {
    const properties = '{"price":"4.5","numberOfRatings":"12","free":"true"}';
    await group.data.putEntities('ITEMS', [{ id: 'i1', properties }]);
    expect(group.data.metadata('ITEMS', 'i1')).toEqual({ PRICE: 4.5, NUMBER_OF_RATINGS: 12, FREE: 'true' });
  });

  test('are replaced by id', async () => {
    await group.data.putEntities('ITEMS', [{ id: 'i1', properties: '{"genres":"drama|comedy","price":3}' }]);
    await group.data.putEntities('ITEMS', [{ id: 'i1', properties: '{"genres":"horror","free":true}' }]);
    expect(group.data.metadata('ITEMS', 'i1')).toEqual({ GENRES: 'horror', FREE: 'true' });
    expect(group.data.sizes().ITEMS).toEqual({ records: 1, bulk: 0, put: 1 });
    await group.reopen();
    expect(group.data.metadata('ITEMS', 'i1')).toEqual({ GENRES: 'horror', FREE: 'true' });
    expect(group.data.hasItem('i1')).toBe(true);
    expect(group.data.hasItem('i2')).toBe(false);
  });

  test.each([
    ['upper-case keys', '{"GENRES":"x"}', 'the key "GENRES", which is no column'],
    ['a fraction in an int', '{"numberOfRatings":1.5}', 'must be a whole number (int)'],
    ['an int beyond 32 bits', '{"numberOfRatings":3000000000}', 'must be a whole number (int)'],
    ['text in a number', '{"price":"abc"}', 'must be a number (float), not "abc"'],
    ['nothing in a number', '{"price":""}', 'must be a number (float), not ""'],
    ['a fraction as text in an int', '{"numberOfRatings":"1.5"}', 'must be a whole number (int), not "1.5"'],
    ['text in a boolean', '{"free":"perhaps"}', 'must be true or false, not "perhaps"'],
    ['milliseconds', '{"creationTimestamp":1650000000000}', 'looks like milliseconds'],
  ])('with %s are refused', async (_, properties, reason) => {
    await expect(group.data.putEntities('ITEMS', [{ id: 'i1', properties }])).rejects.toThrow(reason);
    expect(group.data.metadata('ITEMS', 'i1')).toBeUndefined();
  });

  test('have long texts cut, not refused', async () => {
    const properties = JSON.stringify({ description: 'x'.repeat(20_001) });
    await group.data.putEntities('ITEMS', [{ id: 'i1', properties }]);
    expect(String(group.data.metadata('ITEMS', 'i1')?.DESCRIPTION)).toHaveLength(20_000);
  });

  test('that arrived after a moment are listed as new, with their metadata and time of creation', async () => {
    const start = group.now;
    group.now += 1000;
    await group.data.putEntities('ITEMS', [{ id: 'old', properties: '{"creationTimestamp":5}' }]);
    group.now += 1000;
    await group.data.putEntities('ITEMS', [{ id: 'new', properties: '{"price":1}' }, { id: 'old' }]);
    await group.data.putEvents(likeOf('u1', 'unlisted'));
    expect(group.data.itemsAddedSince(start).map(({ itemId }) => itemId)).toEqual(['old', 'new', 'unlisted']);
    expect(group.data.itemsAddedSince(start + 1000)).toEqual([
      // Nobody has chosen it: it is as young as the latest interaction, whatever the clock shows.
      { itemId: 'new', createdAt: 1_650_000_000, metadata: { PRICE: 1 } },
      { itemId: 'unlisted', createdAt: 1_650_000_000, metadata: {} },
    ]);
  });
});

test('actions and action interactions are stored and counted', async () => {
  await group.data.ensureDataset('ACTIONS', actions);
  await group.data.ensureDataset('ACTION_INTERACTIONS', actionInteractions);
  await group.data.putEntities('ACTIONS', [{ id: 'a1', properties: '{"value":9,"type":"mail"}' }]);
  const entry = {
    actionId: 'a1',
    userId: 'u1',
    sessionId: 's',
    timestamp: new Date(1e12),
    eventType: 'TAKEN',
  };
  await group.data.putActionInteractions([entry, { ...entry, actionId: 'a2', eventId: 'x' }]);
  expect(group.data.actionTrainingCounts({})).toEqual({ interactions: 2, users: 1, usersWithTwo: 1 });
  const snapshot = group.data.snapshot({});
  expect(snapshot.actions?.ids).toEqual(['a1', 'a2']);
  expect(snapshot.actions?.columns.map(({ name }) => name)).toEqual(['VALUE', 'TYPE']);
  expect([...(snapshot.actionInteractions?.item ?? [])]).toEqual([0, 1]);
});

test('a dataset that was deleted is empty when it is made again', async () => {
  await group.data.putEvents(likeOf('u1', 'i1', { eventId: 'e' }));
  await group.data.deleteDataset('INTERACTIONS');
  expect(group.data.hasItem('i1')).toBe(false);
  await group.data.ensureDataset('INTERACTIONS', interactions);
  expect(await put({ eventId: 'e' })).toEqual({ stored: 1, duplicates: 0 });
});

test('new columns of a replaced schema are null in old rows and can be put at once', async () => {
  await group.data.putEntities('USERS', [{ id: 'u1', properties: '{"age":30}' }]);
  const fields = group.data.schemas.get('USERS')?.fields ?? [];
  const grown = schema('Users', [...fields.map(fieldSpec), { name: 'CITY', type: ['null', 'string'] }]);
  await group.data.ensureDataset('USERS', grown);
  await group.data.putEntities('USERS', [{ id: 'u2', properties: '{"city":"Bern"}' }]);
  for (const restarted of [false, true]) {
    if (restarted) await group.reopen();
    expect(group.data.metadata('USERS', 'u1')).toEqual({ AGE: 30 });
    expect(group.data.metadata('USERS', 'u2')).toEqual({ CITY: 'Bern' });
  }
});

const fieldSpec = ({ name, type, nullable, categorical }: (typeof interactions.fields)[number]) => ({
  name,
  type: nullable ? ['null', type] : type,
  categorical,
});

test('killed while a put was being written, the group opens with everything acknowledged', async () => {
  for (let i = 0; i < 5; i++) await put({ itemId: `i${i}`, eventId: `e${i}` });
  const folder = join(group.dir, 'INTERACTIONS');
  const log = join(folder, readdirSync(folder).find((name) => name.endsWith('.log')) as string);
  const acknowledged = readFileSync(log).length;
  await put({ itemId: 'last' });
  truncateSync(log, readFileSync(log).length - 3);
  await group.reopen(false);
  expect(group.data.sizes().INTERACTIONS?.put).toBe(5);
  await put({ itemId: 'after' });
  expect(readFileSync(log).length).toBeGreaterThan(acknowledged);
  await group.reopen();
  expect(group.data.userHistory('u1').events.map(({ itemId }) => itemId)).toEqual([
    'i0',
    'i1',
    'i2',
    'i3',
    'i4',
    'after',
  ]);
});

test('files that an unfinished job left behind are removed on opening', async () => {
  const folder = join(group.dir, 'ITEMS');
  appendFileSync(join(folder, 'bulk-9.table'), 'half');
  copyFileSync(join(folder, 'manifest'), join(folder, 'manifest.new'));
  await group.reopen();
  expect(readdirSync(folder).sort()).toEqual(['manifest', 'put-1.log']);
  expect(group.repairs).toHaveLength(2);
});
