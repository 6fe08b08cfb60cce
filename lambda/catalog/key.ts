// What an object key says about a picture.
import { type Emotion, isEmotion } from '../shared/contract/emotions';
import { LIMITS } from '../shared/contract/schemas';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
};

export type KeyReading =
  | { readonly kind: 'picture'; readonly emotion: Emotion; readonly contentType: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Characters that Amazon Personalize gives a meaning in lists and quoted values, and control characters. */
const UNSAFE = /["|\\\p{Cc}]/u;

/** @param key in the form of Unicode that item ids have (NFC) */
export function readKey(key: string): KeyReading {
  const [, emotion = '', file = '', ...deeper] = key.split('/');
  const refused = (reason: string): KeyReading => ({ kind: 'refused', reason });
  if (!file || deeper.length > 0) return refused('not at emotions/<emotion>/<file>');
  if (!isEmotion(emotion)) return refused('unknown emotion');
  if (key.length > LIMITS.itemIdCharacters)
    return refused(`name longer than ${LIMITS.itemIdCharacters} characters`);
  if (UNSAFE.test(key)) return refused('unsafe character in the name');
  const extension = /\.([^.]+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
  const contentType = CONTENT_TYPES[extension];
  return contentType ? { kind: 'picture', emotion, contentType } : refused('unknown file type');
}
