// The rules of Avro schemas, one by one.
import {
  InvalidData,
  parseDatasetType,
  parseSchema,
  propertyName,
  schemaReplacementProblems,
} from '../../src/schemas';
import {
  actionInteractions,
  actions,
  avro,
  type FieldSpec,
  INTERACTION_FIELDS,
  interactions,
  items,
  optional,
  schema,
  users,
} from './schemas';

const problemOf = (json: string, domain?: 'ECOMMERCE' | 'VIDEO_ON_DEMAND'): string => {
  try {
    parseSchema(json, domain);
  } catch (error) {
    if (error instanceof InvalidData) return error.message;
    throw error;
  }
  return 'accepted';
};

const metadata = (count: number): FieldSpec[] =>
  Array.from({ length: count }, (_, i) => ({ name: `M${i}`, type: optional('int') }));

test('schemas of all five dataset types are accepted, with their columns in order', () => {
  expect([interactions, items, users, actions, actionInteractions].map(({ type }) => type)).toEqual([
    'INTERACTIONS',
    'ITEMS',
    'USERS',
    'ACTIONS',
    'ACTION_INTERACTIONS',
  ]);
  expect(users.fields).toEqual([
    expect.objectContaining({ name: 'USER_ID', property: 'userId', type: 'string', nullable: false }),
    expect.objectContaining({ name: 'AGE', property: 'age', type: 'int', nullable: true }),
    expect.objectContaining({ name: 'MEMBERSHIP', property: 'membership', categorical: true }),
  ]);
});

test('the record name of action interactions may be written with or without an underscore', () => {
  expect(schema('ActionInteractions', actionInteractionFields).type).toBe('ACTION_INTERACTIONS');
});

const actionInteractionFields: FieldSpec[] = actionInteractions.fields.map(({ name, type }) => ({
  name,
  type,
}));

test('the version 1.1 of a schema is taken as 1.0 is', () => {
  const { fields } = parseSchema(avro('Interactions', INTERACTION_FIELDS, { version: '1.1' }));
  expect(fields.map(({ name }) => name)).toEqual(['USER_ID', 'ITEM_ID', 'TIMESTAMP']);
});

test.each([
  ['text that is no JSON', '{"type": "record"', 'not valid JSON'],
  ['a list', '[]', 'must be a JSON object'],
  ['an unknown record name', avro('Things', INTERACTION_FIELDS), '"name" must be the dataset type'],
  [
    'another type than record',
    avro('Interactions', INTERACTION_FIELDS, { type: 'map' }),
    '"type" must be "record"',
  ],
  ['another namespace', avro('Interactions', INTERACTION_FIELDS, { namespace: 'x' }), '"namespace" must be'],
  [
    'another version',
    avro('Interactions', INTERACTION_FIELDS, { version: '2.0' }),
    '"version" must be "1.0" or "1.1"',
  ],
  ['no fields', avro('Interactions', []), '"fields" must be a list'],
  [
    'a missing required column',
    avro('Interactions', INTERACTION_FIELDS.slice(0, 2)),
    'Field TIMESTAMP is required',
  ],
  [
    'a nullable id',
    avro('Interactions', [{ name: 'USER_ID', type: optional('string') }, ...INTERACTION_FIELDS.slice(1)]),
    'Field USER_ID must not be nullable',
  ],
  [
    'a timestamp that is no long',
    avro('Interactions', [...INTERACTION_FIELDS.slice(0, 2), { name: 'TIMESTAMP', type: 'string' }]),
    'Field TIMESTAMP must be of type long, not string',
  ],
  [
    'a categorical event type',
    avro('Interactions', [...INTERACTION_FIELDS, { name: 'EVENT_TYPE', type: 'string', categorical: true }]),
    'Field EVENT_TYPE must not be categorical',
  ],
  [
    'an event value that is text',
    avro('Interactions', [...INTERACTION_FIELDS, { name: 'EVENT_VALUE', type: 'string' }]),
    'Field EVENT_VALUE must be of type float or double',
  ],
  [
    'six columns of one’s own in interactions',
    avro('Interactions', [...INTERACTION_FIELDS, ...metadata(6)]),
    'At most 5 metadata fields',
  ],
  [
    'users without metadata',
    avro('Users', [{ name: 'USER_ID', type: 'string' }]),
    'At least one metadata field',
  ],
  [
    'users with nothing but plain text',
    avro('Users', [
      { name: 'USER_ID', type: 'string' },
      { name: 'NAME', type: 'string' },
    ]),
    'At least one metadata field',
  ],
  ['26 user columns', avro('Users', [{ name: 'USER_ID', type: 'string' }, ...metadata(26)]), 'At most 25'],
  ['101 item columns', avro('Items', [{ name: 'ITEM_ID', type: 'string' }, ...metadata(101)]), 'At most 100'],
  [
    '11 action columns',
    avro('Actions', [{ name: 'ACTION_ID', type: 'string' }, ...metadata(11)]),
    'At most 10',
  ],
  [
    'names that differ in underscores only',
    avro('Items', [
      { name: 'ITEM_ID', type: 'string' },
      { name: 'GENRES_FIELD_1', type: 'int' },
      { name: 'GENRESFIELD1', type: 'int' },
    ]),
    'GENRES_FIELD_1 and GENRESFIELD1 have the same name',
  ],
  [
    'an array',
    avro('Items', [
      { name: 'ITEM_ID', type: 'string' },
      { name: 'X', type: { type: 'array', items: 'int' } },
    ]),
    'Arrays, maps and records are not',
  ],
  [
    'two textual columns',
    avro('Items', [
      { name: 'ITEM_ID', type: 'string' },
      { name: 'A', type: 'string', textual: true },
      { name: 'B', type: 'string', textual: true },
    ]),
    'Only one field can be textual',
  ],
  [
    'text among user columns',
    avro('Users', [
      { name: 'USER_ID', type: 'string' },
      { name: 'A', type: 'string', textual: true },
    ]),
    'only for Items',
  ],
  [
    'a categorical number',
    avro('Users', [
      { name: 'USER_ID', type: 'string' },
      { name: 'A', type: 'int', categorical: true },
    ]),
    'only a string can be categorical',
  ],
  [
    'a keyword that is no boolean',
    avro('Users', [
      { name: 'USER_ID', type: 'string' },
      { name: 'A', type: 'string', categorical: 'yes' },
    ]),
    '"categorical" must be true or false',
  ],
  [
    'a column name with a dash',
    avro('Users', [
      { name: 'USER_ID', type: 'string' },
      { name: 'A-B', type: 'int' },
    ]),
    'must be letters, digits and underscores',
  ],
])('a schema with %s is refused with the reason', (_, json, reason) => {
  expect(problemOf(json)).toContain(reason);
});

test('metadata at the limit is accepted', () => {
  expect(problemOf(avro('Users', [{ name: 'USER_ID', type: 'string' }, ...metadata(25)]))).toBe('accepted');
  expect(problemOf(avro('Items', [{ name: 'ITEM_ID', type: 'string' }, ...metadata(100)]))).toBe('accepted');
  expect(problemOf(avro('Interactions', [...INTERACTION_FIELDS, ...metadata(5)]))).toBe('accepted');
});

test('all problems of a schema are named together', () => {
  const text = problemOf(avro('Interactions', INTERACTION_FIELDS, { version: '2', namespace: 'n' }));
  expect(text).toContain('"namespace"');
  expect(text).toContain('"version"');
});

test('domains require their columns', () => {
  const item = (...more: FieldSpec[]) => avro('Items', [{ name: 'ITEM_ID', type: 'string' }, ...more]);
  expect(problemOf(avro('Interactions', INTERACTION_FIELDS), 'ECOMMERCE')).toContain(
    'EVENT_TYPE is required',
  );
  expect(problemOf(item({ name: 'A', type: 'int' }), 'ECOMMERCE')).toMatch(/PRICE is required.*CATEGORY_L1/);
  expect(problemOf(item({ name: 'A', type: 'int' }), 'VIDEO_ON_DEMAND')).toMatch(
    /GENRES.*CREATION_TIMESTAMP/,
  );
  expect(
    problemOf(
      item({ name: 'GENRES', type: 'string' }, { name: 'CREATION_TIMESTAMP', type: 'long' }),
      'VIDEO_ON_DEMAND',
    ),
  ).toContain('GENRES must be categorical');
  expect(
    problemOf(
      item({ name: 'PRICE', type: 'float' }, { name: 'CATEGORY_L1', type: 'string', categorical: true }),
      'ECOMMERCE',
    ),
  ).toBe('accepted');
});

test('dataset types are read in any case, others are refused', () => {
  expect(parseDatasetType('Interactions')).toBe('INTERACTIONS');
  expect(parseDatasetType('action_interactions')).toBe('ACTION_INTERACTIONS');
  expect(() => parseDatasetType('Movies')).toThrow(InvalidData);
});

test('property keys are the camelCase forms of column names', () => {
  expect(propertyName('NUMBER_OF_RATINGS')).toBe('numberOfRatings');
  expect(propertyName('CATEGORY_L1')).toBe('categoryL1');
  expect(propertyName('AGE')).toBe('age');
});

describe('replacing a schema', () => {
  const base: FieldSpec[] = [
    { name: 'USER_ID', type: 'string' },
    { name: 'AGE', type: 'int' },
  ];
  const current = schema('Users', base);

  test('may add nullable columns', () => {
    const next = schema('Users', [...base, { name: 'CITY', type: optional('string'), categorical: true }]);
    expect(schemaReplacementProblems(current, next)).toEqual([]);
  });

  test('may neither drop nor change columns, nor add required ones', () => {
    expect(
      schemaReplacementProblems(current, schema('Users', [base[0] as FieldSpec, { name: 'B', type: 'int' }])),
    ).toEqual(['Field AGE is missing; existing fields must stay.', 'New field B must accept null values.']);
    expect(
      schemaReplacementProblems(
        current,
        schema('Users', [base[0] as FieldSpec, { name: 'AGE', type: 'long' }]),
      ),
    ).toEqual(['Field AGE must keep its type and attributes.']);
  });

  test('is only for Items and Users', () => {
    expect(schemaReplacementProblems(interactions, interactions)[0]).toContain('only Items and Users');
    expect(schemaReplacementProblems(users, items)[0]).toContain('schema for ITEMS');
  });
});
