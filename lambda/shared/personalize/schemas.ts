// The three schemas of the gallery: what Amazon Personalize learns from.
import { avroSchema } from './avro';

export const interactionsSchema = avroSchema('Interactions', [
  { name: 'USER_ID', type: 'string' },
  { name: 'ITEM_ID', type: 'string' },
  { name: 'TIMESTAMP', type: 'long' },
  { name: 'EVENT_TYPE', type: 'string' },
  { name: 'EVENT_VALUE', type: ['float', 'null'] },
  { name: 'IMPRESSION', type: ['string', 'null'] },
  { name: 'RECOMMENDATION_ID', type: ['string', 'null'] },
]);

export const itemsSchema = avroSchema('Items', [
  { name: 'ITEM_ID', type: 'string' },
  { name: 'CREATION_TIMESTAMP', type: 'long' },
  { name: 'EMOTION', type: 'string', categorical: true },
]);

/** A visitor may come without naming a mood, so the emotion is optional. */
export const usersSchema = avroSchema('Users', [
  { name: 'USER_ID', type: 'string' },
  { name: 'EMOTION', type: ['string', 'null'], categorical: true },
]);
