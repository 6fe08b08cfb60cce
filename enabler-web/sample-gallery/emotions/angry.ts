// Angry: red on black, everything on the slant and under pressure. Shards, slashes, eruptions.

import { type Canvas, type Point, SIZE } from '../kit/canvas';
import { oklch } from '../kit/colour';
import { polar, polygon } from '../kit/curves';
import type { Random } from '../kit/random';

function paintHeat(canvas: Canvas, random: Random): void {
  const degrees = random.between(20, 160);
  canvas.background(
    canvas.linear(degrees, [
      [0, oklch(0.2, 0.06, 25)],
      [0.5, oklch(0.44, 0.18, 27)],
      [1, oklch(0.58, 0.23, 29)],
    ]),
  );
}

/** One long, ragged stroke from edge to edge. */
function slash(random: Random, middle: Point, angle: number, width: number): string {
  const upper: Point[] = [];
  const lower: Point[] = [];
  for (let step = 0; step <= 8; step += 1) {
    const along = -480 + step * 120;
    const swell = width * Math.sin((step / 8) * Math.PI) + 1;
    const [x, y] = polar(middle, along, angle);
    upper.push(polar([x, y], swell * random.between(0.6, 1.3), angle - Math.PI / 2));
    lower.unshift(polar([x, y], swell * random.between(0.6, 1.3), angle + Math.PI / 2));
  }
  return polygon([...upper, ...lower]);
}

/** Slashes that cross at nearly the same slant. */
function paintSlashes(canvas: Canvas, random: Random): void {
  const slant = random.pick([-1, 1]) * random.between(0.5, 0.95);
  const colours = [oklch(0.14, 0.03, 25), oklch(0.63, 0.25, 28), oklch(0.75, 0.19, 48), oklch(0.1, 0.02, 25)];
  for (let stroke = 0; stroke < 11; stroke += 1) {
    const middle: Point = [random.between(60, 580), random.between(60, 580)];
    const width = random.between(12, 50) * (1 - stroke / 16);
    canvas.path(slash(random, middle, slant + random.between(-0.16, 0.16), width), {
      fill: colours[stroke % colours.length],
    });
  }
}

/** Splinters that press in from the edges onto a glowing core. */
function paintShards(canvas: Canvas, random: Random): void {
  const core: Point = [random.between(240, 400), random.between(240, 400)];
  canvas.circle(...core, 330, {
    fill: canvas.radial(0.5, 0.5, 0.5, [
      [0, oklch(0.9, 0.16, 80)],
      [0.3, oklch(0.7, 0.23, 40)],
      [1, oklch(0.5, 0.21, 28), 0],
    ]),
  });
  const count = random.whole(20, 28);
  for (let shard = 0; shard < count; shard += 1) {
    const angle = (shard / count) * Math.PI * 2 + random.between(-0.1, 0.1);
    const half = random.between(0.07, 0.17);
    const tip = polar(core, random.between(34, 165), angle + random.between(-0.18, 0.18));
    const dark = shard % 3 !== 0;
    canvas.path(polygon([tip, polar(core, 640, angle - half), polar(core, 640, angle + half)]), {
      fill: dark ? oklch(random.between(0.1, 0.24), 0.06, 25) : oklch(random.between(0.5, 0.64), 0.24, 28),
    });
  }
}

/** Jagged peaks, row before row, and sparks above them. */
function paintEruption(canvas: Canvas, random: Random): void {
  const rows = 5;
  for (let row = 0; row < rows; row += 1) {
    const base = 250 + row * 95;
    const points: Point[] = [[-20, SIZE + 10]];
    for (let x = -20; x <= SIZE + 40; x += random.between(26, 62)) {
      points.push([x, base - random.between(0, 190 - row * 22) * (points.length % 2)]);
    }
    points.push([SIZE + 60, SIZE + 10]);
    const light = canvas.linear(90, [
      [0, oklch(0.76 - row * 0.145, 0.21 - row * 0.03, 52 - row * 7)],
      [0.7, oklch(0.5 - row * 0.09, 0.19 - row * 0.03, 30)],
    ]);
    canvas.path(polygon(points), { fill: light });
  }
  for (let spark = 0; spark < 22; spark += 1) {
    const from: Point = [random.between(30, 610), random.between(20, 330)];
    const to = polar(from, random.between(14, 54), -Math.PI / 2 + random.between(-0.7, 0.7));
    canvas.path(polygon([from, to], false), {
      stroke: oklch(0.82, 0.18, random.between(45, 75)),
      'stroke-width': random.between(2.5, 7),
    });
  }
}

/** Hairline cracks over everything, the last bit of pressure. */
function paintCracks(canvas: Canvas, random: Random): void {
  for (let crack = 0; crack < 3; crack += 1) {
    let place: Point = [random.between(80, 560), random.between(80, 560)];
    let heading = random.between(0, Math.PI * 2);
    const points: Point[] = [place];
    for (let step = 0; step < 7; step += 1) {
      heading += random.between(-0.9, 0.9);
      place = polar(place, random.between(24, 70), heading);
      points.push(place);
    }
    canvas.path(polygon(points, false), {
      fill: 'none',
      stroke: oklch(0.92, 0.1, 75),
      'stroke-width': random.between(1.5, 4),
      'stroke-linejoin': 'bevel',
    });
  }
}

/** Paints one angry picture. */
export function paintAngry(canvas: Canvas, random: Random, composition: number): void {
  paintHeat(canvas, random);
  const compositions = [paintSlashes, paintShards, paintEruption];
  compositions[composition]?.(canvas, random);
  paintCracks(canvas, random);
}
