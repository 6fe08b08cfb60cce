// What an object key says about a picture: its emotion, and whether it can be an item id. What the file is, its content says.
import { type Emotion, isEmotion } from '../shared/contract/emotions';
import { LIMITS } from '../shared/contract/schemas';
import { RefusedPicture } from './pictures/inspect';

/** Characters that Amazon Personalize gives a meaning in lists and quoted values, and control characters. */
const UNSAFE = /["|\\\p{Cc}]/u;

/**
 * @param key in the form of Unicode that item ids have (NFC)
 * @throws RefusedPicture when no item can be called so
 */
export function emotionOf(key: string): Emotion {
  const [, emotion = '', file = '', ...deeper] = key.split('/');
  if (!file || deeper.length > 0) throw new RefusedPicture('not at emotions/<emotion>/<file>');
  if (!isEmotion(emotion)) throw new RefusedPicture('unknown emotion');
  if (key.length > LIMITS.itemIdCharacters) {
    throw new RefusedPicture(`name longer than ${LIMITS.itemIdCharacters} characters`);
  }
  if (UNSAFE.test(key)) throw new RefusedPicture('unsafe character in the name');
  return emotion;
}
