// Invented people with a taste, for tests of what the gallery learns from them.
import type { Image } from '../../../lambda/shared/contract/schemas';
import { type GalleryClient, likeOf } from './gallery-client';

export interface Taste {
  readonly emotion: Image['emotion'];
  /** Likes among pictures of the emotion, and among all others. */
  readonly inside: number;
  readonly outside: number;
}

const LIKES_A_REQUEST = 10;

/** Likes as the taste says, the pictures that come first; returns the item ids. */
export async function likeByTaste(
  client: GalleryClient,
  token: string,
  images: readonly Image[],
  { emotion, inside, outside }: Taste,
): Promise<string[]> {
  const chosen = [
    ...images.filter((image) => image.emotion === emotion).slice(0, inside),
    ...images.filter((image) => image.emotion !== emotion).slice(0, outside),
  ].map(({ itemId }) => itemId);
  for (let from = 0; from < chosen.length; from += LIKES_A_REQUEST) {
    await client.like(
      token,
      chosen.slice(from, from + LIKES_A_REQUEST).map((itemId) => likeOf(itemId)),
    );
  }
  return chosen;
}
