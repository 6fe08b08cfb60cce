// Files that appear whole or not at all: written beside their place, and moved there when everything is right.
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Option, UserError } from '../command';
import { both } from '../text';

/** Of each command that writes files: where to, and whether over others. */
export const outOption: Option = {
  type: 'string',
  value: 'DIR',
  description: both('folder of the files (default: the current one)', '파일을 둘 폴더 (기본값: 현재 폴더)'),
};
export const overwriteOption: Option = {
  type: 'boolean',
  description: both('replace files that are there already', '이미 있는 파일을 덮어씀'),
};

const FLUSH_BYTES = 1 << 20;

const SPECIAL = /[",\n\r\\]/;

const quoted = (cell: string): string =>
  SPECIAL.test(cell) ? `"${cell.replaceAll('\\', '\\\\').replaceAll('"', '""')}"` : cell;

export const csvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\n`;

export class OutputFile {
  private pending = Buffer.allocUnsafe(2 * FLUSH_BYTES);
  private length = 0;

  constructor(
    readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** Remembers the text; `flush` writes it. */
  add(text: string): void {
    this.roomFor(3 * text.length);
    this.length += this.pending.write(text, this.length);
  }

  /** The same of bytes, which are copied. */
  addBytes(bytes: Uint8Array): void {
    this.roomFor(bytes.length);
    this.pending.set(bytes, this.length);
    this.length += bytes.length;
  }

  private roomFor(bytes: number): void {
    if (this.length + bytes <= this.pending.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.length + bytes));
    larger.set(this.pending.subarray(0, this.length));
    this.pending = larger;
  }

  get isFull(): boolean {
    return this.length > FLUSH_BYTES;
  }

  async flush(): Promise<void> {
    const { length } = this;
    this.length = 0;
    if (length > 0) await this.handle.writeFile(this.pending.subarray(0, length));
  }

  async close(): Promise<void> {
    await this.flush();
    await this.handle.sync();
    await this.handle.close();
  }
}

const temporary = (path: string): string => `${path}.${process.pid}.part`;

/**
 * @param overwrite otherwise a file that is there already is an error
 * @param work fills the files, in the order of `paths`
 * @throws UserError when a file is there already; what `work` throws, and then no file has appeared
 */
export async function writeTogether<T>(
  paths: readonly string[],
  overwrite: boolean,
  work: (files: readonly OutputFile[]) => Promise<T>,
): Promise<T> {
  for (const path of paths) {
    if (!overwrite && (await isThere(path))) {
      throw new UserError(
        both(
          `${path} is there already: --overwrite replaces it, --out names another folder`,
          `${path}이(가) 이미 있습니다. --overwrite로 덮어쓰거나 --out으로 다른 폴더를 정하세요`,
        ),
      );
    }
  }
  const files: OutputFile[] = [];
  try {
    for (const path of paths) {
      await mkdir(dirname(path), { recursive: true });
      files.push(new OutputFile(path, await open(temporary(path), 'w')));
    }
    const result = await work(files);
    for (const file of files) await file.close();
    for (const path of paths) await rename(temporary(path), path);
    return result;
  } catch (error) {
    await Promise.all(files.map((file) => file.close().catch(() => undefined)));
    await Promise.all(paths.map((path) => rm(temporary(path), { force: true })));
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC')
      throw new UserError(
        both('the disk is full: nothing was written', '디스크가 가득 찼습니다. 아무것도 쓰지 않았습니다'),
      );
    throw error;
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw error;
    },
  );

export const writeText = (path: string, text: string): Promise<void> =>
  writeTogether([path], true, async ([file]) => file?.add(text));
