// The language in which results are told: Korean or English, by `--lang`, GALLERY_LANG or the shell's LANG.
import { type Option, UserError, type Values } from './command';
import { both, type Language } from './text';

export type { Language } from './text';

/** Says the same in the chosen language: both are written side by side, so that none is forgotten. */
export type Say = (english: string, korean: string) => string;

export const langOption: Option = {
  type: 'string',
  value: 'L',
  description: both(
    'en or ko (default: GALLERY_LANG, then LC_ALL or LANG of the shell, otherwise en)',
    'en 또는 ko (기본값: GALLERY_LANG, 다음으로 셸의 LC_ALL이나 LANG, 없으면 en)',
  ),
};

/** @throws UserError for a language that there is not */
export function languageOf(
  { lang }: Values,
  { GALLERY_LANG, LC_ALL, LANG }: Readonly<Record<string, string | undefined>> = process.env,
): Language {
  const asked = lang ?? GALLERY_LANG;
  if (asked === undefined) return (LC_ALL || LANG)?.startsWith('ko') ? 'ko' : 'en';
  if (asked === 'en' || asked === 'ko') return asked;
  throw new UserError(
    both(
      `the language must be en or ko, got ${asked} (--lang or GALLERY_LANG)`,
      `언어는 en 또는 ko여야 합니다. 받은 값: ${asked} (--lang 또는 GALLERY_LANG)`,
    ),
    true,
  );
}

export const speaker =
  (language: Language): Say =>
  (english, korean) =>
    language === 'ko' ? korean : english;

/** Of help and errors, before a command's own options are known to be right. */
export function languageOfLine(line: readonly string[]): Language {
  const at = line.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const word = line[at];
  const lang = word?.startsWith('--lang=') ? word.slice('--lang='.length) : line[at + 1];
  try {
    return languageOf(word === undefined ? {} : { lang });
  } catch {
    return 'en';
  }
}
