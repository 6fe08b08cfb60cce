// A picture as the API shows it.
import { pictureUrl } from '../contract/emotions';
import type { Image } from '../contract/schemas';
import type { Picture } from './catalogue';

export function imageOf({ itemId, objectKey, emotion }: Picture, liked: boolean): Image {
  return { itemId, url: pictureUrl(objectKey), emotion, liked };
}
