// Schemas of datasets, as they are after parsing.

export type DatasetType = 'INTERACTIONS' | 'ITEMS' | 'USERS' | 'ACTIONS' | 'ACTION_INTERACTIONS';

export type Domain = 'ECOMMERCE' | 'VIDEO_ON_DEMAND';

export type FieldType = 'string' | 'int' | 'long' | 'float' | 'double' | 'boolean';

/** One column of a dataset, as its Avro schema declares it. */
export interface SchemaField {
  /** As in the schema and the CSV header, for example `NUMBER_OF_RATINGS`. */
  readonly name: string;
  /** As a key of `properties`, for example `numberOfRatings`. */
  readonly property: string;
  readonly type: FieldType;
  /** The union has `null`. */
  readonly nullable: boolean;
  readonly categorical: boolean;
  readonly textual: boolean;
  readonly itemName: boolean;
}

/** A schema that passed every rule of its dataset type and domain. */
export interface DatasetSchema {
  readonly type: DatasetType;
  readonly domain?: Domain;
  /** In the order of the schema. */
  readonly fields: readonly SchemaField[];
}

/** Data or a schema that breaks a documented rule: an InvalidInputException with this message. */
export class InvalidData extends Error {
  override readonly name = 'InvalidData';
}
