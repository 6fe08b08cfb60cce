// The steps that all operations share: finding, making and changing records.
import { alreadyExists, inUse, limitExceeded, notFound, PersonalizeError } from '../protocol/errors';
import type { AnyRecord, Kind, RecordOf, Tag } from '../state/records';
import type { Context } from './context';

/** Most tags that a resource may have. */
export const MOST_TAGS = 50;

/** Of a dataset group as recorded in 2024, of the others as reported. */
const missing = (kind: Kind, arn: string): PersonalizeError =>
  notFound(
    kind === 'dataset-group'
      ? `The given dataset group does not exist: ${arn}`
      : `Resource Arn ${arn} does not exist.`,
  );

/** @throws PersonalizeError ResourceNotFoundException */
export function findResource<K extends Kind>(context: Context, kind: K, arn: string): RecordOf<K> {
  const record = context.store.get(kind, arn);
  if (!record) throw missing(kind, arn);
  return record;
}

/** @throws PersonalizeError ResourceInUseException unless the resource has one of these statuses. */
export function requireStatus(
  record: { readonly arn: string; readonly status: string },
  statuses: readonly string[],
  purpose: string,
): void {
  if (statuses.includes(record.status)) return;
  throw inUse(
    `${record.arn} is in status ${record.status}; to ${purpose} it must be ${statuses.join(' or ')}.`,
  );
}

/** @throws PersonalizeError ResourceAlreadyExistsException */
export function requireNewArn(context: Context, arn: string): void {
  if (context.store.find(arn)) {
    throw alreadyExists(`Another resource with Arn ${arn} already exists. Please choose a different name.`);
  }
}

/** @throws PersonalizeError LimitExceededException when `count` has reached `limit` and quotas hold. */
export function requireRoom(context: Context, count: number, limit: number, message: string): void {
  if (context.quotas && count >= limit) throw limitExceeded(message);
}

/** The members that every record starts with. @throws PersonalizeError TooManyTagsException */
export function newRecord<K extends Kind>(context: Context, kind: K, arn: string, tags: readonly Tag[] = []) {
  if (tags.length > MOST_TAGS) throw tooManyTags(tags.length);
  const now = context.clock.now();
  return {
    kind,
    arn,
    sequence: context.store.sequence(),
    creationDateTime: now,
    lastUpdatedDateTime: now,
    tags: uniqueTags(tags),
  };
}

export function tooManyTags(count: number): PersonalizeError {
  return new PersonalizeError(
    'TooManyTagsException',
    `a resource can have up to ${MOST_TAGS} tags, this request would make ${count}.`,
  );
}

/** The last value of a key counts. */
export function uniqueTags(tags: readonly Tag[]): Tag[] {
  return [...new Map(tags.map(({ tagKey, tagValue }) => [tagKey, { tagKey, tagValue }])).values()];
}

/** Writes a record and starts its life cycle. */
export function save(context: Context, record: AnyRecord): void {
  context.store.commit({ put: [record] });
  context.lifeCycles.consider(record);
}

/** Writes changed members of a record. */
export function change<K extends Kind>(
  context: Context,
  record: RecordOf<K>,
  members: Partial<RecordOf<K>>,
): void {
  save(context, { ...record, ...members, lastUpdatedDateTime: context.clock.now() } as AnyRecord);
}

/** Starts a deletion. @throws PersonalizeError ResourceInUseException in a transitional state */
export function startDeletion(
  context: Context,
  record: AnyRecord & { readonly status: string },
  deletableFrom: readonly string[] = ['ACTIVE', 'CREATE FAILED'],
): void {
  requireStatus(record, deletableFrom, 'be deleted');
  change(context, record, { status: 'DELETE PENDING' } as Partial<AnyRecord>);
}

/** True while a resource or job is neither done nor failed. */
export function isUnderWay(status: string): boolean {
  return /PENDING|IN[ _]PROGRESS|STOPPING/.test(status);
}
