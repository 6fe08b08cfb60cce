// What servers on localhost keep on disk: transactional maps, files of checksummed records.
export { batchesOf, turn } from './batches';
export { DamagedFile, RecordLog, readRecord, readRecords, replaceFile, syncFolder } from './record-log';
export { hasStore } from './segments';
export { readStore, Store, type StoreProps } from './store';
export type { Change, ExpiresAt, StoreChange, StoredMap } from './stored-map';
