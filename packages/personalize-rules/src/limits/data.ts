// Limits of data.

/** Beyond this (the year 5138) a time in seconds is surely one in milliseconds. */
export const MAX_TIMESTAMP_SECONDS = 100_000_000_000;

export const MIN_TRAINING_INTERACTIONS = 1000;
export const MIN_TRAINING_USERS = 25;
/** Share of users that need two interactions. */
export const MIN_TRAINING_SHARE = 0.01;
/** Records in an import job of interactions, in either mode. */
export const MIN_IMPORT_INTERACTIONS = 1000;
/** Bytes of all files of an import job, by its mode, and of a data deletion job. */
export const MAX_IMPORT_BYTES = { FULL: 100 * 1024 ** 3, INCREMENTAL: 1024 ** 3 } as const;
export const MAX_DELETION_BYTES = 100 * 1024 ** 2;
/** Distinct event types and optional columns of an interactions dataset together. */
export const MAX_EVENT_TYPES_AND_COLUMNS = 10;
