// The eight emotions, and how an item id names one.

export const EMOTIONS = [
  'happy',
  'surprised',
  'calm',
  'angry',
  'fear',
  'confused',
  'disgusted',
  'sad',
] as const;

/** One of the eight emotions; also the folder's name under `emotions/`. */
export type Emotion = (typeof EMOTIONS)[number];

export function isEmotion(value: unknown): value is Emotion {
  return EMOTIONS.some((emotion) => emotion === value);
}

/** The emotion that an item id (`emotions/<emotion>/<file>`) names, if it names one. */
export function emotionOfItemId(itemId: string): Emotion | undefined {
  const [prefix, emotion, file, ...rest] = itemId.split('/');
  return prefix === 'emotions' && file && rest.length === 0 && isEmotion(emotion) ? emotion : undefined;
}

/** Where the renditions of pictures are, in the bucket and on the site. */
export const PICTURES_PREFIX = 'pictures/';

/** The page that every deployment of another release writes anew. */
export const FRONT_PAGE = 'site/index.html';

/** Where files are that an operator took out of the gallery; nothing shows them, and the bucket forgets them after a month. */
export const REMOVED_PREFIX = 'removed/';
