// The functions' code: each zip file unpacked once, in a folder named after its hash.
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import { AwsError } from '../../service';
import { linkRuntimePackages, missingPackages, RUNTIME_FOLDER } from './runtime-packages';

export interface StoredCode {
  /** Hexadecimal SHA-256. */
  readonly hash: string;
  readonly size: number;
  /** Packages of the AWS SDK that the code names and that are not there. */
  readonly missing: readonly string[];
}

export class CodeStore {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) {
      if (name.startsWith('unpacking-')) rmSync(join(folder, name), { recursive: true });
    }
    linkRuntimePackages(folder);
  }

  /** The folder with a zip file's content. */
  path(hash: string): string {
    return join(this.folder, hash);
  }

  /** @throws InvalidParameterValueException */
  async add(zip: Buffer): Promise<StoredCode> {
    const hash = createHash('sha256').update(zip).digest('hex');
    if (!existsSync(this.path(hash))) {
      const work = join(this.folder, `unpacking-${randomUUID()}`);
      try {
        await unpack(zip, work);
      } catch (error) {
        rmSync(work, { recursive: true, force: true });
        throw new AwsError(
          'InvalidParameterValueException',
          `Could not unzip uploaded file: ${String(error)}`,
        );
      }
      // Two uploads of the same code may meet here; the first one wins.
      if (existsSync(this.path(hash))) rmSync(work, { recursive: true });
      else renameSync(work, this.path(hash));
    }
    return { hash, size: zip.length, missing: missingPackages(this.folder, this.path(hash)) };
  }

  /** Removes the code that no function has any more. */
  prune(used: ReadonlySet<string>): void {
    for (const name of readdirSync(this.folder)) {
      if (!used.has(name) && name !== RUNTIME_FOLDER) rmSync(join(this.folder, name), { recursive: true });
    }
  }
}

function unpack(zip: Buffer, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  return new Promise((resolve, reject) => {
    fromBuffer(zip, { lazyEntries: true }, (error, file) => {
      if (error) {
        reject(error);
        return;
      }
      file.on('error', reject);
      file.on('end', resolve);
      file.on('entry', (entry: Entry) => {
        unpackEntry(file, entry, folder).then(() => file.readEntry(), reject);
      });
      file.readEntry();
    });
  });
}

async function unpackEntry(file: ZipFile, entry: Entry, folder: string): Promise<void> {
  const target = join(folder, normalize(entry.fileName));
  if (!target.startsWith(folder)) throw new Error(`the entry ${entry.fileName} points outside`);
  if (entry.fileName.endsWith('/')) {
    mkdirSync(target, { recursive: true });
    return;
  }
  mkdirSync(dirname(target), { recursive: true });
  const content = await new Promise<Readable>((resolve, reject) => {
    file.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
  await pipeline(content, createWriteStream(target));
}
