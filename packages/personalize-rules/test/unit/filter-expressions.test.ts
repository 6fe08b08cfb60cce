// The filter language: what is accepted, and what an error says and where it points.
import { InvalidFilter, readFilter } from '../../src/filters';
import { actionInteractions, actions, interactions, schema, users } from './schemas';

const items = schema('Items', [
  { name: 'ITEM_ID', type: 'string' },
  { name: 'CREATION_TIMESTAMP', type: 'long' },
  { name: 'CATEGORY', type: 'string', categorical: true },
  { name: 'GENRE', type: 'string', categorical: true },
  { name: 'CATEGORY_L1', type: 'string', categorical: true },
  { name: 'CATEGORY_L2', type: 'string', categorical: true },
  { name: 'PRICE', type: 'float' },
  { name: 'FREE', type: 'boolean' },
  { name: 'DESCRIPTION', type: 'string', textual: true },
  ...Array.from({ length: 12 }, (_, i) => ({ name: `N${i}`, type: 'int' })),
]);
const all = [interactions, items, users, actions, actionInteractions];
const schemas = new Map(all.map((each) => [each.type, each]));

const errorOf = (expression: string): InvalidFilter => {
  try {
    readFilter(expression, schemas);
  } catch (error) {
    if (error instanceof InvalidFilter) return error;
    throw error;
  }
  throw new Error(`accepted: ${expression}`);
};

test.each([
  'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($EVENT_TYPE)',
  'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click", "stream")',
  'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click")',
  'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")',
  'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN (*)',
  'EXCLUDE ItemID WHERE Items.CATEGORY IN ($CATEGORY)',
  'INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE AND Items.GENRE IN CurrentItem.GENRE',
  'EXCLUDE ItemID WHERE Items.CATEGORY_L1 IN ("shoe") AND Items.CATEGORY_L2 NOT IN ("boot")',
  'INCLUDE ItemID WHERE Items.PRICE <= $PRICE',
  'INCLUDE ItemID WHERE Items.CREATION_TIMESTAMP < $DATE',
  'INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE AND Items.CREATION_TIMESTAMP > $DATE',
  'EXCLUDE ItemID WHERE Items.GENRE IN ($GENRE) IF CurrentUser.AGE = $AGE',
  'INCLUDE ItemID WHERE Items.CATEGORY_L1 IN ("watch") AND Items.CATEGORY_L2 IN ("luxury") IF CurrentUser.AGE > 18',
  'INCLUDE ItemID WHERE Items.PRICE != 3 OR Items.PRICE >= 1.5e2 OR Items.PRICE > -1',
  'INCLUDE UserID WHERE Users.MEMBERSHIP IN ($MEMBERSHIP)',
  'EXCLUDE UserID WHERE Users.AGE < $AGE',
  'INCLUDE UserID WHERE Interactions.EVENT_TYPE IN ("click", "rating")',
  'EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("TAKEN")',
  'INCLUDE ActionID WHERE Actions.VALUE > 10 IF CurrentUser.AGE > 18',
  'include itemid where INTERACTIONS.event_type in ("watch") | exclude itemId where items.genre not in ("x")',
  'EXCLUDE ItemID WHERE Items.GENRE IN ("a") IF CurrentUser.AGE > 18 AND CurrentUser.MEMBERSHIP IN ("gold")',
  'INCLUDE ItemID WHERE Items.GENRE IN ("a|b", "say \\"hi\\"")',
])('%s is accepted', (expression) => {
  expect(readFilter(expression, schemas).expression).toBe(expression);
});

test('a compiled filter tells its target, fields, parameters and what it depends on', () => {
  const filter = readFilter(
    'INCLUDE ItemID WHERE Items.GENRE IN ($G, $H) AND Items.PRICE < CurrentItem.PRICE IF CurrentUser.AGE = $AGE | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($G)',
    schemas,
  );
  expect(filter).toMatchObject({
    target: 'ITEM',
    fields: ['ITEMS.GENRE', 'ITEMS.PRICE', 'USERS.AGE', 'INTERACTIONS.EVENT_TYPE'],
    placeholders: ['G', 'H', 'AGE'],
    usesCurrentItem: true,
    usesCurrentUser: true,
    usesInteractions: true,
  });
});

test.each([
  ['', 1, 'expected INCLUDE or EXCLUDE, the expression ends'],
  ['SELECT ItemID', 1, 'expected INCLUDE or EXCLUDE, found "SELECT"'],
  ['INCLUDE Item WHERE', 9, 'expected ItemID, UserID or ActionID, found "Item"'],
  ['INCLUDE ItemID IF', 16, 'expected "WHERE", found "IF"'],
  ['INCLUDE ItemID WHERE Movies.X IN ("a")', 22, 'expected a dataset'],
  ['INCLUDE ItemID WHERE Items GENRE IN ("a")', 28, 'expected ".", found "GENRE"'],
  ['INCLUDE ItemID WHERE Items.5', 28, 'expected a column, found "5"'],
  ['INCLUDE ItemID WHERE Items.GENRE LIKE "a"', 34, 'expected IN, NOT IN or a comparison'],
  ['INCLUDE ItemID WHERE Items.GENRE IN "a"', 37, 'expected "(", found "a"'],
  [
    'INCLUDE ItemID WHERE Items.GENRE IN ()',
    38,
    'expected a value in double quotes or a parameter, found ")"',
  ],
  ['INCLUDE ItemID WHERE Items.GENRE IN ("a" "b")', 42, 'expected "," or ")", found "b"'],
  ['INCLUDE ItemID WHERE Items.GENRE IN ("a"', 41, 'expected "," or ")", the expression ends'],
  ["INCLUDE ItemID WHERE Items.GENRE IN ('a')", 38, 'Texts are written in double quotes'],
  ['INCLUDE ItemID WHERE Items.GENRE IN ("a)', 38, 'not closed by a double quote'],
  ['INCLUDE ItemID WHERE (Items.GENRE IN ("a"))', 22, 'expected a dataset'],
  ['INCLUDE ItemID WHERE Items.GENRE IN ("a") INCLUDE', 43, 'expected AND, OR, IF, "|" or the end'],
  ['INCLUDE ItemID WHERE Items.GENRE IN ("a") AND', 46, 'expected a dataset'],
  ['INCLUDE ItemID WHERE CurrentUser.AGE = 3', 22, 'CurrentUser can only be used in an IF condition'],
  ['INCLUDE ItemID WHERE Items.GENRE IN ("a") IF Items.PRICE > 1', 46, 'expected CurrentUser'],
  [
    'INCLUDE ItemID WHERE Items.GENRE IN ("a") IF CurrentUser.AGE > 1 OR CurrentUser.AGE < 3',
    66,
    'conditions of IF can only be joined by AND',
  ],
  [
    'INCLUDE ItemID WHERE Items.GENRE IN ("a") IF CurrentUser.AGE > 1 IF CurrentUser.AGE < 3',
    66,
    'expected AND, "|" or the end, found "IF"',
  ],
  [
    'INCLUDE ItemID WHERE Items.COLOUR IN ("a")',
    22,
    'the ITEMS dataset has no column COLOUR; it has ITEM_ID',
  ],
  ['INCLUDE ItemID WHERE Items.FREE = 1', 22, 'ITEMS.FREE is a boolean field'],
  ['INCLUDE ItemID WHERE Items.DESCRIPTION IN ("a")', 22, 'ITEMS.DESCRIPTION is a textual field'],
  [
    'INCLUDE ItemID WHERE Interactions.DEVICE IN ("tv")',
    22,
    'interactions can only be filtered by EVENT_TYPE',
  ],
  [
    'INCLUDE ItemID WHERE Items.GENRE IN ("a") AND Interactions.EVENT_TYPE IN ("b")',
    47,
    'can only use the dataset of its first condition (ITEMS)',
  ],
  ['INCLUDE ItemID WHERE Users.AGE > 3', 22, 'ItemID can only be filtered by ITEMS or INTERACTIONS'],
  ['INCLUDE UserID WHERE Items.PRICE > 3', 22, 'UserID can only be filtered by USERS or INTERACTIONS'],
  ['INCLUDE ItemID WHERE Items.GENRE IN ("*")', 38, '"*" can only be used with Interactions.EVENT_TYPE'],
  ['INCLUDE ItemID WHERE Items.GENRE > 3', 22, 'GENRE is a string; > compares numbers only'],
  ['INCLUDE ItemID WHERE Items.PRICE > "dear"', 36, 'PRICE is a number; "dear" is none'],
  ['INCLUDE ItemID WHERE Items.GENRE IN (3)', 38, 'GENRE is a string; write the value in double quotes'],
  ['INCLUDE ItemID WHERE Items.GENRE IN CurrentItem.PRICE', 37, 'a string cannot be compared with a number'],
  [
    'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN CurrentItem.GENRE',
    49,
    'can only be compared with a field of Items',
  ],
  ['INCLUDE UserID WHERE Users.AGE > 3 IF CurrentUser.AGE > 3', 39, 'cannot be used to filter user segments'],
  ['INCLUDE ItemID WHERE Items.PRICE > 3 | INCLUDE UserID WHERE Users.AGE > 3', 40, 'the same kind of id'],
])('%s is refused at character %i', (expression, character, problem) => {
  const error = errorOf(expression);
  expect(error.message).toContain('Could not create filter. Invalid Expression at character');
  expect(error.message).toContain(problem);
  expect(error.character).toBe(character);
});

test('a parameter with NOT IN is refused with the documented text', () => {
  expect(errorOf('EXCLUDE ItemID WHERE Items.GENRE NOT IN ($GENRE)').message).toBe(
    'Could not create filter. Invalid input symbol: $GENRE. Placeholders are not allowed with NOT_IN operator.',
  );
});

test('a dataset that the group does not have is named', () => {
  expect(() => readFilter('INCLUDE ItemID WHERE Items.PRICE > 3', new Map())).toThrow(
    'the dataset group has no ITEMS dataset',
  );
});

test('ten distinct fields are accepted, eleven are not', () => {
  const filter = (count: number) =>
    `INCLUDE ItemID WHERE ${Array.from({ length: count }, (_, i) => `Items.N${i} > 0`).join(' AND ')} AND Items.N0 < 9`;
  expect(readFilter(filter(10), schemas).fields).toHaveLength(10);
  expect(errorOf(filter(11)).message).toContain('11 distinct fields, at most 10');
});

test('2500 characters are accepted, 2501 are not', () => {
  const filter = (length: number) => 'INCLUDE ItemID WHERE Items.PRICE > 3'.padEnd(length);
  expect(readFilter(filter(2500), schemas).fields).toHaveLength(1);
  expect(errorOf(filter(2501)).message).toContain('2501 characters, at most 2500');
});
