// People who like pictures of two moods each, streamed to Amazon Personalize as the gallery does it. 25 people with 40 likes are
// just what a training needs.
import { randomUUID } from 'node:crypto';
import { EMOTIONS, type Emotion } from '../../../lambda/shared/contract/emotions';
import type { StoredEvent } from '../../../lambda/shared/data/undelivered';
import { putEvents } from '../../../lambda/shared/personalize/events';
import { inCalls, putItems } from '../../../lambda/shared/personalize/records';
import { PREFIX, personalizeArn, type TrainingHarness } from './harness';

const PICTURES_PER_EMOTION = 30;
const PEOPLE = 25;
const LIKES = 40;
const START = Date.UTC(2026, 0, 1);

export const pictures: readonly string[] = EMOTIONS.flatMap((emotion) =>
  Array.from({ length: PICTURES_PER_EMOTION }, (_, index) => `emotions/${emotion}/${emotion}-${index}.svg`),
);

export const person = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

/** The two moods whose pictures somebody likes. */
export const moodsOf = (index: number): readonly Emotion[] =>
  [EMOTIONS[index % EMOTIONS.length], EMOTIONS[(index + 3) % EMOTIONS.length]] as Emotion[];

export async function addPictures({ events }: TrainingHarness): Promise<void> {
  const items = pictures.map((itemId) => ({
    itemId,
    listed: itemId.split('/')[1] ?? '',
    createdAt: new Date(START).toISOString(),
  }));
  const datasetArn = personalizeArn('dataset', `${PREFIX}/ITEMS`);
  for (const call of inCalls(items)) await putItems(events, datasetArn, call);
}

export interface Likes {
  /** Another round brings other likes of the same people, a day later. @default 0 */
  readonly round?: number;
  /** `whim`: likes that nothing foretells. @default 'moods' */
  readonly after?: 'moods' | 'whim';
  /** So many likes are tapped twice within a second, in place of as many others. @default 0 */
  readonly doubled?: number;
}

/** What the `index`-th person likes: five of six are pictures of their moods. */
function byMood(index: number, round: number): string[] {
  const [first, second] = moodsOf(index);
  return Array.from({ length: LIKES }, (_, n) => {
    const mood = n % 6 === 5 ? EMOTIONS[(index + n + round) % EMOTIONS.length] : n % 2 ? first : second;
    return `emotions/${mood}/${mood}-${(n * 7 + index * 3 + round * 5) % PICTURES_PER_EMOTION}.svg`;
  });
}

/** Every person another walk through all pictures, never twice the same picture. */
function byWhim(index: number): string[] {
  const strides = [7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47];
  const stride = strides[index % strides.length] ?? 7;
  return Array.from({ length: LIKES }, (_, n) => pictures[(index * 53 + n * stride) % pictures.length] ?? '');
}

/** They are in the table of likes, as the gallery writes them, and delivered. */
export async function likePictures(
  gallery: TrainingHarness,
  { round = 0, after = 'moods', doubled = 0 }: Likes = {},
): Promise<{ liked(): Promise<void> }> {
  let others: Like[] = [];
  for (let index = 0; index < PEOPLE; index++) {
    const liked = after === 'moods' ? byMood(index, round) : byWhim(index);
    const likes = liked.map((itemId, n) => ({
      eventId: randomUUID(),
      eventType: 'like' as const,
      itemId,
      occurredAt: new Date(START + round * 86_400_000 + (index * LIKES + n) * 1000).toISOString(),
    }));
    if (index === 0 && doubled > 0) {
      others = likes.splice(LIKES - doubled);
      likes.push(...likes.slice(0, doubled).map((like) => ({ ...like, eventId: randomUUID() })));
    }
    await deliver(gallery, index, round, likes);
  }
  // Those that the doubled ones took the place of.
  return { liked: () => deliver(gallery, 0, round, others) };
}

type Like = StoredEvent & { readonly eventType: 'like' };

async function deliver(
  gallery: TrainingHarness,
  index: number,
  round: number,
  likes: readonly Like[],
): Promise<void> {
  const { LikesTableName, TrackingId } = gallery.outputs;
  const visitorId = person(index);
  const rows = likes.map(({ eventType: _, ...like }) => ({ visitorId, ...like, liked: true }));
  await gallery.putRows(String(LikesTableName), rows);
  for (const events of inCalls(likes)) {
    await putEvents(gallery.events, String(TrackingId), {
      visitorId,
      sessionId: `${index}-${round}`,
      events,
    });
  }
}
