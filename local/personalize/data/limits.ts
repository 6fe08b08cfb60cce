// Limits of data that more than one part checks.

/** Beyond this (the year 5138) a time in seconds is surely one in milliseconds. */
export const MAX_TIMESTAMP_SECONDS = 100_000_000_000;

export const MIN_TRAINING_INTERACTIONS = 1000;
export const MIN_TRAINING_USERS = 25;
/** Share of users that need two interactions. */
export const MIN_TRAINING_SHARE = 0.01;
/** Records in an import job of interactions, in either mode. */
export const MIN_IMPORT_INTERACTIONS = 1000;
