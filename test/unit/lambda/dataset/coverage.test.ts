// When a dataset may keep the schema that it has.
import { covers } from '../../../../lambda/dataset/coverage';

const id = { name: 'ITEM_ID', type: 'string' };
const mood = { name: 'EMOTION', type: 'string', categorical: true };
const artist = { name: 'ARTIST', type: ['string', 'null'] };
const schema = (...fields: unknown[]) => JSON.stringify({ type: 'record', name: 'Items', fields });

test.each([
  ['the same schema serves', [id, mood], [id, mood], true],
  ['the order of fields does not matter', [mood, id], [id, mood], true],
  ['a further column that accepts null stays empty', [id, mood, artist], [id, mood], true],
  ['a further column that needs a value does not serve', [id, mood], [id], false],
  ['a missing column does not serve', [id, mood], [id, mood, artist], false],
  ['another attribute does not serve', [id, mood], [id, { name: 'EMOTION', type: 'string' }], false],
  ['another type does not serve', [id, artist], [id, { name: 'ARTIST', type: ['null', 'int'] }], false],
  [
    'a column that is no longer to accept null does not serve',
    [id, artist],
    [id, { ...artist, type: 'string' }],
    false,
  ],
])('%s', (_name, current, wanted, expected) => {
  expect(covers(schema(...current), schema(...wanted))).toBe(expected);
});
