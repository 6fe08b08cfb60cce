// The versions of an object: what a write or a deletion leaves of those that were there, newest first (user guide, "How S3 Versioning
// works"). A bucket that never kept versions has one of each key, the null version.
import { randomBytes } from 'node:crypto';
import { AwsError } from '../../service';
import type { BucketRecord } from './buckets';
import type { ObjectRecord } from './objects';

/** What a deletion leaves where versions are kept. */
export interface DeleteMarker extends Pick<ObjectRecord, 'bucket' | 'key' | 'lastModified' | 'sequencer'> {
  readonly isDeleteMarker: true;
  readonly versionId: string;
}

export type Version = ObjectRecord | DeleteMarker;
/** Undefined: the bucket never kept versions. */
export type Versioning = 'Enabled' | 'Suspended' | undefined;

/** The id of what was written while no versions were kept. */
const NULL = 'null';

export const isMarker = (version: Version): version is DeleteMarker => 'isDeleteMarker' in version;
export const idOf = ({ versionId = NULL }: Version): string => versionId;

export const versioningOf = ({ configurations }: BucketRecord): Versioning =>
  configurations.VersioningConfiguration?.Status as Versioning;

/** The id that a write gets. */
export const newVersionId = (versioning: Versioning): string =>
  versioning === 'Enabled' ? randomBytes(24).toString('base64url') : NULL;

/** Where versions are not kept (any more), the null version is overwritten, whatever else there is. */
export function withVersion(versions: readonly Version[], added: Version): Version[] {
  return [added, ...withoutVersion(versions, idOf(added))];
}

export const withoutVersion = (versions: readonly Version[], id: string): Version[] =>
  versions.filter((version) => idOf(version) !== id);

/** The version that is meant, which may be a marker: the newest one unless `id` names another. @throws NoSuchVersion */
export function findVersion(
  versions: readonly Version[],
  key: string,
  id: string | undefined,
): Version | undefined {
  const found = id === undefined ? versions[0] : versions.find((version) => idOf(version) === id);
  if (found || id === undefined) return found;
  throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, {
    Key: key,
    VersionId: id,
  });
}

/** What an answer about a deleted object says of the marker (recorded; API reference, GetObject). */
export const markerHeaders = (marker: DeleteMarker): Readonly<Record<string, string>> => ({
  'x-amz-delete-marker': 'true',
  'x-amz-version-id': marker.versionId,
});

/** A marker has no content and no tags (recorded). */
export const onlyDeletable = (marker: DeleteMarker, method: string): AwsError =>
  new AwsError(
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    405,
    { Method: method, ResourceType: 'DeleteMarker' },
    { ...markerHeaders(marker), allow: 'DELETE' },
  );
