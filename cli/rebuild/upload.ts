// Brings the files to where the pipeline imports from, always under the same keys: a full import takes all that lies there.
import { stat } from 'node:fs/promises';
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { importPrefix } from '../../lambda/shared/pipeline/import-prefix';
import { type Rim, UserError } from '../command';
import type { Target } from '../target';
import { uploadFile } from '../upload-file';
import { type Collected, DATASETS, type DatasetName } from './collect';

type Place = Pick<Target, 'bucket' | 'datasetGroupArn'>;

/** One PutObject takes 5 GB: some five million likes with all that was seen beside them. */
const MAXIMUM_BYTES = 5 * 1024 ** 3;

const prefixOf = ({ datasetGroupArn }: Place, name: DatasetName) =>
  importPrefix(datasetGroupArn.slice(datasetGroupArn.indexOf('/') + 1), name);

export const keyOf = (place: Place, name: DatasetName) => `${prefixOf(place, name)}from-dynamodb.csv`;

/** They would be imported as well. @throws UserError naming one */
export async function refuseOtherFiles(client: S3Client, place: Place): Promise<void> {
  for (const name of DATASETS) {
    const { Contents = [] } = await client.send(
      new ListObjectsV2Command({ Bucket: place.bucket, Prefix: prefixOf(place, name), Delimiter: '/' }),
    );
    const other = Contents.find(({ Key, Size = 0 }) => Size > 0 && Key !== keyOf(place, name));
    if (!other) continue;
    throw new UserError(
      `s3://${place.bucket}/${other.Key} would be imported together with the rebuilt data: move it elsewhere first. Nothing was uploaded.`,
    );
  }
}

/** The datasets that get a file: an import job refuses one without rows, or with too few interactions. */
export const uploaded = ({ files, fewLikes }: Collected): DatasetName[] =>
  DATASETS.filter((name) => files[name].rows > 0 && !(name === 'Interactions' && fewLikes));

/** @throws UserError when a file is too large, before any is uploaded */
export async function upload(client: S3Client, place: Place, collected: Collected, rim: Rim): Promise<void> {
  const names = uploaded(collected);
  const sizes = await Promise.all(names.map(async (name) => (await stat(collected.files[name].path)).size));
  const large = names.find((_, index) => Number(sizes[index]) > MAXIMUM_BYTES);
  if (large) {
    throw new UserError(`${large} are more than the 5 GB that one upload takes. Nothing was uploaded.`);
  }
  for (const [index, name] of names.entries()) {
    const { path, rows } = collected.files[name];
    const size = Number(sizes[index]);
    rim.progress(`uploading ${rows} ${name.toLowerCase()} (${(size / 1e6).toFixed(1)} MB)`);
    await uploadFile(client, { path, size, bucket: place.bucket, key: keyOf(place, name) });
  }
}
