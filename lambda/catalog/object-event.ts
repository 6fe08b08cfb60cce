// S3's events as EventBridge carries them, and what an object key says about a picture.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
import * as z from 'zod/mini';
import { type Emotion, isEmotion } from '../shared/contract/emotions';
import { LIMITS } from '../shared/contract/schemas';

export const objectEventSchema = z.object({
  'detail-type': z.enum(['Object Created', 'Object Deleted']),
  time: z.iso.datetime(),
  detail: z.object({
    'deletion-type': z.optional(z.string()),
    object: z.object({
      /** Not URL-encoded here, unlike in S3's own notifications. */
      key: z.string(),
      size: z.optional(z.int()),
      sequencer: z.optional(z.string()),
      'version-id': z.optional(z.string()),
    }),
  }),
});

export type ObjectEvent = z.infer<typeof objectEventSchema>;

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
  | { readonly kind: 'folder' }
  | { readonly kind: 'refused'; readonly reason: string };

/** Characters that Amazon Personalize gives a meaning in lists and quoted values, and control characters. */
const UNSAFE = /["|\\\p{Cc}]/u;

export function readKey(key: string): KeyReading {
  if (key.endsWith('/')) return { kind: 'folder' };
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
