// A page of pictures for a visitor, each with whether they like it.
import { type ImagesQuery, type ImagesResponse, LIMITS } from '../shared/contract/schemas';
import type { Catalogue } from '../shared/gallery/catalogue';
import { imageOf } from '../shared/gallery/image';
import type { LikedItems } from '../shared/gallery/liked';
import { cutPage, decodeCursor } from './page';

export interface ImagesOptions {
  readonly catalogue: Catalogue;
  readonly likedItems: LikedItems;
}

/** @throws HttpProblem 400 for a changed cursor */
export async function listImages(
  { catalogue, likedItems }: ImagesOptions,
  visitorId: string,
  { emotion, limit, cursor }: ImagesQuery,
): Promise<ImagesResponse> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const [pictures, { liked }] = await Promise.all([catalogue(emotion), likedItems(visitorId)]);
  const page = cutPage(pictures, visitorId, limit ? Number(limit) : LIMITS.defaultImages, after);
  const images = page.pictures.map((picture) => imageOf(picture, liked.has(picture.itemId)));
  return { images, ...(page.cursor && { cursor: page.cursor }) };
}
