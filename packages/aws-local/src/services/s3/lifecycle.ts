// What the lifecycle rules of buckets let go: objects, versions that are no longer current, markers that nothing stands behind, and
// uploads that nobody completed. As Amazon S3 does, a day after the days of the rule, at midnight UTC (user guide, "Expiring objects").
import { inProcessCaller } from '../shared/operations';
import type { BucketRecord } from './buckets';
import { removeVersion } from './deletions';
import type { S3State } from './state';
import { idOf, isMarker, type Version, versioningOf } from './versions';

const DAY_MS = 86_400_000;

interface Rule {
  readonly Status?: string;
  readonly Prefix?: string;
  readonly Filter?: { readonly Prefix?: string };
  readonly Expiration?: {
    readonly Days?: number | string;
    readonly ExpiredObjectDeleteMarker?: boolean | string;
  };
  readonly NoncurrentVersionExpiration?: {
    readonly NoncurrentDays: number | string;
    readonly NewerNoncurrentVersions?: number | string;
  };
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number | string };
}

/** @returns whether something of `since` is that many days old, counted to the next midnight */
const isOver = (since: number, days: number | string | undefined, now: number): boolean =>
  days !== undefined && Math.ceil((since + Number(days) * DAY_MS) / DAY_MS) * DAY_MS <= now;

export function applyLifecycles(state: S3State): void {
  for (const bucket of state.buckets.all()) {
    const rules = (bucket.configurations.LifecycleConfiguration?.Rules ?? []) as readonly Rule[];
    for (const rule of rules) if (rule.Status === 'Enabled') applyRule(state, bucket, rule);
  }
}

function applyRule(state: S3State, bucket: BucketRecord, rule: Rule): void {
  const now = state.context.clock.now();
  const prefix = rule.Filter?.Prefix ?? rule.Prefix ?? '';
  const caller = inProcessCaller({
    ...{ kind: 'service', arn: 's3.amazonaws.com', accountId: state.context.accountId },
  });
  for (const Key of state.files.keysWithVersions(bucket.name)) {
    if (!Key.startsWith(prefix)) continue;
    const versions = state.files.versions(bucket.name, Key);
    for (const VersionId of expired(versions, rule, Boolean(versioningOf(bucket)), now)) {
      removeVersion(state, caller, { Bucket: bucket.name, Key, VersionId }, 'Lifecycle Expiration');
    }
  }
  for (const upload of state.uploads.values()) {
    if (upload.bucket !== bucket.name || !upload.key.startsWith(prefix)) continue;
    if (!isOver(upload.startedAt, rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation, now)) continue;
    state.uploads.delete(upload.id);
    for (const part of upload.parts) state.files.removeBlob(part.blob.name);
  }
}

/** Ids of versions that go for good; undefined stands for the current object, before which a marker comes where versions are kept. */
function expired(
  versions: readonly Version[],
  { Expiration, NoncurrentVersionExpiration: noncurrent }: Rule,
  isVersioned: boolean,
  now: number,
): (string | undefined)[] {
  const [newest, ...older] = versions;
  if (!newest) return [];
  if (isMarker(newest)) {
    const isAlone = older.length === 0;
    const goes = String(Expiration?.ExpiredObjectDeleteMarker) === 'true' || Expiration?.Days !== undefined;
    if (isAlone) return goes && isVersioned ? [idOf(newest)] : [];
  }
  const ids: (string | undefined)[] =
    !isMarker(newest) && isOver(newest.lastModified, Expiration?.Days, now) ? [undefined] : [];
  if (!noncurrent) return ids;
  const kept = Number(noncurrent.NewerNoncurrentVersions ?? 0);
  for (const [index, version] of older.entries()) {
    // It is no longer current since the one before it came.
    const since = versions[index]?.lastModified ?? now;
    if (index >= kept && isOver(since, noncurrent.NoncurrentDays, now)) ids.push(idOf(version));
  }
  return ids;
}
