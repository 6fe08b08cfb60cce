// S3's events as EventBridge carries them, as far as they are read: an event says only which object to look at.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
import * as z from 'zod/mini';

export const objectEventSchema = z.object({
  'detail-type': z.enum(['Object Created', 'Object Deleted']),
  time: z.iso.datetime(),
  detail: z.object({
    object: z.object({
      /** Not URL-encoded here, unlike in S3's own notifications. */
      key: z.string(),
    }),
  }),
});

export type ObjectEvent = z.infer<typeof objectEventSchema>;
