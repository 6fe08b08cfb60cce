// Which language the page speaks: the reader's choice, else the browser's.

import type { KeyValueStore } from '../likes/storage';
import { en, type Messages } from './en';
import { ko } from './ko';

/** The languages with a catalogue, each under its own name. */
export const LANGUAGES = { en: 'English', ko: '한국어' } as const;

export type Language = keyof typeof LANGUAGES;

const CATALOGUES: Readonly<Record<Language, Messages>> = { en, ko };
const KEY = 'emotion-gallery.language';

function isLanguage(value: string | null | undefined): value is Language {
  return value === 'en' || value === 'ko';
}

/** The stored choice, else the first of the browser's languages that has a catalogue, else English. */
export function chooseLanguage(store: KeyValueStore, preferred: readonly string[]): Language {
  const stored = store.getItem(KEY);
  if (isLanguage(stored)) return stored;
  return preferred.map((tag) => tag.split('-')[0]?.toLowerCase()).find(isLanguage) ?? 'en';
}

/** Remembers the reader's choice. */
export function storeLanguage(store: KeyValueStore, language: Language): void {
  store.setItem(KEY, language);
}

/** The texts of a language. */
export function messagesOf(language: Language): Messages {
  return CATALOGUES[language];
}
