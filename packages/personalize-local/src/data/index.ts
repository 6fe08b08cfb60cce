// The datasets of a dataset group: schemas, storage, puts, imports, exports, and what training and runtime read.
export { type CsvLocationOptions, csvFilesAt, readUserIds } from './csv-locations';
export { openDatasetGroup } from './dataset-group';
export * from './types';
export type { EntityColumns, IdDictionary, InteractionIndex, NumberColumn, StringColumn } from './views';
