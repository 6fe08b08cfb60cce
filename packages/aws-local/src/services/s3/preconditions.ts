// Conditional requests and byte ranges, as RFC 9110 and S3 order them.
import { AwsError } from '../../service';
import type { ObjectRecord } from './objects';

export interface Preconditions {
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
  readonly IfModifiedSince?: Date;
  readonly IfUnmodifiedSince?: Date;
}

export interface ByteRange {
  readonly start: number;
  /** Included. */
  readonly end: number;
}

/** @throws PreconditionFailed, NotModified */
export function checkRead(conditions: Preconditions, record: ObjectRecord): void {
  const modified = Math.floor(record.lastModified / 1000);
  if (conditions.IfMatch !== undefined) {
    if (!etagListed(conditions.IfMatch, record.etag)) throw failed('If-Match');
  } else if (conditions.IfUnmodifiedSince && modified > seconds(conditions.IfUnmodifiedSince)) {
    throw failed('If-Unmodified-Since');
  }
  if (conditions.IfNoneMatch !== undefined) {
    if (etagListed(conditions.IfNoneMatch, record.etag))
      throw new AwsError('NotModified', 'Not Modified', 304);
  } else if (conditions.IfModifiedSince && modified <= seconds(conditions.IfModifiedSince)) {
    throw new AwsError('NotModified', 'Not Modified', 304);
  }
}

/** A write that must not overwrite (`If-None-Match: *`), or must overwrite a certain version. @throws PreconditionFailed, NoSuchKey */
export function checkWrite(conditions: Preconditions, current: ObjectRecord | undefined): void {
  if (conditions.IfNoneMatch === '*' && current) throw failed('If-None-Match');
  if (conditions.IfMatch === undefined) return;
  if (!current) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  if (!etagListed(conditions.IfMatch, current.etag)) throw failed('If-Match');
}

/**
 * The range of a `Range` header. A header that is not a single byte range is ignored, as S3 does.
 * @throws InvalidRange
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === '' || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (match[2] !== '' && match[1] !== '' && Number(match[2]) < start) return undefined;
  if (start >= size) {
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, {
      ActualObjectSize: size,
    });
  }
  return { start, end };
}

function etagListed(list: string, etag: string): boolean {
  return list
    .split(',')
    .some((item) => item.trim() === '*' || item.trim().replace(/^W\//, '').replaceAll('"', '') === etag);
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function failed(condition: string): AwsError {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return new AwsError('PreconditionFailed', message, 412, { Condition: condition });
}
