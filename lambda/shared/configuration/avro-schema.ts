// The Avro schema of a dataset as a configuration file spells it out. Checked here so that a wrong field is reported with its
// place before anything is created; Amazon Personalize checks the finer rules again (developer guide, "Creating schema JSON files").
import { z } from 'zod';

export const datasetTypes = ['Interactions', 'Items', 'Users'] as const;
export type DatasetType = (typeof datasetTypes)[number];

const requiredFields: Record<DatasetType, Readonly<Record<string, string>>> = {
  Interactions: { USER_ID: 'string', ITEM_ID: 'string', TIMESTAMP: 'long' },
  Items: { ITEM_ID: 'string' },
  Users: { USER_ID: 'string' },
};

const avroType = z.enum(['string', 'int', 'long', 'float', 'double', 'boolean', 'null']);

const field = z.strictObject({
  name: z
    .string()
    .max(150)
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a field name has letters, digits and underscores'),
  type: z.union([avroType, z.array(avroType).min(1)], {
    error: `allowed types are ${avroType.options.join(', ')}, or a list of them`,
  }),
  categorical: z.boolean().optional(),
  textual: z.boolean().optional(),
  itemName: z.boolean().optional(),
});

export type AvroField = z.output<typeof field>;

/** As text, of CreateSchema (API reference). */
const MAX_SCHEMA_CHARACTERS = 20_000;

/** The schema of one dataset type: what the service requires, nothing nested, no name twice. */
export const avroSchema = (type: DatasetType) =>
  z
    .strictObject({
      type: z.literal('record'),
      name: z.literal(type),
      namespace: z.literal('com.amazonaws.personalize.schema'),
      fields: z.array(field).min(1),
      version: z.literal('1.0'),
    })
    .check((context) => {
      const report = (message: string, path: (string | number)[]) =>
        context.issues.push({ code: 'custom', message, path, input: context.value });
      for (const [name, expected] of Object.entries(requiredFields[type])) {
        const index = context.value.fields.findIndex((candidate) => candidate.name === name);
        if (index < 0) report(`the field ${name} of type ${expected} is missing`, ['fields']);
        else if (context.value.fields[index]?.type !== expected) {
          report(`${name} must be of type ${expected}`, ['fields', index, 'type']);
        }
      }
      // GENRES_1 and GENRES1 are the same name to Amazon Personalize.
      const seen = new Map<string, string>();
      for (const [index, { name }] of context.value.fields.entries()) {
        const plain = name.replaceAll('_', '').toUpperCase();
        const earlier = seen.get(plain);
        if (earlier)
          report(`${name} is the same name as ${earlier}: underscores do not count`, [
            'fields',
            index,
            'name',
          ]);
        seen.set(plain, name);
      }
      const { length } = JSON.stringify(context.value);
      if (length > MAX_SCHEMA_CHARACTERS) {
        report(`the schema has ${length} characters, allowed are ${MAX_SCHEMA_CHARACTERS}`, ['fields']);
      }
      const metadata = context.value.fields.length - Object.keys(requiredFields[type]).length;
      if (type !== 'Interactions' && metadata < 1)
        report('at least one field besides the id is needed', ['fields']);
    });
