// Calm: level lines, much air, one quiet light. Water, hills in mist, stacked stones.

import { type Canvas, type Point, SIZE } from '../kit/canvas';
import { oklch } from '../kit/colour';
import { smooth } from '../kit/curves';
import type { Random } from '../kit/random';

/** The sky from pale dawn to water colour; returns the picture's main hue. */
function paintDawn(canvas: Canvas, random: Random): number {
  const hue = random.between(165, 250);
  canvas.background(
    canvas.linear(90, [
      [0, oklch(0.93, 0.035, hue)],
      [0.45, oklch(0.95, 0.03, random.pick([70, 40, hue - 30]))],
      [1, oklch(0.88, 0.05, hue - 10)],
    ]),
  );
  return hue;
}

function paintLight(canvas: Canvas, random: Random, x: number, y: number, radius: number): void {
  const warm = random.pick([78, 60, 95]);
  canvas.circle(x, y, radius * 2.6, {
    fill: canvas.radial(0.5, 0.5, 0.5, [
      [0, oklch(0.98, 0.05, warm), 0.85],
      [1, oklch(0.98, 0.05, warm), 0],
    ]),
  });
  canvas.circle(x, y, radius, { fill: oklch(0.975, 0.035, warm) });
}

/** One long, low wave as a filled shape down to the lower edge. */
function swell(random: Random, y: number, height: number): string {
  const points: Point[] = [];
  const phase = random.between(0, Math.PI * 2);
  for (let x = -80; x <= SIZE + 80; x += 100) {
    points.push([x, y + Math.sin(phase + x / random.between(108, 122)) * height]);
  }
  return `${smooth(points)}V${SIZE}H-80Z`;
}

/** Hills one behind the other, each nearer one a little deeper in colour. */
function paintHills(canvas: Canvas, random: Random, hue: number): void {
  paintLight(canvas, random, random.between(170, 470), random.between(130, 220), random.between(44, 70));
  const layers = random.whole(5, 7);
  for (let layer = 0; layer < layers; layer += 1) {
    const nearness = layer / (layers - 1);
    const y = 270 + nearness * 290;
    const fill = canvas.linear(90, [
      [0, oklch(0.85 - nearness * 0.36, 0.05 + nearness * 0.035, hue - nearness * 22)],
      [1, oklch(0.93 - nearness * 0.3, 0.045, hue - nearness * 18)],
    ]);
    canvas.path(swell(random, y, 34 - nearness * 12), { fill, 'fill-opacity': 0.9 });
  }
}

/** A light above still water and its reflection, drawn in level strokes. */
function paintWater(canvas: Canvas, random: Random, hue: number): void {
  const x = random.between(220, 420);
  const horizon = random.between(300, 360);
  const radius = random.between(70, 108);
  paintLight(canvas, random, x, horizon - radius * random.between(0.5, 1.5), radius);
  canvas.rect(0, horizon, SIZE, SIZE - horizon, {
    fill: canvas.linear(90, [
      [0, oklch(0.83, 0.06, hue)],
      [1, oklch(0.56, 0.085, hue + 16)],
    ]),
  });
  for (let line = 0; line < 13; line += 1) {
    const depth = line / 12;
    const y = horizon + 14 + depth * depth * (SIZE - horizon - 30);
    const half = radius * (1.1 - depth * 0.3) * random.between(0.45, 1);
    canvas.rect(x - half + random.between(-16, 16), y, half * 2, 4 + depth * 8, {
      rx: 6,
      fill: oklch(0.97, 0.04, 82),
      'fill-opacity': 0.75 - depth * 0.4,
    });
  }
}

/** Stones in balance above rings in sand. */
function paintStones(canvas: Canvas, random: Random, hue: number): void {
  const x = random.between(250, 390);
  for (let ring = 9; ring > 0; ring -= 1) {
    canvas.ellipse(x, 500, 60 + ring * 56, 16 + ring * 17, {
      fill: 'none',
      stroke: oklch(0.76, 0.055, hue),
      'stroke-width': 2.5,
      'stroke-opacity': 1 - ring * 0.07,
    });
  }
  let floor = 512;
  const count = random.whole(3, 5);
  for (let stone = 0; stone < count; stone += 1) {
    const width = 128 - stone * (88 / count) + random.between(-8, 8);
    const height = width * random.between(0.34, 0.46);
    const tone = hue - 20 + stone * 14;
    canvas.ellipse(x + random.between(-9, 9), floor - height, width, height, {
      fill: canvas.linear(75, [
        [0, oklch(0.86, 0.05, tone)],
        [1, oklch(0.56 + stone * 0.03, 0.075, tone)],
      ]),
    });
    floor -= height * 1.92;
  }
  paintLight(canvas, random, random.between(110, 530), random.between(90, 140), random.between(26, 40));
}

/** Paints one calm picture. */
export function paintCalm(canvas: Canvas, random: Random, composition: number): void {
  const hue = paintDawn(canvas, random);
  const compositions = [paintHills, paintWater, paintStones];
  compositions[composition]?.(canvas, random, hue);
}
