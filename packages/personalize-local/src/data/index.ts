// The datasets of a dataset group: schemas, storage, puts, imports, exports, and what training and runtime read.
export { type CsvLocationOptions, csvFilesAt, readUserIds } from './csv-locations';
export { openDatasetGroup } from './dataset-group';
export { MAX_DELETION_BYTES, MAX_IMPORT_BYTES } from './limits';
export { parseDatasetType, parseSchema, propertyName, schemaReplacementProblems } from './schema';
export { eventTypesProblem, trainingMinimumProblem } from './training-minimum';
export * from './types';
export type { EntityColumns, IdDictionary, InteractionIndex, NumberColumn, StringColumn } from './views';
