// A text in every language in which the commands speak, side by side, so that none is forgotten.

export type Language = 'en' | 'ko';

export interface Both {
  readonly en: string;
  readonly ko: string;
}

/** A plain string is English alone: commands that only operators of a deployment use. */
export type Text = string | Both;

export const both = (en: string, ko: string): Both => ({ en, ko });

export const textIn = (language: Language, text: Text): string =>
  typeof text === 'string' ? text : text[language];

/** Of parts that may be in one language. */
export const joined = (parts: readonly Text[], separator: string): Both => ({
  en: parts.map((part) => textIn('en', part)).join(separator),
  ko: parts.map((part) => textIn('ko', part)).join(separator),
});
