// How long things take, in service time. The documentation gives few numbers ("a few minutes"); these are of that order,
// and shorter where a person would only wait.
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** PENDING, for every resource. */
export const PENDING_MS = 5 * SECOND;
export const DATASET_GROUP_MS = 20 * SECOND;
export const DATASET_MS = 15 * SECOND;
export const DATASET_UPDATE_MS = 30 * SECOND;
/** On top of the time that the work itself takes, as for all jobs and trainings. */
export const JOB_MS = 30 * SECOND;
export const EVENT_TRACKER_MS = 15 * SECOND;
export const FILTER_MS = 15 * SECOND;
export const METRIC_ATTRIBUTION_MS = 30 * SECOND;
export const SOLUTION_UPDATE_MS = 10 * SECOND;
export const TRAINING_MS = 2 * MINUTE;
export const STOPPING_MS = 20 * SECOND;
export const CAMPAIGN_MS = 2 * MINUTE;
export const RECOMMENDER_MS = 3 * MINUTE;
export const DELETION_MS = 20 * SECOND;

/** "Within one hour" of the solution becoming active. */
export const FIRST_AUTO_TRAINING_MS = 60 * MINUTE;
export const DAY_MS = 24 * 60 * MINUTE;
/** New items join the models that explore. */
export const AUTO_UPDATE_MS = 120 * MINUTE;
