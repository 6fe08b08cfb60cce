// What filters let through, on a small gallery of items, users and actions.
import { InvalidFilterValues } from '@emotion-gallery/personalize-rules/filters';
import { compileFilter, type FilterRequest } from '../../../src/filters';
import { actionInteractions, actions, csv, interactions, items, TestGroup, users } from '../data/fixtures';

let group: TestGroup;

const like = (userId: string, itemId: string, eventType = 'like', at = 1000) =>
  group.data.putEvents({
    userId,
    sessionId: userId,
    eventList: [{ eventType, itemId, sentAt: new Date(at * 1000) }],
  });

beforeAll(async () => {
  group = await TestGroup.open(interactions, items, users, actions, actionInteractions);
  const rows = [
    'ITEM_ID,GENRES,PRICE,CREATION_TIMESTAMP',
    'a,drama,10,100',
    'b,drama|comedy,20,200',
    'c,comedy,30,300',
    'd,Drama,40,400',
    'e,,,',
  ];
  await group.data.importCsv('ITEMS', 'FULL', [csv(rows.join('\n'))]);
  await group.data.putEntities('USERS', [
    { id: 'old', properties: '{"age":40,"membership":"gold"}' },
    { id: 'young', properties: '{"age":12}' },
  ]);
  await like('old', 'a');
  await like('old', 'b', 'Click');
  await like('young', 'only-events', 'click');
  await group.data.putEntities('ACTIONS', [
    { id: 'x', properties: '{"value":1}' },
    { id: 'y', properties: '{"value":5}' },
  ]);
  await group.data.putActionInteractions([
    { actionId: 'x', userId: 'old', sessionId: 's', timestamp: new Date(1e12), eventType: 'TAKEN' },
  ]);
});
afterAll(() => group.remove());

const allowed = (expression: string, request: Omit<FilterRequest, 'data'> = {}): string => {
  const set = compileFilter(expression, group.data.schemas).evaluate({ data: group.data, ...request });
  const ids = [...set.ids()];
  expect(ids.every((id) => set.has(id))).toBe(true);
  return ids.sort().join(' ');
};
const EVERYTHING = 'a b c d e only-events';

test.each([
  ['INCLUDE ItemID WHERE Items.GENRES IN ("drama")', 'a b'],
  ['EXCLUDE ItemID WHERE Items.GENRES IN ("drama")', 'c d e only-events'],
  ['INCLUDE ItemID WHERE Items.GENRES IN ("drama|comedy")', 'b'],
  ['INCLUDE ItemID WHERE Items.GENRES NOT IN ("drama")', 'c d e only-events'],
  [
    'EXCLUDE ItemID WHERE Items.GENRES IN ("drama") AND Items.GENRES NOT IN ("comedy")',
    'b c d e only-events',
  ],
  ['INCLUDE ItemID WHERE Items.PRICE <= 20', 'a b'],
  ['INCLUDE ItemID WHERE Items.PRICE < 20 OR Items.PRICE > 30', 'a d'],
  ['INCLUDE ItemID WHERE Items.PRICE != 20', 'a c d'],
  ['INCLUDE ItemID WHERE Items.PRICE = 10 OR Items.GENRES IN ("comedy") AND Items.PRICE > 25', 'a c'],
  ['INCLUDE ItemID WHERE Items.ITEM_ID IN ("a", "e")', 'a e'],
  ['INCLUDE ItemID WHERE Items.PRICE IN (10, "30")', 'a c'],
  ['INCLUDE ItemID WHERE Items.GENRES IN ("drama") | INCLUDE ItemID WHERE Items.PRICE > 35', 'a b d'],
  ['EXCLUDE ItemID WHERE Items.PRICE > 25 | INCLUDE ItemID WHERE Items.GENRES IN ("comedy")', 'b'],
  ['EXCLUDE ItemID WHERE Items.PRICE > 25 | EXCLUDE ItemID WHERE Items.PRICE < 15', 'b e only-events'],
  ['INCLUDE ItemID WHERE Items.GENRES IN ("none")', ''],
])('%s', (expression, ids) => {
  expect(allowed(expression)).toBe(ids);
});

test('interactions are those of the user, event types are compared without case, others’ do not matter', () => {
  const excluding = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("LIKE")';
  expect(allowed(excluding, { userId: 'old' })).toBe('b c d e only-events');
  expect(allowed(excluding, { userId: 'young' })).toBe(EVERYTHING);
  expect(allowed(excluding)).toBe(EVERYTHING);
  expect(allowed('INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click")', { userId: 'old' })).toBe('b');
  expect(allowed('INCLUDE ItemID WHERE Interactions.EVENT_TYPE NOT IN ("click")', { userId: 'old' })).toBe(
    'a',
  );
  expect(allowed('EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")', { userId: 'old' })).toBe(
    'c d e only-events',
  );
});

test('an IF condition decides whether its expression applies', () => {
  const expression = 'INCLUDE ItemID WHERE Items.GENRES IN ("drama") IF CurrentUser.AGE > 18';
  expect(allowed(expression, { userId: 'old' })).toBe('a b');
  expect(allowed(expression, { userId: 'young' })).toBe(EVERYTHING);
  expect(allowed(expression, { userId: 'stranger' })).toBe(EVERYTHING);
  const both = `${expression} AND CurrentUser.MEMBERSHIP IN ("gold")`;
  expect(allowed(both, { userId: 'old' })).toBe('a b');
  expect(allowed(both.replace('gold', 'silver'), { userId: 'old' })).toBe(EVERYTHING);
});

test('CurrentItem is the item of the request', () => {
  const cheaper = 'INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE';
  expect(allowed(cheaper, { itemId: 'c' })).toBe('a b');
  expect(allowed(cheaper, { itemId: 'e' })).toBe('');
  expect(allowed('INCLUDE ItemID WHERE Items.GENRES IN CurrentItem.GENRES', { itemId: 'b' })).toBe('a b c');
  expect(() => allowed(cheaper)).toThrow('the request needs an itemId');
});

describe('parameters', () => {
  const include = 'INCLUDE ItemID WHERE Items.GENRES IN ($GENRE)';

  test('take texts in double quotes, several separated by commas, and numbers', () => {
    expect(allowed(include, { values: { GENRE: '"drama"' } })).toBe('a b');
    expect(allowed(include, { values: { GENRE: '"drama", "comedy"' } })).toBe('a b c');
    expect(allowed(include, { values: { GENRE: '"a, \\"b\\""' } })).toBe('');
    const price = 'INCLUDE ItemID WHERE Items.PRICE <= $PRICE';
    expect(allowed(price, { values: { PRICE: '20' } })).toBe('a b');
    expect(allowed(price, { values: { PRICE: '"20"' } })).toBe('a b');
  });

  test.each([
    ['unquoted text', 'drama'],
    ['an unclosed quote', '"drama'],
    ['nothing between commas', '"drama",,"comedy"'],
    ['nothing', ''],
    ['text after a quote', '"drama" x'],
  ])('with %s are refused', (_, value) => {
    expect(() => allowed(include, { values: { GENRE: value } })).toThrow(InvalidFilterValues);
  });

  test('of numbers refuse texts and lists', () => {
    const price = 'INCLUDE ItemID WHERE Items.PRICE <= $PRICE';
    expect(() => allowed(price, { values: { PRICE: '"cheap"' } })).toThrow('must be a number');
    expect(() => allowed(price, { values: { PRICE: '1,2' } })).toThrow('must be one value');
  });

  test('must all be given for INCLUDE; names are compared with case', () => {
    expect(() => allowed(include, { values: { genre: '"drama"' } })).toThrow('the parameter GENRE');
  });

  test('that are left out of an EXCLUDE leave its conditions out', () => {
    const exclude = 'EXCLUDE ItemID WHERE Items.GENRES IN ($GENRE)';
    expect(allowed(exclude)).toBe(EVERYTHING);
    expect(allowed(`${exclude} OR Items.PRICE > 35`)).toBe('a b c e only-events');
    expect(allowed(`${exclude} IF CurrentUser.AGE = $AGE`, { values: { GENRE: '"drama"' } })).toBe(
      EVERYTHING,
    );
  });

  test('can stand for event types, any of them included', () => {
    const expression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($TYPE)';
    expect(allowed(expression, { userId: 'old', values: { TYPE: '"click"' } })).toBe('a c d e only-events');
    expect(allowed(expression, { userId: 'old', values: { TYPE: '"*"' } })).toBe('c d e only-events');
  });
});

test('users are filtered by their metadata and by what they did', () => {
  expect(allowed('INCLUDE UserID WHERE Users.MEMBERSHIP IN ("gold")')).toBe('old');
  expect(allowed('EXCLUDE UserID WHERE Users.AGE < 18')).toBe('old');
  expect(allowed('INCLUDE UserID WHERE Interactions.EVENT_TYPE IN ("click")')).toBe('old young');
  expect(allowed('EXCLUDE UserID WHERE Interactions.EVENT_TYPE IN ("like")')).toBe('young');
});

test('actions are filtered by their metadata and by what the user did', () => {
  expect(allowed('INCLUDE ActionID WHERE Actions.VALUE > 3')).toBe('y');
  const taken = 'EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("taken")';
  expect(allowed(taken, { userId: 'old' })).toBe('y');
});

test('ids that the dataset group does not know pass an EXCLUDE and not an INCLUDE', () => {
  const has = (expression: string) =>
    compileFilter(expression, group.data.schemas).evaluate({ data: group.data }).has('unknown');
  expect(has('EXCLUDE ItemID WHERE Items.GENRES IN ("drama")')).toBe(true);
  expect(has('INCLUDE ItemID WHERE Items.GENRES IN ("drama")')).toBe(false);
});

test('only the latest 100 interactions of each event type are looked at', async () => {
  for (let i = 0; i < 101; i++) await like('busy', `item-${i}`, 'view', 1000 + i);
  await like('busy', 'bought', 'buy', 1);
  const expression = 'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")';
  const set = compileFilter(expression, group.data.schemas).evaluate({ data: group.data, userId: 'busy' });
  expect(set.has('item-0')).toBe(false);
  expect(set.has('item-1')).toBe(true);
  expect(set.has('item-100')).toBe(true);
  expect(set.has('bought')).toBe(true);
});

test('a user of whom nothing arrived for three months is forgotten', () => {
  const expression = 'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("like")';
  expect(allowed(expression, { userId: 'old' })).toBe('a');
  group.now += 91 * 24 * 3600 * 1000;
  expect(allowed(expression, { userId: 'old' })).toBe('');
  group.now -= 91 * 24 * 3600 * 1000;
});

test('what was put is seen by the next evaluation', async () => {
  const expression = 'INCLUDE ItemID WHERE Items.GENRES IN ("fresh")';
  expect(allowed(expression)).toBe('');
  await group.data.putEntities('ITEMS', [{ id: 'brand-new', properties: '{"genres":"x|fresh"}' }]);
  expect(allowed(expression)).toBe('brand-new');
});
