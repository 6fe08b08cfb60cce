// A map whose changes are on disk before they are in memory.
import type { Store } from './store';

/** One change: a value put under a key, as it is or as its JSON, or a key removed. */
export type Change<V> =
  | { readonly key: string; readonly value: V }
  | { readonly key: string; readonly json: string }
  | { readonly key: string; readonly removed: true };

/** A change and the map that it is for. */
export type StoreChange = Change<unknown> & { readonly map: Pick<StoredMap<never>, 'name'> };

/** A value, and where the store keeps it. */
export interface Entry<V> {
  readonly value: V;
  /** Grows with every new key; a changed value keeps its place. */
  readonly order: number;
  readonly segment: number;
  readonly at: number;
  readonly bytes: number;
}

/** When a value may go, in milliseconds since the epoch; Infinity for one that must stay. */
export type ExpiresAt<V> = (value: V) => number;

/** Iterates in the order in which its keys were first put, also after a restart. Values are JSON, and are not changed in place. */
export class StoredMap<V> {
  constructor(
    readonly name: string,
    private readonly store: Store,
    /** Changed by the store alone. */
    private readonly entriesByKey: ReadonlyMap<string, Entry<V>>,
    /** @default - values stay until they are deleted */
    readonly expiresAt?: ExpiresAt<V>,
  ) {}

  get size(): number {
    return this.entriesByKey.size;
  }

  get(key: string): V | undefined {
    return this.entriesByKey.get(key)?.value;
  }

  has(key: string): boolean {
    return this.entriesByKey.has(key);
  }

  keys(): IterableIterator<string> {
    return this.entriesByKey.keys();
  }

  *values(): IterableIterator<V> {
    for (const { value } of this.entriesByKey.values()) yield value;
  }

  *entries(): IterableIterator<[key: string, value: V]> {
    for (const [key, { value }] of this.entriesByKey) yield [key, value];
  }

  put(key: string, value: V): void {
    this.commit([{ key, value }]);
  }

  delete(key: string): void {
    if (this.entriesByKey.has(key)) this.commit([{ key, removed: true }]);
  }

  /** Makes several changes at once: all of them, or none. */
  commit(changes: readonly Change<V>[]): void {
    this.store.commit(changes.map((change) => ({ ...change, map: this })));
  }
}
