// A made-up gallery like the application's: people who came in some moods and like pictures of those moods, with noise.
import { seededRandom } from '@emotion-gallery/local-kit/random';
import type { DataSnapshot } from '../../../src/model/recipe';
import { snapshot } from './data';

export const emotions = ['happy', 'surprised', 'calm', 'angry', 'fear', 'confused', 'disgusted', 'sad'];

export interface Gallery {
  readonly data: DataSnapshot;
  /** Two emotions by user id. */
  readonly preferred: ReadonlyMap<string, readonly string[]>;
}

export interface GallerySize {
  readonly people?: number;
  readonly likes?: number;
  readonly picturesPerEmotion?: number;
  /** Share of likes that fall anywhere. */
  readonly noise?: number;
  readonly metadata: boolean;
  readonly seed?: number;
}

/** Every person likes a picture once at most. */
export function makeGallery({
  people = 25,
  likes = 40,
  picturesPerEmotion = 30,
  noise = 0.25,
  metadata,
  seed = 1,
}: GallerySize): Gallery {
  const random = seededRandom(seed);
  const anyOf = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const pictures = emotions.flatMap((emotion) =>
    Array.from({ length: picturesPerEmotion }, (_, i) => `emotions/${emotion}/${i}.svg`),
  );
  const preferred = new Map<string, readonly string[]>();
  const rows: { user: string; item: string; at: number; type: string }[] = [];
  for (let p = 0; p < people; p++) {
    const user = `person-${p}`;
    const first = anyOf(emotions);
    const own = [first, anyOf(emotions.filter((emotion) => emotion !== first))];
    preferred.set(user, own);
    const liked = new Set<string>();
    while (liked.size < likes) {
      const emotion = random() < noise ? anyOf(emotions) : anyOf(own);
      liked.add(`emotions/${emotion}/${Math.floor(random() * picturesPerEmotion)}.svg`);
    }
    for (const item of liked) rows.push({ user, item, at: 1000 + rows.length * 7, type: 'like' });
  }
  const items = Object.fromEntries(
    pictures.map((item): [string, Record<string, string>] => [
      item,
      metadata ? { EMOTION: item.split('/')[1]! } : {},
    ]),
  );
  return { data: snapshot(rows, items), preferred };
}
