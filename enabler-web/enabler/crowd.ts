// A simulated crowd: invented people with favourite emotions, who like by chance through the public API as anybody does.

import { ProblemError } from '../api/problem-error';
import type { GalleryImage, ImagePage, LikeBatch, LikeEvent, LikeReceipt, Visitor } from '../api/types';
import { EMOTIONS, type Emotion } from '../emotions';
import { BATCH_SIZE } from '../likes/outbox';

/** The crowd to send. */
export interface CrowdPlan {
  readonly people: number;
  readonly likesEach: number;
  /** Share of likes outside a person's favourites, 0 to 1. */
  readonly noise: number;
}

/** How far the crowd is. */
export interface CrowdProgress {
  readonly people: number;
  readonly likes: number;
}

/** What the crowd needs from outside. */
export interface CrowdPorts {
  createPeople(request: { count: number; emotion: Emotion }): Promise<readonly Visitor[]>;
  images(token: string, query: { limit: number; cursor?: string }): Promise<ImagePage>;
  sendLikes(token: string, batch: LikeBatch): Promise<LikeReceipt>;
  /** Resolves after the pause; rejects when the crowd is stopped. */
  sleep(ms: number): Promise<void>;
  random(): number;
  newId(): string;
  now(): number;
  onProgress(progress: CrowdProgress): void;
}

/** The most people that one call makes. */
const PEOPLE_PER_CALL = 25;
const IMAGES_PER_CALL = 50;
const IMPRESSION_SIZE = 12;
/** Pause between requests, so that a crowd never crowds out real people. */
const PAUSE_MS = 80;
const TRIES = 6;

/** Calls again after a pause while the failure is a passing one. */
async function patiently<T>(ports: CrowdPorts, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    await ports.sleep(PAUSE_MS);
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ProblemError) || !error.temporary || attempt === TRIES) throw error;
      await ports.sleep(error.retryAfterMs ?? 500 * 2 ** attempt * (0.5 + ports.random() / 2));
    }
  }
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((value) => ({ value, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}

async function allImages(ports: CrowdPorts, token: string): Promise<GalleryImage[]> {
  const images: GalleryImage[] = [];
  let cursor: string | undefined;
  do {
    const page = await patiently(ports, () => ports.images(token, { limit: IMAGES_PER_CALL, cursor }));
    images.push(...page.images);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return images;
}

/**
 * Chooses what one person likes: each pick is from their favourites, or with probability `noise` from the rest, and
 * no picture twice. When one side is used up the other one goes on.
 */
export function chooseLikes(
  images: readonly GalleryImage[],
  favourites: ReadonlySet<Emotion>,
  plan: Pick<CrowdPlan, 'likesEach' | 'noise'>,
  random: () => number,
): GalleryImage[] {
  const mixed = shuffled(images, random);
  const inside = mixed.filter(({ emotion }) => favourites.has(emotion));
  const outside = mixed.filter(({ emotion }) => !favourites.has(emotion));
  const chosen: GalleryImage[] = [];
  while (chosen.length < plan.likesEach) {
    const [first, second] = random() < plan.noise ? [outside, inside] : [inside, outside];
    const pick = first.pop() ?? second.pop();
    if (pick === undefined) break;
    chosen.push(pick);
  }
  return chosen;
}

/** One person's visit: all their likes, in batches of one session. */
async function visit(
  ports: CrowdPorts,
  person: Visitor,
  likes: readonly GalleryImage[],
  images: readonly GalleryImage[],
  onSent: (count: number) => void,
): Promise<void> {
  const sessionId = ports.newId();
  for (let from = 0; from < likes.length; from += BATCH_SIZE) {
    const events = likes.slice(from, from + BATCH_SIZE).map(({ itemId }): LikeEvent => {
      const around = shuffled(images, ports.random)
        .slice(0, IMPRESSION_SIZE)
        .map((image) => image.itemId);
      const impression = [itemId, ...around.filter((other) => other !== itemId)];
      const occurredAt = new Date(ports.now()).toISOString();
      return { eventId: ports.newId(), itemId, liked: true, impression, occurredAt };
    });
    // The same event ids go again after a failure, so a lost answer counts nothing twice.
    const receipt = await patiently(ports, () => ports.sendLikes(person.token, { sessionId, likes: events }));
    onSent(receipt.accepted.length);
  }
}

/** Sends the crowd; resolves to what was sent. A stop rejects as `sleep` does. */
export async function sendCrowd(plan: CrowdPlan, ports: CrowdPorts): Promise<CrowdProgress> {
  let progress: CrowdProgress = { people: 0, likes: 0 };
  const report = (change: CrowdProgress): void => {
    progress = change;
    ports.onProgress(progress);
  };
  const order = shuffled(EMOTIONS, ports.random);
  let images: GalleryImage[] | undefined;
  for (const [index, favourite] of order.entries()) {
    const count = Math.floor(plan.people / order.length) + (index < plan.people % order.length ? 1 : 0);
    for (let made = 0; made < count; made += PEOPLE_PER_CALL) {
      const request = { count: Math.min(PEOPLE_PER_CALL, count - made), emotion: favourite };
      for (const person of await patiently(ports, () => ports.createPeople(request))) {
        images ??= await allImages(ports, person.token);
        const second = order[Math.floor(ports.random() * order.length)] ?? favourite;
        const likes = chooseLikes(images, new Set([favourite, second]), plan, ports.random);
        await visit(ports, person, likes, images, (sent) =>
          report({ ...progress, likes: progress.likes + sent }),
        );
        report({ ...progress, people: progress.people + 1 });
      }
    }
  }
  return progress;
}
