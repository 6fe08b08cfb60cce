// Limits on resources, and rates. Source: Amazon Personalize endpoints and quotas (AWS General Reference) and the guide's
// page "Amazon Personalize endpoints and quotas"; where they disagree, the Service Quotas value.

export const MOST_SCHEMAS = 500;
export const MOST_DATASET_GROUPS = 5;
export const MOST_IMPORT_JOBS_UNDER_WAY = 5;
export const MOST_BATCH_JOBS_UNDER_WAY = 5;
export const MOST_DELETION_JOBS_PENDING = 5;
export const MOST_TRAININGS_UNDER_WAY = 20;
export const MOST_SOLUTIONS = 20;
export const MOST_CAMPAIGNS = 5;
export const MOST_RECOMMENDERS = 5;
export const MOST_FILTERS = 30;
export const MOST_FILTER_FIELDS = 20;
export const MOST_METRICS = 10;

/** Requests a second. */
export const CONTROL_PLANE_RATE = 1;
export const PUT_EVENTS_RATE = 1000;
export const PUT_ENTITIES_RATE = 10;
export const RECOMMENDATIONS_RATE = 500;
export const RECOMMENDATIONS_ACCOUNT_RATE = 2500;

export const TOO_MANY_UNDER_WAY = (limit: number) =>
  `More than ${limit} resources with PENDING or IN_PROGRESS status.`;

/** The documented text for campaigns, of which the others differ in the noun only. */
export const TOO_MANY_ACTIVE = (what: string, limit: number) =>
  `Cannot create a ${what}. More than ${limit} resources in ACTIVE state. Please delete some and try again.`;
