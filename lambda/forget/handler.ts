// DELETE /api/visitors/me: all that is known of who asks is deleted. Who that is, the token says and nothing else.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { clientLimits } from '../shared/clients';
import { forgetInTables, StillLiking } from '../shared/data/forget-visitor';
import { httpHandler } from '../shared/http/handler';
import { busy } from '../shared/http/problem';
import { logger } from '../shared/logger';
import { csvOf, WAITING_PREFIX } from '../shared/personalize/forgotten-visitors';
import { requireEnv } from '../shared/require-env';
import { visitorReader } from '../shared/visitor';

const visitorOf = visitorReader();
const dynamodb = new DynamoDBClient(clientLimits());
const s3 = new S3Client(clientLimits());
const bucket = requireEnv('GALLERY_BUCKET');
const tables = {
  visitors: requireEnv('VISITORS_TABLE'),
  likes: requireEnv('LIKES_TABLE'),
  totals: requireEnv('TOTALS_TABLE'),
  undelivered: requireEnv('UNDELIVERED_TABLE'),
};

/** The wish comes first: should this be interrupted, Amazon Personalize forgets all the same, and the page asks again. */
async function forget(visitorId: string) {
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: `${WAITING_PREFIX}${visitorId}.csv`,
      Body: csvOf([visitorId]),
      ContentType: 'text/csv',
    }),
  );
  const { likes } = await forgetInTables(dynamodb, tables, visitorId);
  return { likes };
}

export const handler = httpHandler(
  {
    'DELETE /api/visitors/me': async (event) => {
      const visitorId = await visitorOf(event);
      try {
        return { status: 202, body: await forget(visitorId) };
      } catch (error) {
        if (error instanceof StillLiking) throw busy('Likes are still coming in; please ask again.');
        throw error;
      } finally {
        logger.info('a visitor asked to be forgotten');
      }
    },
  },
  logger,
);
