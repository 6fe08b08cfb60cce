// The sample gallery: always the same pictures, small, all different, and each emotion to be told from the others.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMOTIONS } from '../../../enabler-web/emotions';
import {
  drawPicture,
  generateSampleGallery,
  PICTURES_PER_EMOTION,
} from '../../../enabler-web/sample-gallery/generate';

const PICTURES = EMOTIONS.flatMap((emotion) =>
  Array.from({ length: PICTURES_PER_EMOTION }, (_, index) => ({
    emotion,
    index,
    svg: drawPicture(emotion, index),
  })),
);

test('drawing again gives the same bytes', () => {
  for (const { emotion, index, svg } of PICTURES) expect(drawPicture(emotion, index)).toBe(svg);
});

test('240 pictures, no two alike, a few kilobytes each, without anything but shapes', () => {
  expect(new Set(PICTURES.map(({ svg }) => svg)).size).toBe(240);
  for (const { svg } of PICTURES) {
    expect(svg.length).toBeLessThan(24_000);
    expect(svg).not.toMatch(/NaN|undefined|Infinity|<script|<style|style=|href/);
  }
  const mean = PICTURES.reduce((sum, { svg }) => sum + svg.length, 0) / PICTURES.length;
  expect(mean).toBeLessThan(7_000);
});

test('the files lie at emotions/<emotion>/<emotion>-NN.svg', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sample-gallery-'));
  try {
    generateSampleGallery(folder);
    for (const emotion of EMOTIONS) {
      expect(readdirSync(join(folder, 'emotions', emotion))).toHaveLength(PICTURES_PER_EMOTION);
    }
    expect(readFileSync(join(folder, 'emotions/sad/sad-07.svg'), 'utf8')).toBe(drawPicture('sad', 6));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** How much of each of 4×4×4 colour cells a picture names, and which shapes it is made of. */
function features(svg: string): number[] {
  const cells = Array.from({ length: 64 }, () => 0);
  const colours = svg.match(/#[0-9a-f]{6}/g) ?? [];
  for (const colour of colours) {
    const parts = [1, 3, 5].map((from) => Math.floor(Number.parseInt(colour.slice(from, from + 2), 16) / 64));
    const cell = parts.reduce((sum, part) => sum * 4 + part, 0);
    cells[cell] = (cells[cell] ?? 0) + 1 / colours.length;
  }
  return cells;
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + (value - (b[index] ?? 0)) ** 2, 0);

test('a picture’s palette alone tells its emotion: its nearest neighbour shares it', () => {
  const known = PICTURES.map(({ emotion, svg }) => ({ emotion, of: features(svg) }));
  const right = known.filter((one) => {
    const others = known.filter((other) => other !== one);
    const nearest = others.reduce((best, other) =>
      distance(other.of, one.of) < distance(best.of, one.of) ? other : best,
    );
    return nearest.emotion === one.emotion;
  });
  expect(right.length / known.length).toBeGreaterThan(0.97);
});
