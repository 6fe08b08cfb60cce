// Draws the sample gallery: 8 emotions × 30 abstract pictures, always the same ones.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EMOTIONS, type Emotion } from '../emotions';
import { paintAngry } from './emotions/angry';
import { paintCalm } from './emotions/calm';
import { paintConfused } from './emotions/confused';
import { paintDisgusted } from './emotions/disgusted';
import { paintFear } from './emotions/fear';
import { paintHappy } from './emotions/happy';
import { paintSad } from './emotions/sad';
import { paintSurprised } from './emotions/surprised';
import { Canvas } from './kit/canvas';
import { createRandom } from './kit/random';
import { COMPOSITIONS, type Painter } from './painter';

/** How many pictures each emotion has. */
export const PICTURES_PER_EMOTION = 30;

const PAINTERS: Readonly<Record<Emotion, Painter>> = {
  happy: paintHappy,
  surprised: paintSurprised,
  calm: paintCalm,
  angry: paintAngry,
  fear: paintFear,
  confused: paintConfused,
  disgusted: paintDisgusted,
  sad: paintSad,
};

/** Which composition a picture has: each as often as the others, in an order that makes no pattern on a wall. */
function compositionOf(emotion: Emotion, index: number): number {
  const block = Math.floor(index / COMPOSITIONS);
  const order = createRandom(`emotion-gallery/${emotion}/order/${block}`).shuffle([0, 1, 2]);
  return order[index % COMPOSITIONS] ?? 0;
}

/** One picture as an SVG document; `index` counts from 0. */
export function drawPicture(emotion: Emotion, index: number): string {
  const canvas = new Canvas();
  const random = createRandom(`emotion-gallery/${emotion}/${index}`);
  PAINTERS[emotion](canvas, random, compositionOf(emotion, index));
  return canvas.toString();
}

/** The file's name of a picture; `index` counts from 0, the name from 01. */
export function pictureName(emotion: Emotion, index: number): string {
  return `${emotion}-${String(index + 1).padStart(2, '0')}.svg`;
}

/** Writes all pictures to `<outDir>/emotions/<emotion>/<emotion>-NN.svg`. Two runs write the same bytes. */
export function generateSampleGallery(outDir: string): void {
  for (const emotion of EMOTIONS) {
    const folder = join(outDir, 'emotions', emotion);
    mkdirSync(folder, { recursive: true });
    for (let index = 0; index < PICTURES_PER_EMOTION; index += 1) {
      writeFileSync(join(folder, pictureName(emotion, index)), drawPicture(emotion, index));
    }
  }
}
