// Configuration files in the gallery bucket, and the data files of imports.
import { GetObjectCommand, NoSuchKey, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { Configuration } from '../shared/configuration/configuration';
import { readConfiguration } from '../shared/configuration/read';
import type { ActualFiles } from './actual';
import type { DeclaredImport } from './declaration';

/** Where configuration files lie in the bucket. */
const PREFIX = 'personalize/config/';

export interface FoundFile {
  readonly key: string;
  readonly etag: string;
  /** ISO 8601. */
  readonly uploadedAt: string;
}

/** All that are there now. */
export async function listFiles(client: S3Client, bucket: string): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client },
    { Bucket: bucket, Prefix: PREFIX },
  )) {
    for (const { Key = '', ETag = '', LastModified, Size = 0 } of Contents) {
      if (Size > 0 && !Key.endsWith('/'))
        found.push({ key: Key, etag: ETag, uploadedAt: LastModified?.toISOString() ?? '' });
    }
  }
  return found;
}

export type ReadFile =
  | { readonly file: FoundFile; readonly configuration: Configuration }
  /** Each fault on a line of its own, with its place. */
  | { readonly file: FoundFile; readonly faults: string };

/** Reads a file once for each of its contents. */
export function fileReader(
  client: S3Client,
  bucket: string,
): (file: FoundFile) => Promise<ReadFile | undefined> {
  const known = new Map<string, ReadFile>();
  return async (file) => {
    const id = `${file.key} ${file.etag}`;
    const before = known.get(id);
    if (before) return { ...before, file };
    const text = await textOf(client, bucket, file.key);
    if (text === undefined) return undefined;
    const result = readConfiguration(text);
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

/** When the newest file under an import's prefix came, and what lies beside it. */
export async function filesOf(
  client: S3Client,
  { type, bucket, prefix }: DeclaredImport,
): Promise<ActualFiles> {
  const times: number[] = [];
  const found: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client },
    { Bucket: bucket, Prefix: folderAbove(prefix) },
  )) {
    for (const { Key = '', LastModified, Size = 0 } of Contents) {
      if (Size === 0) continue;
      if (Key.startsWith(prefix)) times.push(LastModified?.getTime() ?? 0);
      else found.push(Key);
    }
  }
  return { type, ...(times.length > 0 && { newestAt: Math.max(...times) }), found };
}
