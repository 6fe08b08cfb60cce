// Cuts pages out of the pictures: each visitor has an order of their own, which stays the same from page to page even
// when pictures come and go in between.
import * as z from 'zod/mini';
import { LIMITS } from '../shared/contract/schemas';
import type { Picture } from '../shared/gallery/catalogue';
import { invalid } from '../shared/http/problem';

/** Where the previous page ended: the place of its last picture in the visitor's order. */
export interface Cursor {
  readonly place: number;
  readonly itemId: string;
}

export interface Page {
  readonly pictures: readonly Picture[];
  /** Present while there are more pictures. */
  readonly cursor?: string;
}

const cursorSchema = z.strictObject({
  place: z.int().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER)),
  itemId: z.string().check(z.maxLength(LIMITS.itemIdCharacters)),
});

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** @throws HttpProblem 400 for anything that {@link encodeCursor} did not make */
export function decodeCursor(text: string): Cursor {
  try {
    const cursor = z.parse(cursorSchema, JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (encodeCursor(cursor) === text) return cursor;
  } catch {
    // Not JSON or not a cursor: told below, in the same words as a changed one.
  }
  throw invalid({ field: 'cursor', message: 'must be the cursor of the previous answer, unchanged' });
}

/** A picture's place in a visitor's order: 53 bits of hash, even and repeatable (cyrb53, public domain). */
export function placeOf(visitorId: string, itemId: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  const text = `${visitorId}\n${itemId}`;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}

const compare = (left: Cursor, right: Cursor) =>
  left.place - right.place || (left.itemId < right.itemId ? -1 : Number(left.itemId > right.itemId));

/** The next `limit` pictures after the cursor. Pictures of several emotions come mixed, as the order is random. */
export function cutPage(
  pictures: readonly Picture[],
  visitorId: string,
  limit: number,
  after: Cursor | undefined,
): Page {
  const rest = pictures
    .map((picture) => ({ picture, place: placeOf(visitorId, picture.itemId), itemId: picture.itemId }))
    .filter((placed) => after === undefined || compare(placed, after) > 0)
    .sort(compare);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    pictures: page.map(({ picture }) => picture),
    ...(last && rest.length > limit && { cursor: encodeCursor({ place: last.place, itemId: last.itemId }) }),
  };
}
