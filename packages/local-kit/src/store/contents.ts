// What a store's records say: maps in memory, each entry with the place of its newest record.
//
// A record is the JSON of one commit, a list of `[map, key, order, value]` (put) and `[map, key]` (removed), so a commit is there whole
// or not at all.
import type { Entry } from './stored-map';

export type Line =
  | readonly [map: string, key: string, order: number, value: unknown]
  | readonly [map: string, key: string];

export class Contents {
  liveBytes = 0;
  private readonly maps = new Map<string, Map<string, Entry<unknown>>>();
  private nextOrder = 1;
  /** Maps whose values are not kept here. */
  private readonly forgotten = new Set<string>();

  forget(name: string): void {
    this.forgotten.add(name);
    for (const [key, entry] of this.map(name)) this.map(name).set(key, { ...entry, value: undefined });
  }

  keepsValues(name: string): boolean {
    return !this.forgotten.has(name);
  }

  map(name: string): Map<string, Entry<unknown>> {
    let map = this.maps.get(name);
    if (!map) {
      map = new Map();
      this.maps.set(name, map);
    }
    return map;
  }

  /** A known key keeps its place. */
  orderOf(map: string, key: string): number {
    return this.map(map).get(key)?.order ?? this.nextOrder++;
  }

  /** Whether this is the newest record of the key. */
  isAt(map: string, key: string, segment: number, at: number): boolean {
    const entry = this.map(map).get(key);
    return entry?.segment === segment && entry.at === at;
  }

  /** Applies a commit. */
  replay(payload: Buffer, segment: number, at: number): void {
    const lines = parse(payload);
    for (const line of lines) this.apply(line, segment, at, Math.ceil(payload.length / lines.length));
  }

  apply(line: Line, segment: number, at: number, bytes: number): void {
    const [name, key, order, value] = line;
    const map = this.map(name);
    this.liveBytes -= map.get(key)?.bytes ?? 0;
    if (order === undefined) {
      map.delete(key);
      return;
    }
    this.liveBytes += bytes;
    this.nextOrder = Math.max(this.nextOrder, order + 1);
    map.set(key, { value: this.keepsValues(name) ? value : undefined, order, segment, at, bytes });
  }

  /** Cleaning writes old values behind newer ones. */
  sort(): void {
    for (const map of this.maps.values()) {
      const entries = [...map];
      if (
        entries.every(([, entry], index) => index === 0 || entry.order > (entries[index - 1]?.[1].order ?? 0))
      )
        continue;
      map.clear();
      for (const [key, entry] of entries.sort(([, a], [, b]) => a.order - b.order)) map.set(key, entry);
    }
  }
}

/** The lines of a commit. */
export function parse(payload: Buffer): readonly Line[] {
  return JSON.parse(payload.toString('utf8')) as readonly Line[];
}
