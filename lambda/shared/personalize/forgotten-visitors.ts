// Where it is written down that Amazon Personalize is to forget somebody: files of the bucket, which its data deletion jobs read.

/** A file for each visitor who is to be forgotten. */
export const WAITING_PREFIX = 'personalize/forget/waiting/';

/** A file for each job, named like it: the ids of those whom it deletes. */
export const JOBS_PREFIX = 'personalize/forget/jobs/';

/** https://docs.aws.amazon.com/personalize/latest/dg/delete-records.html */
export const csvOf = (visitorIds: readonly string[]): string => `USER_ID\n${visitorIds.join('\n')}\n`;
