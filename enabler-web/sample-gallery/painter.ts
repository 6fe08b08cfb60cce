// What every emotion's file provides: one function that paints one picture.

import type { Canvas } from './kit/canvas';
import type { Random } from './kit/random';

/** Paints picture number `index` (from 0) of an emotion; the index chooses among the emotion's compositions. */
export type Painter = (canvas: Canvas, random: Random, index: number) => void;
