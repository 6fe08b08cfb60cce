// The language in which results are told: Korean or English, by `--lang`, GALLERY_LANG or the shell's LANG.
import { type Option, UserError, type Values } from './command';

export type Language = 'en' | 'ko';

/** Says the same in the chosen language: both are written side by side, so that none is forgotten. */
export type Say = (english: string, korean: string) => string;

export const langOption: Option = {
  type: 'string',
  value: 'L',
  description: 'en or ko (default: GALLERY_LANG, then LC_ALL or LANG of the shell, otherwise en)',
};

/** @throws UserError for a language that there is not */
export function languageOf(
  { lang }: Values,
  { GALLERY_LANG, LC_ALL, LANG }: Readonly<Record<string, string | undefined>> = process.env,
): Language {
  const asked = lang ?? GALLERY_LANG;
  if (asked === undefined) return (LC_ALL || LANG)?.startsWith('ko') ? 'ko' : 'en';
  if (asked === 'en' || asked === 'ko') return asked;
  throw new UserError(`the language must be en or ko, got ${asked} (--lang or GALLERY_LANG)`, true);
}

export const speaker =
  (language: Language): Say =>
  (english, korean) =>
    language === 'ko' ? korean : english;
