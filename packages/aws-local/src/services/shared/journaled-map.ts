// A map on disk: every change is one appended line, so a change is either wholly there after a kill -9 or not at all.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** One change: a value put under a key, or a key removed. */
export type Change<V> =
  | { readonly key: string; readonly value: V }
  | { readonly key: string; readonly removed: true };

type Entry<V> = [key: string, value: V] | [key: string];

const SMALLEST_COMPACTION = 2_000;

/**
 * Keeps its values in memory and its changes in a file of JSON lines; each line is the list of changes of one commit.
 * The operating system holds a written line even if the process dies at once. A torn last line (power loss) is dropped.
 * The file is rewritten when most of its lines are outdated.
 */
export class JournaledMap<V> {
  private readonly entries = new Map<string, V>();
  private descriptor: number;
  private changesInFile = 0;

  constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.load();
    this.descriptor = this.compact();
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: string): V | undefined {
    return this.entries.get(key);
  }

  has(key: string): boolean {
    return this.entries.has(key);
  }

  keys(): IterableIterator<string> {
    return this.entries.keys();
  }

  values(): IterableIterator<V> {
    return this.entries.values();
  }

  put(key: string, value: V): void {
    this.commit([{ key, value }]);
  }

  delete(key: string): void {
    if (this.entries.has(key)) this.commit([{ key, removed: true }]);
  }

  /** Makes several changes at once: after a crash all of them are there, or none. */
  commit(changes: readonly Change<V>[]): void {
    if (changes.length === 0) return;
    const line = changes.map(
      (change): Entry<V> => ('removed' in change ? [change.key] : [change.key, change.value]),
    );
    writeSync(this.descriptor, `${JSON.stringify(line)}\n`);
    this.apply(line);
    if (this.changesInFile > SMALLEST_COMPACTION && this.changesInFile > 4 * this.entries.size) {
      closeSync(this.descriptor);
      this.descriptor = this.compact();
    }
  }

  close(): void {
    if (this.descriptor >= 0) closeSync(this.descriptor);
    this.descriptor = -1;
  }

  private apply(line: readonly Entry<V>[]): void {
    for (const entry of line) {
      if (entry.length === 1) this.entries.delete(entry[0]);
      else this.entries.set(entry[0], entry[1]);
    }
    this.changesInFile += line.length;
  }

  private load(): void {
    if (!existsSync(this.file)) return;
    const lines = readFileSync(this.file, 'utf8').split('\n');
    // What follows the last line break was never completely written, so it was never acknowledged.
    lines.pop();
    for (const [index, line] of lines.entries()) {
      try {
        this.apply(JSON.parse(line) as Entry<V>[]);
      } catch (error) {
        throw new Error(`${this.file} is damaged in line ${index + 1}: ${String(error)}`);
      }
    }
  }

  /** Writes the live entries to a fresh file and returns its descriptor, open for appending. */
  private compact(): number {
    const fresh = `${this.file}.tmp`;
    const descriptor = openSync(fresh, 'w');
    for (const [key, value] of this.entries) writeSync(descriptor, `${JSON.stringify([[key, value]])}\n`);
    fsyncSync(descriptor);
    renameSync(fresh, this.file);
    this.changesInFile = this.entries.size;
    return descriptor;
  }
}
