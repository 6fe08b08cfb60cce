// Has the distribution forget a picture that was taken away: until then it may show its copies for a day, to whoever has the address.
import { type CloudFrontClient, CreateInvalidationCommand } from '@aws-sdk/client-cloudfront';
import * as z from 'zod/mini';

export interface InvalidateOptions {
  readonly cloudFront: Pick<CloudFrontClient, 'send'>;
  readonly distributionId: string;
}

/** S3's Object Deleted, as EventBridge carries it, as far as it is read. */
export const deletedEventSchema = z.object({
  id: z.string(),
  detail: z.object({ object: z.object({ key: z.string() }) }),
});

/** Every folder of renditions has one of these; the paths that are invalidated cost, so one stands for all. */
const ONE_OF_EACH_FOLDER = /^(pictures\/.+)\/picture\.(?:jpg|svg)$/;

/** The path that was invalidated, or nothing when another file of the folder stands for it. */
export async function invalidate(
  { cloudFront, distributionId }: InvalidateOptions,
  { id, detail }: z.infer<typeof deletedEventSchema>,
): Promise<string | undefined> {
  const folder = ONE_OF_EACH_FOLDER.exec(detail.object.key)?.[1];
  if (!folder) return undefined;
  const path = `/${folder}/*`;
  await cloudFront.send(
    new CreateInvalidationCommand({
      DistributionId: distributionId,
      // An event that comes twice makes one invalidation.
      InvalidationBatch: { CallerReference: id, Paths: { Quantity: 1, Items: [path] } },
    }),
  );
  return path;
}
