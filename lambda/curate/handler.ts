// What operators do with the gallery's pictures: GET and POST /api/operator/pictures, POST /api/operator/uploads, GET
// /api/operator/removed and /api/operator/refused.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { clientLimits } from '../shared/clients';
import {
  operatorPicturesQuerySchema,
  pictureRequestSchema,
  uploadsRequestSchema,
} from '../shared/contract/schemas';
import { catalogue } from '../shared/gallery/catalogue';
import { type Answer, httpHandler, type Route } from '../shared/http/handler';
import { parseBody, parseQuery } from '../shared/http/parse';
import { logger } from '../shared/logger';
import { operatorCheck } from '../shared/operator';
import { requireEnv } from '../shared/require-env';
import { listPictures } from './pictures';
import { listRefused } from './refused';
import { RemovedFiles } from './removed';
import { contentIndex, planUploads } from './uploads';

const dynamodb = new DynamoDBClient(clientLimits());
const itemsTable = requireEnv('ITEMS_TABLE');
const bucket = requireEnv('GALLERY_BUCKET');
/** `<bucket>.s3.<region>.amazonaws.com`: what the distribution calls, on localhost too. */
const bucketHost = requireEnv('GALLERY_BUCKET_HOST');
const checkOperator = operatorCheck(dynamodb);
const pictures = catalogue(dynamodb, itemsTable, Date.now);
// A photo of tens of megabytes is copied within the bucket.
const removed = new RemovedFiles({ s3: new S3Client(clientLimits(8_000)), bucket });
const uploads = {
  ...{ dynamodb, itemsTable, bucket, removed },
  signer: new S3Client({ endpoint: `https://${bucketHost.slice(bucket.length + 1)}` }),
  byContent: contentIndex(dynamodb, itemsTable, Date.now),
};

const forOperators =
  (answer: (event: Parameters<Route>[0]) => Promise<Answer>): Route =>
  async (event) => {
    await checkOperator(event);
    return answer(event);
  };

export const handler = httpHandler(
  {
    'GET /api/operator/pictures': forOperators(async (event) => {
      const { emotion, from = '0' } = parseQuery(event, operatorPicturesQuerySchema);
      return { status: 200, body: await listPictures(pictures, emotion, Number(from)) };
    }),
    'POST /api/operator/pictures': forOperators(async (event) => {
      const { action, itemId } = parseBody(event, pictureRequestSchema);
      await removed[action](itemId);
      logger.info('picture moved', { action, itemId });
      return { status: 202, body: { itemId } };
    }),
    'POST /api/operator/uploads': forOperators(async (event) => {
      const { files } = parseBody(event, uploadsRequestSchema);
      return { status: 200, body: await planUploads(uploads, files) };
    }),
    'GET /api/operator/removed': forOperators(async () => ({ status: 200, body: await removed.list() })),
    'GET /api/operator/refused': forOperators(async () => ({
      status: 200,
      body: await listRefused(dynamodb, itemsTable),
    })),
  },
  logger,
);
