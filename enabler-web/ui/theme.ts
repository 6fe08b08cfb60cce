// Light, dark, or as the device says. The style sheet does the rest by `data-theme`.

import type { KeyValueStore } from '../likes/storage';

export const THEMES = ['auto', 'light', 'dark'] as const;

export type Theme = (typeof THEMES)[number];

const KEY = 'emotion-gallery.theme';

export function isTheme(value: unknown): value is Theme {
  return THEMES.some((theme) => theme === value);
}

/** The reader's choice; `auto` before there is one. */
export function storedTheme(store: KeyValueStore): Theme {
  const stored = store.getItem(KEY);
  return isTheme(stored) ? stored : 'auto';
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
}

export function chooseTheme(store: KeyValueStore, theme: Theme): void {
  store.setItem(KEY, theme);
  applyTheme(theme);
}
