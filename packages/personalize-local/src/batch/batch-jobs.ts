// What the creation of batch inference and batch segment jobs has in common.
import { MOST_BATCH_JOBS_UNDER_WAY, TOO_MANY_UNDER_WAY } from '@emotion-gallery/personalize-rules/limits';
import { invalidInput } from '../protocol/errors';
import type { Context } from '../resources/context';
import { findResource, isUnderWay, requireNewArn, requireRoom } from '../resources/lookup';

interface Wanted {
  readonly jobName: string;
  readonly numResults: number;
  readonly filterArn?: string;
}

/**
 * The ARN of a job that may be created.
 *
 * @throws PersonalizeError InvalidInputException, ResourceNotFoundException, ResourceAlreadyExistsException, LimitExceededException
 */
export function admitBatchJob(
  context: Context,
  kind: 'batch-inference-job' | 'batch-segment-job',
  { jobName, numResults, filterArn }: Wanted,
  mostResults: number,
): string {
  if (numResults < 1 || numResults > mostResults) {
    throw invalidInput(`numResults must be from 1 to ${mostResults}, got ${numResults}.`);
  }
  if (filterArn !== undefined) findResource(context, 'filter', filterArn);
  const arn = context.arns.of(kind, jobName);
  requireNewArn(context, arn);
  const underWay = context.store.all(kind).filter(({ status }) => isUnderWay(status)).length;
  requireRoom(context, underWay, MOST_BATCH_JOBS_UNDER_WAY, TOO_MANY_UNDER_WAY(MOST_BATCH_JOBS_UNDER_WAY));
  return arn;
}
