// Uploads from a browser: for each file either where it is to be sent, by a request that is good for this one file alone, or what became
// of it. The same question is asked before and after sending.
import { BatchGetItemCommand, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { isEmotion } from '../shared/contract/emotions';
import type { UploadFile, UploadState, UploadsResponse } from '../shared/contract/schemas';
import { rowsOf } from '../shared/data/rows';
import { fresh } from '../shared/fresh';
import { imageOf, type ShownPicture } from '../shared/gallery/image';
import { busy } from '../shared/http/problem';
import { itemIdOf } from './file-name';
import type { RemovedFiles } from './removed';

export interface UploadOptions {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly itemsTable: string;
  /** Signs for the bucket's own host, which the distribution calls. */
  readonly signer: S3Client;
  readonly bucket: string;
  readonly removed: Pick<RemovedFiles, 'has'>;
  /** Item ids of pictures by the SHA-256 of their content. */
  readonly byContent: () => Promise<ReadonlyMap<string, string>>;
}

interface ItemRow {
  readonly itemId: string;
  readonly listed?: string;
  readonly refused?: string;
  readonly removedAt?: string;
  readonly picture?: ShownPicture;
  readonly sha256?: string;
}

/** How long a request may begin to be sent. */
const EXPIRES_SECONDS = 15 * 60;
/** How old what is known of all pictures may be. Milliseconds. */
const FRESH_MS = 5_000;

/** @throws HttpProblem 503 when DynamoDB is throttled */
export async function planUploads(
  options: UploadOptions,
  files: readonly UploadFile[],
): Promise<UploadsResponse> {
  const wanted = files.map((file) => ({ file, itemId: itemIdOf(file) }));
  const [rows, byContent] = await Promise.all([
    readRows(options, new Set(wanted.map(({ itemId }) => itemId))),
    options.byContent(),
  ]);
  const states = wanted.map(({ file, itemId }) =>
    stateOf(options, file, rows.get(itemId) ?? { itemId }, byContent.get(file.sha256)),
  );
  return { uploads: await Promise.all(states) };
}

async function stateOf(
  options: UploadOptions,
  file: UploadFile,
  row: ItemRow,
  same: string | undefined,
): Promise<UploadState> {
  const { itemId, listed, picture, refused, removedAt } = row;
  if (isEmotion(listed) && picture) {
    return {
      state: 'listed',
      itemId,
      image: imageOf({ itemId, emotion: listed, picture, createdAt: '' }, false),
    };
  }
  if (refused) return { state: 'refused', itemId, reason: refused };
  if (removedAt && (await options.removed.has(itemId))) return { state: 'removed', itemId };
  if (same && same !== itemId) return { state: 'duplicate', itemId: same };
  return { state: 'send', itemId, request: await presign(options, itemId, file) };
}

/** Another size, type or content than this file's is refused by Amazon S3: all three are signed. */
async function presign({ signer, bucket }: UploadOptions, itemId: string, file: UploadFile) {
  const { type, bytes, sha256 } = file;
  const signed = await getSignedUrl(
    signer,
    new PutObjectCommand({
      ...{ Bucket: bucket, Key: itemId },
      ...{ ContentType: type, ContentLength: bytes, ChecksumSHA256: sha256 },
    }),
    {
      expiresIn: EXPIRES_SECONDS,
      signableHeaders: new Set(['host', 'content-type', 'content-length', 'x-amz-checksum-sha256']),
      unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
    },
  );
  const { pathname, search } = new URL(signed);
  return { url: pathname + search, headers: { 'content-type': type, 'x-amz-checksum-sha256': sha256 } };
}

async function readRows(
  { dynamodb, itemsTable }: UploadOptions,
  itemIds: ReadonlySet<string>,
): Promise<Map<string, ItemRow>> {
  const Keys = [...itemIds].map((itemId) => ({ itemId: { S: itemId } }));
  const { Responses, UnprocessedKeys } = await dynamodb.send(
    new BatchGetItemCommand({ RequestItems: { [itemsTable]: { Keys, ConsistentRead: true } } }),
  );
  if (UnprocessedKeys?.[itemsTable]) throw busy('The pictures could not be read just now; please ask again.');
  const rows = (Responses?.[itemsTable] ?? []).map((row) => unmarshall(row) as ItemRow);
  return new Map(rows.map((row) => [row.itemId, row]));
}

/** Of the pictures in the gallery; read anew when it is older than some seconds. */
export function contentIndex(
  dynamodb: Pick<DynamoDBClient, 'send'>,
  itemsTable: string,
  now: () => number,
): UploadOptions['byContent'] {
  return fresh(FRESH_MS, now, async () => {
    const index = new Map<string, string>();
    const rows = rowsOf((ExclusiveStartKey) =>
      dynamodb.send(
        new ScanCommand({
          TableName: itemsTable,
          FilterExpression: 'attribute_exists(listed) AND attribute_exists(sha256)',
          ProjectionExpression: 'itemId, sha256',
          ExclusiveStartKey,
        }),
      ),
    );
    for await (const row of rows) {
      const { itemId, sha256 = '' } = unmarshall(row) as ItemRow;
      index.set(sha256, itemId);
    }
    return index;
  });
}
