// What every emotion's file provides: one function that paints one picture.

import type { Canvas } from './kit/canvas';
import type { Random } from './kit/random';

/** How many compositions every emotion has. */
export const COMPOSITIONS = 3;

/** Paints one picture of an emotion in the composition of the given number, from 0. */
export type Painter = (canvas: Canvas, random: Random, composition: number) => void;
