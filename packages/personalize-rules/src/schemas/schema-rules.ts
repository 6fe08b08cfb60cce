// Which columns each dataset type requires and reserves, and how many columns of one's own it may have.
// Source: Amazon Personalize developer guide, "Schemas" and the pages of the dataset types.
import type { DatasetType, Domain, FieldType } from './types';

export interface ColumnRule {
  readonly name: string;
  readonly types: readonly FieldType[];
  readonly nullable: boolean;
  /** Set where the keyword is prescribed one way or the other. */
  readonly categorical?: boolean;
}

export interface DatasetRules {
  /** The record's `name` in the Avro schema; compared without case and underscores. */
  readonly recordName: string;
  /** The column that identifies a row; undefined for interactions. */
  readonly idColumn?: string;
  readonly required: readonly ColumnRule[];
  readonly reserved: readonly ColumnRule[];
  readonly maxMetadata: number;
  readonly needsMetadata: boolean;
  readonly allowsTextual: boolean;
}

const id = (name: string): ColumnRule => ({ name, types: ['string'], nullable: false, categorical: false });
const timestamp: ColumnRule = { name: 'TIMESTAMP', types: ['long'], nullable: false };
const eventType: ColumnRule = { name: 'EVENT_TYPE', types: ['string'], nullable: false, categorical: false };
const optionalText = (name: string): ColumnRule => ({
  name,
  types: ['string'],
  nullable: true,
  categorical: false,
});
const optionalLong = (name: string): ColumnRule => ({ name, types: ['long'], nullable: true });

export const DATASET_RULES: Readonly<Record<DatasetType, DatasetRules>> = {
  INTERACTIONS: {
    recordName: 'Interactions',
    required: [id('USER_ID'), id('ITEM_ID'), timestamp],
    reserved: [
      eventType,
      { name: 'EVENT_VALUE', types: ['float', 'double'], nullable: true },
      optionalText('IMPRESSION'),
      optionalText('RECOMMENDATION_ID'),
      optionalText('EVENT_ATTRIBUTION_SOURCE'),
    ],
    maxMetadata: 5,
    needsMetadata: false,
    allowsTextual: false,
  },
  USERS: {
    recordName: 'Users',
    idColumn: 'USER_ID',
    required: [id('USER_ID')],
    reserved: [],
    maxMetadata: 25,
    needsMetadata: true,
    allowsTextual: false,
  },
  ITEMS: {
    recordName: 'Items',
    idColumn: 'ITEM_ID',
    required: [id('ITEM_ID')],
    reserved: [optionalLong('CREATION_TIMESTAMP')],
    maxMetadata: 100,
    needsMetadata: true,
    allowsTextual: true,
  },
  ACTIONS: {
    recordName: 'Actions',
    idColumn: 'ACTION_ID',
    required: [id('ACTION_ID')],
    reserved: [
      optionalLong('CREATION_TIMESTAMP'),
      { name: 'VALUE', types: ['int', 'long', 'float', 'double'], nullable: true },
      { name: 'TYPE', types: ['string'], nullable: true },
      optionalLong('ACTION_EXPIRATION_TIMESTAMP'),
      optionalLong('EXPIRATION_TIMESTAMP'),
      optionalLong('REPEAT_FREQUENCY'),
    ],
    maxMetadata: 10,
    needsMetadata: true,
    allowsTextual: false,
  },
  ACTION_INTERACTIONS: {
    recordName: 'Action_Interactions',
    required: [id('USER_ID'), id('ACTION_ID'), eventType, timestamp],
    reserved: [optionalText('IMPRESSION'), optionalText('RECOMMENDATION_ID')],
    maxMetadata: 5,
    needsMetadata: false,
    allowsTextual: false,
  },
};

/** Columns that a domain's datasets must have on top. */
export const DOMAIN_COLUMNS: Readonly<Record<Domain, Partial<Record<DatasetType, readonly ColumnRule[]>>>> = {
  VIDEO_ON_DEMAND: {
    INTERACTIONS: [eventType],
    ITEMS: [
      { name: 'GENRES', types: ['string'], nullable: true, categorical: true },
      { name: 'CREATION_TIMESTAMP', types: ['long'], nullable: false },
    ],
  },
  ECOMMERCE: {
    INTERACTIONS: [eventType],
    ITEMS: [
      { name: 'PRICE', types: ['float'], nullable: true },
      { name: 'CATEGORY_L1', types: ['string'], nullable: true, categorical: true },
    ],
  },
};

export const MAX_ID_LENGTH = 256;
export const MAX_CATEGORICAL_LENGTH = 1000;
export const MAX_IMPRESSION_LENGTH = 1000;
/** Longer text is cut, not refused. */
export const MAX_TEXT_LENGTH = 20_000;
