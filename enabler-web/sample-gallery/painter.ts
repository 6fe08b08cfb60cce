// What every emotion's file provides: one function that paints one picture.

import type { Canvas } from './kit/canvas';
import type { Random } from './kit/random';

/** Paints one picture of an emotion; chance chooses among the emotion's compositions. */
export type Painter = (canvas: Canvas, random: Random) => void;
