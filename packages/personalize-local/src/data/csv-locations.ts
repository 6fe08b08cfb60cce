// Finds the CSV files of an import or a data deletion job in S3, as the role that the job was given.

import type { Readable } from 'node:stream';
import {
  type CsvFile,
  CsvTokenizer,
  DataJobFailed,
  importFailure,
  MalformedCsv,
} from '@emotion-gallery/personalize-rules/csv';
import type { DatasetType } from '@emotion-gallery/personalize-rules/schemas';
import { ObjectAccessDenied, ObjectNotFound, type ObjectStore, type StorageIdentity } from '../service';

const S3_LOCATION = /^s3:\/\/([^/]+)\/(.*)$/;

export interface CsvLocationOptions {
  readonly datasetType: DatasetType;
  /** All levels of a folder and `.csv` files only, as data deletion jobs read; otherwise its first level. */
  readonly recursive?: boolean;
  /** All files together. */
  readonly mostBytes: number;
}

/**
 * The CSV files at a location: one object, or a folder when it ends with a slash. Empty objects (folder markers,
 * `_SUCCESS`) are no files. @throws DataJobFailed with the documented texts
 */
export async function csvFilesAt(
  store: ObjectStore,
  identity: StorageIdentity,
  location: string,
  options: CsvLocationOptions,
): Promise<CsvFile[]> {
  const [, bucket, path] = S3_LOCATION.exec(location) ?? [];
  if (bucket === undefined || path === undefined) throw new DataJobFailed('Invalid Data location.');
  const isFolder = path === '' || path.endsWith('/');
  const objects = await explained(options, () => store.list(identity, bucket, path));
  const wanted = objects.filter(({ key, size }) => {
    if (!isFolder) return key === path;
    if (size === 0 || key.endsWith('/')) return false;
    return options.recursive ? key.endsWith('.csv') : !key.slice(path.length).includes('/');
  });
  if (wanted.length === 0) throw new DataJobFailed('Invalid Data location.');
  const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
  if (bytes > options.mostBytes) {
    throw failed(
      options,
      `The files have ${bytes} bytes together, up to ${options.mostBytes} are allowed for this job.`,
    );
  }
  return wanted.map(({ key }) => ({
    name: `s3://${bucket}/${key}`,
    open: (): Promise<Readable> => explained(options, () => store.read(identity, bucket, key)),
  }));
}

async function explained<T>(options: CsvLocationOptions, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof ObjectAccessDenied) {
      throw failed(options, 'Insufficient privileges for accessing data in Amazon S3.');
    }
    if (error instanceof ObjectNotFound) throw new DataJobFailed('Invalid Data location.');
    throw error;
  }
}

function failed({ recursive, datasetType }: CsvLocationOptions, reason: string): DataJobFailed {
  return recursive
    ? new DataJobFailed(`Failed to create a data deletion job. ${reason}`)
    : importFailure(datasetType, reason);
}

/** The user ids of a data deletion job's files, which have one column, USER_ID. @throws DataJobFailed */
export async function readUserIds(files: readonly CsvFile[]): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const file of files) {
    let headerRead = false;
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const tokenizer = new CsvTokenizer((cells, line) => {
      if (!headerRead) {
        headerRead = true;
        if (cells.length !== 1 || cells[0]?.trim() !== 'USER_ID') {
          throw new DataJobFailed(`${file.name} must have a header row with the one column USER_ID.`);
        }
        return;
      }
      if (cells.length !== 1) throw new DataJobFailed(`${file.name}, line ${line}: more than one cell.`);
      ids.add(cells[0] as string);
    });
    try {
      for await (const chunk of await file.open()) tokenizer.push(decoder.decode(chunk, { stream: true }));
      tokenizer.push(decoder.decode());
      tokenizer.end();
    } catch (error) {
      if (error instanceof MalformedCsv) throw new DataJobFailed(`${error.message} (${file.name})`);
      if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
        throw new DataJobFailed(`${file.name} is not UTF-8.`);
      }
      throw error;
    }
    if (!headerRead) throw new DataJobFailed(`${file.name} has no header row.`);
  }
  return ids;
}
