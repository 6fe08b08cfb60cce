// The schemas of datasets: what each dataset type requires, parsing with all rules, and what may replace a schema.
export type { Path, Problem } from '../problem';
export {
  parseDatasetType,
  parseSchema,
  propertyName,
  readSchema,
  type SchemaReading,
  schemaReplacementProblems,
} from './schema';
export {
  DATASET_RULES,
  MAX_CATEGORICAL_LENGTH,
  MAX_ID_LENGTH,
  MAX_IMPRESSION_LENGTH,
  MAX_TEXT_LENGTH,
} from './schema-rules';
export * from './types';
