// The folder of one dataset. `manifest` names the files that count: the table of bulk data, the tables of what was
// put (sealed: moved out of the log, so that opening need not read it line by line), and the log of what was put since.
// It has a checksum and is replaced in one step (write, sync, rename), so that an import or a deletion happens wholly or not at all; files
// that it does not name are left-overs of a crash and are removed on open.

import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DamagedFile,
  readRecord,
  readRecords,
  replaceFile,
  syncFolder,
} from '@emotion-gallery/local-kit/store';
import type { DatasetSchema } from '@emotion-gallery/personalize-rules/schemas';
import { Lock } from './locks';

interface Manifest {
  readonly format: 1;
  readonly schema: DatasetSchema;
  /** Number of the next file; numbers of files that were never committed may come again. */
  readonly next: number;
  readonly bulk?: string;
  readonly sealed: readonly string[];
  readonly log: string;
  /** Epoch ms of the last successful import. */
  readonly importedAt?: number;
}

export const MANIFEST = 'manifest';
const FIRST_LOG = 'put-1.log';

export class DatasetFolder {
  private readonly lock = new Lock();
  /** Number of the next file. */
  private next: number;

  private constructor(
    readonly dir: string,
    private manifest: Manifest,
  ) {
    this.next = manifest.next;
  }

  /** Undefined when the folder holds no dataset (never made, or half made by a crash). */
  static async open(dir: string, onRepair: (message: string) => void): Promise<DatasetFolder | undefined> {
    const names = await readdir(dir);
    if (!names.includes(MANIFEST)) {
      // The first manifest is written behind the first log, which is empty then.
      let isBegun = names.some((name) => name !== FIRST_LOG && !name.endsWith('.new'));
      if (names.includes(FIRST_LOG)) readRecords(join(dir, FIRST_LOG), () => (isBegun = true));
      if (isBegun) throw new DamagedFile(join(dir, MANIFEST), 'it is missing');
      return undefined;
    }
    const manifest = JSON.parse(readRecord(join(dir, MANIFEST)).toString('utf8')) as Manifest;
    for (const name of filesOf(manifest)) {
      if (!names.includes(name)) throw new DamagedFile(join(dir, name), 'it is missing');
    }
    const folder = new DatasetFolder(dir, manifest);
    await folder.removeLeftOvers(onRepair);
    return folder;
  }

  static async create(dir: string, schema: DatasetSchema): Promise<DatasetFolder> {
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir, { recursive: true });
    const folder = new DatasetFolder(dir, { format: 1, schema, next: 2, sealed: [], log: FIRST_LOG });
    await replaceFile(folder.logPath, []);
    await folder.commit({});
    await syncFolder(join(dir, '..'));
    return folder;
  }

  get schema(): DatasetSchema {
    return this.manifest.schema;
  }

  get importedAt(): number | undefined {
    return this.manifest.importedAt;
  }

  get bulkPath(): string | undefined {
    return this.manifest.bulk && join(this.dir, this.manifest.bulk);
  }

  get sealedPaths(): string[] {
    return this.manifest.sealed.map((name) => join(this.dir, name));
  }

  get sealed(): readonly string[] {
    return this.manifest.sealed;
  }

  get logPath(): string {
    return join(this.dir, this.manifest.log);
  }

  /** A file name that was never used before. */
  freshName(kind: 'bulk' | 'sealed'): string {
    return `${kind}-${this.next++}.table`;
  }

  /** A new, empty log, which a commit names then. */
  async freshLog(): Promise<string> {
    const name = `put-${this.next++}.log`;
    await replaceFile(join(this.dir, name), []);
    return name;
  }

  /**
   * Makes these changes the dataset's state; the files that they name must be on the disk already. An import and the
   * sealing of a log may commit at the same time: one after the other, each changing its own members.
   */
  commit(change: Partial<Omit<Manifest, 'format' | 'next'>>): Promise<void> {
    return this.lock.run(() => this.replaceManifest(change));
  }

  private async replaceManifest(change: Partial<Omit<Manifest, 'format' | 'next'>>): Promise<void> {
    const previous = this.manifest;
    const next = { ...previous, ...change, next: this.next };
    await replaceFile(join(this.dir, MANIFEST), [Buffer.from(JSON.stringify(next))]);
    this.manifest = next;
    const named = new Set(filesOf(next));
    for (const name of filesOf(previous)) {
      if (!named.has(name)) await rm(join(this.dir, name), { force: true });
    }
  }

  private async removeLeftOvers(onRepair: (message: string) => void): Promise<void> {
    const named = new Set([MANIFEST, ...filesOf(this.manifest)]);
    for (const name of await readdir(this.dir)) {
      if (named.has(name)) continue;
      onRepair(`${join(this.dir, name)}: removed, left over from an unfinished job`);
      await rm(join(this.dir, name), { recursive: true, force: true });
    }
  }
}

const filesOf = ({ bulk, sealed, log }: Manifest): string[] => [...(bulk ? [bulk] : []), ...sealed, log];
