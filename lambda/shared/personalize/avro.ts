// The Avro schemas that Amazon Personalize accepts, as types: flat records of scalars, with its own field attributes.
// Source: Amazon Personalize Developer Guide, "Creating schema JSON files".

export type AvroScalar = 'string' | 'int' | 'long' | 'float' | 'double' | 'boolean';

export interface AvroField {
  /** The column's name in CSV files; events and records carry the same name in camel case. */
  readonly name: string;
  /** `null` first or last makes the field optional. */
  readonly type: AvroScalar | readonly (AvroScalar | 'null')[];
  /** A string that is trained on as a category; several categories are joined by `|`. @default false */
  readonly categorical?: true;
}

export type DatasetType = 'Interactions' | 'Items' | 'Users';

export interface AvroSchema {
  readonly type: 'record';
  /** The service requires that it is the dataset's type. */
  readonly name: DatasetType;
  readonly namespace: 'com.amazonaws.personalize.schema';
  readonly fields: readonly AvroField[];
  readonly version: '1.0';
}

/** A schema of this dataset type with the attributes that the service wants on all of them. */
export function avroSchema(name: DatasetType, fields: readonly AvroField[]): AvroSchema {
  return { type: 'record', name, namespace: 'com.amazonaws.personalize.schema', fields, version: '1.0' };
}
