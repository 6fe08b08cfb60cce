// Trained models on disk, one folder each under `models/`: one file a buffer. A folder appears whole, by a rename, before
// the solution version that owns it becomes ACTIVE. Models are read when they are first asked for: each file in one piece
// into memory of its own, of which the model's typed arrays are views; nothing is parsed or copied.
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { readRecord, replaceFile, syncFolder } from '@emotion-gallery/local-kit/store';
import { type Buffers, CorruptModel, servesRequests } from '../engine/buffers';
import type { Model, Recipe } from '../model/recipe';

/** Models that were not asked for lately are let go when those in memory come to more bytes than this; they are read again. */
const ROOM_BYTES = 1024 ** 3;

/** The file with the CRC-32 of each buffer, by name. */
const CHECKSUMS = '.checksums';

interface InMemory {
  readonly model: Promise<Model>;
  readonly bytes: number;
}

export class ModelStore {
  /** By folder, least lately used first. */
  private readonly loaded = new Map<string, InMemory>();

  private constructor(
    private readonly dir: string,
    private readonly roomBytes: number,
  ) {}

  /** Removes the folders that belong to no version, which a crash or a deletion has left. */
  static async start(
    stateDir: string,
    folders: ReadonlySet<string>,
    roomBytes = ROOM_BYTES,
  ): Promise<ModelStore> {
    const dir = join(stateDir, 'models');
    await mkdir(dir, { recursive: true });
    for (const name of await readdir(dir)) {
      if (!folders.has(name)) await rm(join(dir, name), { recursive: true, force: true });
    }
    return new ModelStore(dir, roomBytes);
  }

  /** `folder` comes from the ARN, which is unique: `solution/<name>/<id>` becomes `solution.<name>.<id>`. */
  static folderOf(arn: string): string {
    return arn.slice(arn.lastIndexOf(':') + 1).replaceAll('/', '.');
  }

  /** Stores the buffers; the model, which was made from them, serves from now on. */
  async save(folder: string, model: Model, buffers: Buffers): Promise<void> {
    const final = join(this.dir, folder);
    const draft = `${final}.new`;
    await rm(draft, { recursive: true, force: true });
    await rm(final, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    for (const [name, bytes] of buffers) {
      const file = await open(join(draft, encodeURIComponent(name)), 'w');
      await file.writeFile(bytes);
      await file.sync();
      await file.close();
    }
    const checksums = [...buffers].map(([name, bytes]) => [name, crc32(bytes)] as const);
    await replaceFile(join(draft, CHECKSUMS), [Buffer.from(JSON.stringify(checksums))]);
    await rename(draft, final);
    await syncFolder(this.dir);
    this.keep(folder, Promise.resolve(model), sizeOf(buffers));
  }

  /** `prepare` may derive the model that serves from the stored one; it runs whenever the model is read. */
  load(folder: string, recipe: Recipe, prepare: (model: Model) => Model): Promise<Model> {
    const known = this.loaded.get(folder);
    if (known) {
      this.keep(folder, known.model, known.bytes);
      return known.model;
    }
    const reading = this.read(folder, servesRequests);
    const model = reading.then((buffers) => prepare(recipe.load(buffers)));
    this.keep(folder, model, 0);
    reading
      .then((buffers) => {
        if (this.loaded.get(folder)?.model === model) this.keep(folder, model, sizeOf(buffers));
      })
      // A read that failed is tried again by the next request; this one's caller is told by `model`.
      .catch(() => {});
    model.catch(() => this.loaded.delete(folder));
    return model;
  }

  private keep(folder: string, model: Promise<Model>, bytes: number): void {
    this.loaded.delete(folder);
    this.loaded.set(folder, { model, bytes });
    let all = 0;
    for (const other of this.loaded.values()) all += other.bytes;
    for (const [name, other] of this.loaded) {
      if (all <= this.roomBytes || name === folder) return;
      this.loaded.delete(name);
      all -= other.bytes;
    }
  }

  /** Everything that was stored, what only an UPDATE training reads included. */
  readAll(folder: string): Promise<Buffers> {
    return this.read(folder, () => true);
  }

  private async read(folder: string, wanted: (name: string) => boolean): Promise<Buffers> {
    const dir = join(this.dir, folder);
    const buffers = new Map<string, Uint8Array>();
    // Models of an earlier version have none.
    const file = join(dir, CHECKSUMS);
    const checksums = existsSync(file) ? checksumsIn(file) : undefined;
    for (const file of await readdir(dir)) {
      const name = decodeURIComponent(file);
      if (file === CHECKSUMS || !wanted(name)) continue;
      const bytes = await readWhole(join(dir, file));
      if (checksums && checksums.get(name) !== crc32(bytes))
        throw new CorruptModel(
          `${join(dir, file)} is damaged: restore it from a backup, or train the model again`,
        );
      buffers.set(name, bytes);
    }
    return buffers;
  }

  /** Serves this model from now on, without storing it; `prepare` of a later load must derive it again. */
  replace(folder: string, model: Model): void {
    this.keep(folder, Promise.resolve(model), this.loaded.get(folder)?.bytes ?? 0);
  }

  async remove(folder: string): Promise<void> {
    this.loaded.delete(folder);
    await rm(join(this.dir, folder), { recursive: true, force: true });
  }
}

function checksumsIn(file: string): ReadonlyMap<string, number> {
  return new Map(JSON.parse(readRecord(file).toString('utf8')) as [name: string, checksum: number][]);
}

/** Of what serves. */
function sizeOf(buffers: Buffers): number {
  let bytes = 0;
  for (const [name, { byteLength }] of buffers) if (servesRequests(name)) bytes += byteLength;
  return bytes;
}

/** The memory is shared, so that a training thread reads it where it is. */
async function readWhole(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytes = new Uint8Array(new SharedArrayBuffer(size));
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(bytes, at, size - at, at);
      if (bytesRead === 0) throw new CorruptModel(`${path} became shorter while it was read`);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}
