// The pictures of an emotion for operators, the newest first.
import type { Emotion } from '../shared/contract/emotions';
import { LIMITS, type OperatorPicturesResponse } from '../shared/contract/schemas';
import type { Catalogue } from '../shared/gallery/catalogue';
import { imageOf } from '../shared/gallery/image';

export async function listPictures(
  catalogue: Catalogue,
  emotion: Emotion,
  from: number,
): Promise<OperatorPicturesResponse> {
  const all = [...(await catalogue(emotion))].sort((left, right) =>
    right.createdAt.localeCompare(left.createdAt),
  );
  const page = all.slice(from, from + LIMITS.operatorPictures);
  return { images: page.map((picture) => imageOf(picture, false)), count: all.length };
}
