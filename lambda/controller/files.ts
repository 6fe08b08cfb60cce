// Configuration files in the gallery bucket, and the data files of imports.
import { createHash } from 'node:crypto';
import {
  type _Object,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Configuration } from '../shared/configuration/configuration';
import type { Passable } from '../shared/configuration/passable';
import { configurationFolders, isConfiguration } from '../shared/configuration/places';
import { readConfiguration } from '../shared/configuration/read';
import type { ActualFiles } from './actual';
import type { DeclaredImport } from './declaration';

export interface FoundFile {
  readonly key: string;
  readonly etag: string;
  /** ISO 8601. */
  readonly uploadedAt: string;
}

/** All that are there now. */
export async function listFiles(client: S3Client, bucket: string): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const folder of configurationFolders) {
    for await (const { Key = '', ETag = '', LastModified, Size = 0 } of objects(client, bucket, folder)) {
      if (Size > 0 && isConfiguration(Key))
        found.push({ key: Key, etag: ETag, uploadedAt: LastModified?.toISOString() ?? '' });
    }
  }
  return found;
}

/** The objects of a folder, or, of the bucket's root, those that lie there directly. */
async function* objects(client: S3Client, bucket: string, prefix: string): AsyncGenerator<_Object> {
  const input = { Bucket: bucket, Prefix: prefix, ...(prefix === '' && { Delimiter: '/' }) };
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, input)) yield* Contents;
}

export type ReadFile =
  | { readonly file: FoundFile; readonly configuration: Configuration }
  /** Each fault on a line of its own, with its place. */
  | { readonly file: FoundFile; readonly faults: string };

/** Reads a file once for each of its contents. */
export function fileReader(
  client: S3Client,
  bucket: string,
  passable: Passable,
): (file: FoundFile) => Promise<ReadFile | undefined> {
  const known = new Map<string, ReadFile>();
  return async (file) => {
    const id = `${file.key} ${file.etag}`;
    const before = known.get(id);
    if (before) return { ...before, file };
    const text = await textOf(client, bucket, file.key);
    if (text === undefined) return undefined;
    const result = readConfiguration(text, passable);
    const read: ReadFile = result.ok
      ? { file, configuration: result.configuration }
      : {
          file,
          faults: result.problems
            .map(
              ({ path, line, column, message }) =>
                `${file.key}:${line}:${column} ${path || 'file'}: ${message}`,
            )
            .join('\n'),
        };
    known.set(id, read);
    return read;
  };
}

/** Undefined when it went meanwhile. */
async function textOf(client: S3Client, bucket: string, key: string): Promise<string | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToString('utf-8')) ?? '';
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** The folder above a prefix: `a/b/C/` lies in `a/b/`. */
const folderAbove = (prefix: string): string =>
  prefix.slice(0, prefix.replace(/\/$/, '').lastIndexOf('/') + 1);

/** Names that lie directly in a folder, other folders included: few, whatever else the bucket has. */
async function namesIn(client: S3Client, bucket: string, folder: string): Promise<string[]> {
  const { Contents = [], CommonPrefixes = [] } = await client.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: folder, Delimiter: '/', MaxKeys: 50 }),
  );
  const names = [...CommonPrefixes.map(({ Prefix }) => Prefix), ...Contents.map(({ Key }) => Key)];
  return names.filter((name) => name !== undefined && name !== folder) as string[];
}

/** The files of an import, in the order of their keys as S3 lists them; where there is none, what lies near by. */
export async function filesOf(
  client: S3Client,
  { type, bucket, prefix, file }: DeclaredImport,
): Promise<ActualFiles> {
  for (const place of file === undefined ? [prefix] : [prefix, file]) {
    const times: number[] = [];
    const listing = createHash('sha256');
    for await (const { Key = '', ETag, LastModified, Size = 0 } of objects(client, bucket, place)) {
      if (Size === 0 || Key.endsWith('/')) continue;
      times.push(LastModified?.getTime() ?? 0);
      listing.update(JSON.stringify([Key, ETag, LastModified]));
    }
    if (times.length === 0) continue;
    const fingerprint = listing.digest('hex').slice(0, 8);
    return { type, place, newestAt: Math.max(...times), fingerprint, found: [] };
  }
  return { type, found: await namesIn(client, bucket, folderAbove(prefix)) };
}
