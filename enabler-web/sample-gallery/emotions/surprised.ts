// Surprised: everything flies apart at once. Bursts, flashes and rings in electric colours on violet.

import { type Canvas, type Point, SIZE } from '../kit/canvas';
import { oklch } from '../kit/colour';
import { polar, polygon } from '../kit/curves';
import type { Random } from '../kit/random';

const ELECTRIC_HUES = [128, 195, 345, 108] as const;

function paintNight(canvas: Canvas, random: Random, centre: Point): void {
  const hue = random.between(288, 312);
  canvas.background(
    canvas.radial(centre[0] / SIZE, centre[1] / SIZE, 0.85, [
      [0, oklch(0.66, 0.25, hue + 18)],
      [0.45, oklch(0.47, 0.25, hue)],
      [1, oklch(0.3, 0.17, hue - 14)],
    ]),
  );
}

/** A star with `points` uneven tips. */
function star(random: Random, centre: Point, points: number, inner: number, outer: number): string {
  const corners: Point[] = [];
  const turn = random.between(0, 1);
  for (let tip = 0; tip < points; tip += 1) {
    const angle = turn + (tip / points) * Math.PI * 2;
    corners.push(polar(centre, outer * random.between(0.72, 1.12), angle));
    corners.push(polar(centre, inner, angle + Math.PI / points));
  }
  return polygon(corners);
}

function paintSparks(canvas: Canvas, random: Random, centre: Point, count: number): void {
  for (let spark = 0; spark < count; spark += 1) {
    const angle = random.between(0, Math.PI * 2);
    const away = random.between(150, 430);
    const colour = oklch(0.88, 0.18, random.pick(ELECTRIC_HUES));
    const place = polar(centre, away, angle);
    if (random.chance(0.5)) {
      canvas.circle(...place, random.between(3, 12), { fill: colour });
    } else {
      canvas.path(polygon([place, polar(centre, away + random.between(25, 80), angle)], false), {
        stroke: colour,
        'stroke-width': random.between(4, 9),
        'stroke-linecap': 'round',
      });
    }
  }
}

/** Stars inside stars, each in another colour. */
function paintBurst(canvas: Canvas, random: Random, centre: Point): void {
  const tips = random.whole(11, 17);
  const hues = random.shuffle(ELECTRIC_HUES);
  for (const [layer, reach] of [290, 215, 145].entries()) {
    canvas.path(star(random, centre, tips - layer * 2, reach * 0.55, reach), {
      fill: oklch(0.8 + layer * 0.05, 0.2, hues[layer] ?? 128),
    });
  }
  canvas.circle(...centre, random.between(38, 52), { fill: oklch(0.99, 0.02, 100) });
}

/** A fan of wedges in turn light and dark, with a flash in the middle. */
function paintFlash(canvas: Canvas, random: Random, centre: Point): void {
  const wedges = random.whole(15, 23);
  const hues = random.shuffle(ELECTRIC_HUES);
  const turn = random.between(0, 1);
  for (let wedge = 0; wedge < wedges; wedge += 1) {
    const from = turn + (wedge / wedges) * Math.PI * 2;
    const to = from + (Math.PI / wedges) * random.between(0.5, 1.25);
    canvas.path(
      polygon([polar(centre, 40, (from + to) / 2), polar(centre, 700, from), polar(centre, 700, to)]),
      {
        fill: oklch(0.82, 0.2, hues[wedge % 3] ?? 128),
        'fill-opacity': random.between(0.55, 0.95),
      },
    );
  }
  canvas.path(star(random, centre, random.whole(10, 14), 82, 138), { fill: oklch(0.98, 0.03, 110) });
  canvas.circle(...centre, 56, { fill: oklch(0.42, 0.24, 300) });
  canvas.circle(centre[0] - 14, centre[1] - 16, 15, { fill: oklch(0.98, 0.03, 110) });
}

/** Rings that jump outwards, broken into arcs. */
function paintShock(canvas: Canvas, random: Random, centre: Point): void {
  const hues = random.shuffle(ELECTRIC_HUES);
  for (let ring = 0; ring < 7; ring += 1) {
    const radius = 48 + ring * ring * 7 + ring * 14;
    const pieces = 2 * Math.PI * radius * random.between(0.06, 0.2);
    canvas.circle(...centre, radius, {
      fill: 'none',
      stroke: oklch(0.85, 0.19, hues[ring % hues.length] ?? 195),
      'stroke-width': 9 + ring * 3.6,
      'stroke-dasharray': `${pieces.toFixed(0)} ${(pieces * random.between(0.3, 0.8)).toFixed(0)}`,
      'stroke-dashoffset': random.whole(0, 200),
    });
  }
  canvas.path(star(random, centre, 9, 24, 46), { fill: oklch(0.99, 0.02, 100) });
}

/** Paints one surprised picture. */
export function paintSurprised(canvas: Canvas, random: Random, composition: number): void {
  const centre: Point = [random.between(230, 410), random.between(230, 410)];
  paintNight(canvas, random, centre);
  const compositions = [paintBurst, paintFlash, paintShock];
  compositions[composition]?.(canvas, random, centre);
  paintSparks(canvas, random, centre, random.whole(18, 30));
}
