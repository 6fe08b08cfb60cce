// What all S3 operations share: buckets, objects, uploads in progress, authorisation, and telling of changes.
import { randomUUID } from 'node:crypto';
import type { StoredMap } from '@emotion-gallery/local-kit/store';
import type { EventsService } from '../../ports';
import { AwsError, type ServiceContext } from '../../service';
import type { Caller } from '../shared/operations';
import { type BucketRecord, Buckets } from './buckets';
import { type NotificationSettings, Notifications, requestId } from './notifications';
import { type Notice, ObjectFiles, type ObjectRecord } from './objects';
import type { Upload } from './uploads';
import {
  findVersion,
  idOf,
  isMarker,
  markerHeaders,
  onlyDeletable,
  type Version,
  type Versioning,
  versioningOf,
} from './versions';

export class S3State {
  readonly buckets: Buckets;
  readonly files: ObjectFiles;
  readonly notifications: Notifications;
  private lastSequence = 0n;

  constructor(
    readonly context: ServiceContext,
    readonly uploads: StoredMap<Upload>,
  ) {
    this.buckets = new Buckets(context.store);
    this.files = new ObjectFiles(context.stateDir, context.store);
    this.notifications = new Notifications(context);
  }

  /** Of all buckets, objects and uploads. */
  get owner(): { readonly ID: string } {
    return { ID: this.context.accountId };
  }

  regionOf(bucket: string): string {
    return this.buckets.find(bucket)?.region ?? this.context.region;
  }

  /** @throws NoSuchBucket, AccessDenied */
  authorizeBucket(
    caller: Caller,
    action: string,
    bucket: string,
    conditions: Readonly<Record<string, string>> = {},
  ): BucketRecord {
    const record = this.buckets.get(bucket);
    this.authorize(caller, action, `arn:aws:s3:::${bucket}`, record, conditions);
    return record;
  }

  /** @throws NoSuchBucket, AccessDenied */
  authorizeObject(caller: Caller, action: string, bucket: string, key: string): BucketRecord {
    const record = this.buckets.get(bucket);
    this.authorize(caller, action, `arn:aws:s3:::${bucket}/${key}`, record, {});
    return record;
  }

  /**
   * The object, for a caller who may read it. Whether a missing key is said to be missing depends, as on AWS, on the
   * permission to list the bucket.
   * @throws NoSuchBucket, NoSuchKey, NoSuchVersion, AccessDenied, MethodNotAllowed for the marker of a deletion
   */
  readable(caller: Caller, action: string, bucket: string, key: string, versionId?: string): ObjectRecord {
    // A version that is named has actions of its own: s3:GetObjectVersion, s3:GetObjectVersionTagging.
    const asked = versionId === undefined ? action : action.replace('Object', 'ObjectVersion');
    this.authorizeObject(caller, asked, bucket, key);
    const found = findVersion(this.files.versions(bucket, key), key, versionId);
    if (found && !isMarker(found)) return found;
    if (found && (versionId !== undefined || action !== 's3:GetObject')) {
      throw onlyDeletable(found, action.startsWith('s3:Put') ? 'PUT' : 'GET');
    }
    this.authorizeBucket(caller, 's3:ListBucket', bucket);
    const message = 'The specified key does not exist.';
    throw new AwsError('NoSuchKey', message, 404, { Key: key }, found && markerHeaders(found));
  }

  /** Undefined for a bucket that is gone, too. */
  versioning(bucket: string): Versioning {
    const record = this.buckets.find(bucket);
    return record && versioningOf(record);
  }

  /** What answers and listings say of a version: its id, where the bucket has ever kept any. */
  versionMember(version: Version): { readonly VersionId?: string } {
    return this.versioning(version.bucket) ? { VersionId: idOf(version) } : {};
  }

  /** Hexadecimal, greater than every earlier one: orders the events of a key. */
  nextSequencer(): string {
    const now = BigInt(this.context.clock.now()) << 20n;
    this.lastSequence = now > this.lastSequence ? now : this.lastSequence + 1n;
    return this.lastSequence.toString(16).toUpperCase().padStart(18, '0');
  }

  /** The notice that a change of `object` calls for, if the bucket tells anybody of its events. */
  notice(caller: Caller, type: Notice['type'], reason: string, object: Version): Notice | undefined {
    if (!Notifications.concern(this.settings(object.bucket))) return undefined;
    const requester = caller.principal.kind === 'service' ? caller.principal.arn : caller.principal.accountId;
    return { id: randomUUID(), type, reason, requester, object, at: this.context.clock.now() };
  }

  /** Hands a notice to those that it concerns, who keep it on disk; until then it is in our own journal. */
  publish(notice: Notice | undefined): void {
    if (!notice) return;
    const settings = this.settings(notice.object.bucket);
    if (settings?.EventBridgeConfiguration) this.tellEventBridge(notice);
    if (settings) this.notifications.tell(settings, notice, this.regionOf(notice.object.bucket));
    this.files.noticeHandedOver(notice.id);
  }

  private settings(bucket: string): NotificationSettings | undefined {
    return this.buckets.find(bucket)?.configurations.NotificationConfiguration as
      | NotificationSettings
      | undefined;
  }

  private tellEventBridge(notice: Notice): void {
    const { object } = notice;
    this.context.service<EventsService>('events', this.regionOf(object.bucket)).accept({
      id: notice.id,
      source: 'aws.s3',
      'detail-type': notice.type,
      time: notice.at,
      resources: [`arn:aws:s3:::${object.bucket}`],
      detail: {
        version: '0',
        bucket: { name: object.bucket },
        object: {
          key: object.key,
          ...(notice.type === 'Object Created' && !isMarker(object)
            ? { size: object.size, etag: object.etag }
            : {}),
          ...(this.versioning(object.bucket) && { 'version-id': idOf(object) }),
          sequencer: object.sequencer,
        },
        'request-id': requestId(notice.id),
        requester: notice.requester,
        'source-ip-address': '127.0.0.1',
        reason: notice.reason,
        ...(notice.type === 'Object Deleted'
          ? { 'deletion-type': isMarker(object) ? 'Delete Marker Created' : 'Permanently Deleted' }
          : {}),
      },
    });
  }

  private authorize(
    caller: Caller,
    action: string,
    resource: string,
    bucket: BucketRecord,
    conditions: Readonly<Record<string, string>>,
  ): void {
    this.context.authorize({
      principal: caller.principal,
      action,
      resource,
      context: { ...caller.conditions, ...conditions },
      resourcePolicy: bucket.policy,
    });
  }
}
