// Happy: warm light, round things that rise and open. Suns, flowers, balloons.

import { type Canvas, type Point, SIZE } from '../kit/canvas';
import { oklch } from '../kit/colour';
import { petal, polar } from '../kit/curves';
import type { Random } from '../kit/random';

const FESTIVE_HUES = [22, 48, 350, 82, 168] as const;

function paintSky(canvas: Canvas, random: Random): void {
  const hue = random.between(72, 98);
  canvas.background(
    canvas.linear(random.between(60, 120), [
      [0, oklch(0.97, 0.05, hue)],
      [0.6, oklch(0.93, 0.1, hue - 6)],
      [1, oklch(0.87, 0.12, hue - 28)],
    ]),
  );
}

function paintConfetti(canvas: Canvas, random: Random, count: number): void {
  for (let piece = 0; piece < count; piece += 1) {
    const hue = random.pick(FESTIVE_HUES);
    canvas.circle(random.between(20, SIZE - 20), random.between(20, SIZE - 20), random.between(3, 9), {
      fill: oklch(0.74, 0.17, hue),
    });
  }
}

/** A big sun with two wreaths of rays. */
function paintSun(canvas: Canvas, random: Random): void {
  const centre: Point = [random.between(230, 410), random.between(240, 400)];
  const rays = random.whole(14, 22);
  const core = random.between(78, 112);
  const turn = random.between(0, Math.PI);
  const glow = canvas.radial(0.5, 0.5, 0.5, [
    [0, oklch(0.95, 0.13, 92), 0.95],
    [1, oklch(0.95, 0.13, 92), 0],
  ]);
  canvas.circle(...centre, core * 3.6, { fill: glow });
  for (const [wreath, hue] of [44, 66].entries()) {
    const reach = core * (wreath === 0 ? 2.5 : 1.95);
    for (let ray = 0; ray < rays; ray += 1) {
      const angle = turn + ((ray + wreath / 2) / rays) * Math.PI * 2;
      const long = reach * (ray % 2 === 0 ? 1 : 0.86);
      const colour = oklch(0.78 - wreath * -0.05, 0.17, hue + (ray % 3) * 5);
      canvas.path(petal(polar(centre, core * 0.9, angle), polar(centre, long, angle), core * 0.2), {
        fill: colour,
        'fill-opacity': 0.92,
      });
    }
  }
  const face = canvas.radial(0.36, 0.32, 0.8, [
    [0, oklch(0.97, 0.1, 98)],
    [0.55, oklch(0.89, 0.17, 90)],
    [1, oklch(0.8, 0.17, 66)],
  ]);
  canvas.circle(...centre, core, { fill: face });
}

function paintFlower(canvas: Canvas, random: Random, centre: Point, radius: number): void {
  const petals = random.whole(7, 12);
  const hue = random.pick(FESTIVE_HUES);
  const turn = random.between(0, Math.PI);
  for (const [layer, share] of [1, 0.68].entries()) {
    const fill = oklch(0.76 + layer * 0.1, 0.16 - layer * 0.03, hue + layer * 16);
    for (let index = 0; index < petals; index += 1) {
      const angle = turn + ((index + layer / 2) / petals) * Math.PI * 2;
      canvas.path(petal(centre, polar(centre, radius * share, angle), (radius * share * 2.5) / petals), {
        fill,
        'fill-opacity': 0.9,
      });
    }
  }
  canvas.circle(...centre, radius * 0.2, { fill: oklch(0.93, 0.14, 96) });
  canvas.circle(...centre, radius * 0.1, { fill: oklch(0.72, 0.17, 58) });
}

/** Flowers of three sizes, the large ones first so that the small ones dance in front. */
function paintMeadow(canvas: Canvas, random: Random): void {
  const count = random.whole(6, 9);
  const turn = random.between(0, Math.PI * 2);
  for (let index = 0; index < count; index += 1) {
    const away = 40 + 240 * Math.sqrt(index / count);
    const centre = polar([SIZE / 2, SIZE / 2], away, turn + index * 2.4);
    paintFlower(canvas, random, centre, 170 - index * 11 + random.between(-12, 12));
  }
}

/** Balloons that overlap like glass and rise. */
function paintBalloons(canvas: Canvas, random: Random): void {
  const count = random.whole(8, 11);
  for (let index = 0; index < count; index += 1) {
    const hue = FESTIVE_HUES[index % FESTIVE_HUES.length] ?? 48;
    const radius = random.between(54, 116);
    const x = 60 + ((index * 0.618 + random.between(0, 0.12)) % 1) * (SIZE - 120);
    const y = 560 - (index / count) * 500 + random.between(-30, 30);
    const skin = canvas.radial(0.34, 0.28, 0.85, [
      [0, oklch(0.95, 0.06, hue)],
      [0.4, oklch(0.82, 0.15, hue)],
      [1, oklch(0.7, 0.18, hue)],
    ]);
    canvas.path(
      `M${x.toFixed(0)} ${(y + radius).toFixed(0)}q${random.whole(-20, 20)} 60 ${random.whole(-14, 14)} 150`,
      {
        fill: 'none',
        stroke: oklch(0.66, 0.13, 56),
        'stroke-width': 2,
      },
    );
    canvas.ellipse(x, y, radius * 0.9, radius, { fill: skin, 'fill-opacity': 0.88 });
  }
}

/** Paints one happy picture. */
export function paintHappy(canvas: Canvas, random: Random, composition: number): void {
  paintSky(canvas, random);
  paintConfetti(canvas, random, random.whole(10, 20));
  const compositions = [paintSun, paintMeadow, paintBalloons];
  compositions[composition]?.(canvas, random);
  paintConfetti(canvas, random, random.whole(5, 10));
}
