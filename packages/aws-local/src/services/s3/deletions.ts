// Deletions of objects: for good, or by a marker where versions are kept.
import { z } from 'zod';
import { AwsError, type Shape } from '../../service';
import { type Caller, type Operations, operation } from '../shared/operations';
import { BOOLEAN } from './bucket-configurations';
import { VERSION } from './object-operations';
import { checkWrite } from './preconditions';
import type { S3State } from './state';
import { idOf, isMarker, newVersionId, withoutVersion, withVersion } from './versions';

const DELETE_MANY = z.object({
  Bucket: z.string(),
  Delete: z.object({
    Objects: z
      .array(z.object({ Key: z.string(), VersionId: z.string().optional() }))
      .min(1)
      .max(1000),
    Quiet: BOOLEAN.default(false),
  }),
});

export function deletions(state: S3State): Operations {
  return {
    DeleteObject: operation(VERSION.extend({ IfMatch: z.string().optional() }), (input, caller) =>
      remove(state, caller, input),
    ),
    DeleteObjects: operation(DELETE_MANY, (input, caller) => deleteObjects(state, input, caller)),
  };
}

function deleteObjects(state: S3State, input: z.output<typeof DELETE_MANY>, caller: Caller): Shape {
  state.buckets.get(input.Bucket);
  const deleted: Shape[] = [];
  const errors: Shape[] = [];
  for (const { Key, VersionId } of input.Delete.Objects) {
    try {
      const { VersionId: id, DeleteMarker } = remove(state, caller, { Bucket: input.Bucket, Key, VersionId });
      deleted.push({ Key, VersionId, DeleteMarker, DeleteMarkerVersionId: DeleteMarker ? id : undefined });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      errors.push({ Key, VersionId, Code: error.code, Message: error.message });
    }
  }
  return { Deleted: input.Delete.Quiet ? [] : deleted, Errors: errors };
}

type VersionAddress = z.output<typeof VERSION>;

type Removed = { readonly VersionId?: string; readonly DeleteMarker?: boolean };

/** A version that is named goes for good; without a name a marker comes in front of what is there, where versions are kept. */
function remove(
  state: S3State,
  caller: Caller,
  { IfMatch, ...version }: VersionAddress & { readonly IfMatch?: string },
): Removed {
  const action = version.VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
  state.authorizeObject(caller, action, version.Bucket, version.Key);
  if (IfMatch !== undefined) checkWrite({ IfMatch }, state.files.get(version.Bucket, version.Key));
  return removeVersion(state, caller, version, 'DeleteObject');
}

export function removeVersion(
  state: S3State,
  caller: Caller,
  { Bucket, Key, VersionId }: VersionAddress,
  reason: string,
): Removed {
  const versions = state.files.versions(Bucket, Key);
  const versioning = state.versioning(Bucket);
  if (VersionId === undefined && versioning) return mark(state, caller, { Bucket, Key }, versioning, reason);
  const id = VersionId ?? 'null';
  const gone = versions.find((version) => idOf(version) === id);
  if (gone) {
    const object = { ...gone, sequencer: state.nextSequencer() };
    // That a marker went is no event of EventBridge's.
    const notice = isMarker(gone) ? undefined : state.notice(caller, 'Object Deleted', reason, object);
    state.files.replace(Bucket, Key, withoutVersion(versions, id), notice);
    state.publish(notice);
  }
  if (VersionId === undefined) return {};
  return { VersionId, ...(gone && isMarker(gone) && { DeleteMarker: true }) };
}

function mark(
  state: S3State,
  caller: Caller,
  { Bucket: bucket, Key: key }: VersionAddress,
  versioning: 'Enabled' | 'Suspended',
  reason: string,
): Removed {
  const versionId = newVersionId(versioning);
  const marker = {
    ...{ isDeleteMarker: true as const, bucket, key, versionId },
    ...{ lastModified: state.context.clock.now(), sequencer: state.nextSequencer() },
  };
  const notice = state.notice(caller, 'Object Deleted', reason, marker);
  state.files.replace(bucket, key, withVersion(state.files.versions(bucket, key), marker), notice);
  state.publish(notice);
  return { VersionId: versionId, DeleteMarker: true };
}
