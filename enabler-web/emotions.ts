// The eight emotions of the gallery, in the order in which the pages and the generator show them.

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

/** True when `value` names one of the eight emotions. */
export function isEmotion(value: unknown): value is Emotion {
  return EMOTIONS.some((emotion) => emotion === value);
}
