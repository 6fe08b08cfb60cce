// The browser's storage as the pages use it: text by key, and the keys.

/** The part of the Storage interface that the pages need; localStorage fits. */
export interface KeyValueStore {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Storage that lasts as long as the page: for tests, and for browsers that refuse to store. */
export function createMemoryStore(): KeyValueStore {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    key: (index) => [...values.keys()][index] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

/** localStorage, or memory where the browser forbids storage (private windows, blocked cookies). */
export function openBrowserStore(browser: { readonly localStorage: KeyValueStore }): KeyValueStore {
  const probe = 'emotion-gallery.probe';
  try {
    browser.localStorage.setItem(probe, '1');
    browser.localStorage.removeItem(probe);
    return browser.localStorage;
  } catch {
    return createMemoryStore();
  }
}

/** All keys that begin with `prefix`. */
export function keysWith(store: KeyValueStore, prefix: string): string[] {
  return Array.from({ length: store.length }, (_, index) => store.key(index)).filter(
    (key): key is string => key?.startsWith(prefix) ?? false,
  );
}

/** A stored JSON value, or undefined when there is none or it is damaged. */
export function readJson<T>(store: KeyValueStore, key: string): T | undefined {
  const text = store.getItem(key);
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    store.removeItem(key);
    return undefined;
  }
}
