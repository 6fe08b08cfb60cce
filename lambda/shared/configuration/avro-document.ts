// The Avro schema of a dataset as a configuration file spells it out, judged by the rules of Amazon Personalize.
import { readSchema } from '@emotion-gallery/personalize-rules/schemas';
import { z } from 'zod';

export const datasetTypes = ['Interactions', 'Items', 'Users', 'Actions', 'Action_Interactions'] as const;
export type DatasetType = (typeof datasetTypes)[number];

/** As the rules call a type. */
export const ruleType = (type: DatasetType) => type.toUpperCase() as Uppercase<DatasetType>;

const scalar = { enum: ['string', 'int', 'long', 'float', 'double', 'boolean', 'null'] };
const flag = { type: 'boolean' };
const text = { type: 'string' };

/** For editors: what a schema looks like. What holds is decided by the rules. */
const shape = {
  type: 'object',
  required: ['type', 'name', 'namespace', 'fields'],
  properties: {
    type: { const: 'record' },
    name: text,
    namespace: { const: 'com.amazonaws.personalize.schema' },
    version: { const: '1.0' },
    fields: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['name', 'type'],
        properties: {
          name: text,
          type: { anyOf: [scalar, { type: 'array', items: scalar }] },
          categorical: flag,
          textual: flag,
          itemName: flag,
        },
      },
    },
  },
};

/** The schema of one dataset type. */
export const avroDocument = (type: DatasetType) =>
  z
    .record(z.string(), z.unknown())
    .meta(shape)
    .check((context) => {
      const { type: found, problems } = readSchema(context.value);
      const isOther = found !== undefined && found !== ruleType(type);
      const other = { path: ['name'], message: `it is the schema of ${found}, not of ${type}` };
      for (const { path, message } of isOther ? [other, ...problems] : problems) {
        context.issues.push({ code: 'custom', message, path: [...path], input: context.value });
      }
    });
