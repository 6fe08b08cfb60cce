// Amazon S3 on localhost: buckets and objects on disk, with the rules that clients rely on.
import type { AwsService, ServiceContext } from '../../service';
import { type Operations, serviceOf } from '../shared/operations';
import { bucketOperations } from './bucket-operations';
import { deletions } from './deletions';
import { handleS3 } from './http';
import { applyLifecycles } from './lifecycle';
import { listOperations } from './list-operations';
import { multipartOperations } from './multipart-operations';
import { objectOperations } from './object-operations';
import { S3State } from './state';
import { uploadLists } from './upload-lists';
import type { Upload } from './uploads';
import { versionOperations } from './version-operations';

/** Rules take effect at midnight; a machine that slept through it catches up soon. */
const HOUR_MS = 3_600_000;

export type S3Service = AwsService;

/**
 * Requests are path style (`/<bucket>/<key>`); the gateway rewrites virtual-host requests. Trailers of a chunked upload
 * are among the headers.
 */
export async function createS3(context: ServiceContext): Promise<S3Service> {
  const uploads = context.store.map<Upload>('s3/uploads');
  const state = new S3State(context, uploads);
  await state.files.takeUp([...uploads.values()].flatMap(({ parts }) => parts.map(({ blob }) => blob.name)));
  const operations: Operations = {
    ...bucketOperations(state),
    ...objectOperations(state),
    ...deletions(state),
    ...listOperations(state),
    ...versionOperations(state),
    ...multipartOperations(state),
    ...uploadLists(state),
  };
  let cancel = () => {};
  const expireHourly = () => {
    try {
      applyLifecycles(state);
    } catch (error) {
      // A full disk, for example: what is over is over in an hour, too.
      context.log(`s3: lifecycle rules could not be applied: ${String(error)}`);
    }
    cancel = context.clock.after(HOUR_MS, expireHourly);
  };
  return serviceOf({
    id: 's3',
    operations,
    handle: (request) => handleS3(state, operations, request),
    start: () => {
      expireHourly();
      state.notifications.start();
      for (const notice of state.files.pendingNotices()) state.publish(notice);
    },
    close: () => {
      cancel();
      return state.notifications.close();
    },
  });
}
