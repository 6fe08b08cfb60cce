// Sad: grey-blue, everything sinks or hangs. Rain on glass, a drooping flower, a lamp going under.

import { type Canvas, type Point, SIZE, short } from '../kit/canvas';
import { oklch } from '../kit/colour';
import { petal, polar, smooth } from '../kit/curves';
import type { Random } from '../kit/random';

/** A heavy sky; returns its hue. */
function paintDusk(canvas: Canvas, random: Random): number {
  const hue = random.between(242, 264);
  canvas.background(
    canvas.linear(90, [
      [0, oklch(0.4, 0.045, hue)],
      [0.55, oklch(0.55, 0.04, hue - 6)],
      [1, oklch(0.68, 0.03, hue - 14)],
    ]),
  );
  return hue;
}

function paintRain(canvas: Canvas, random: Random, hue: number, drops: number): void {
  let d = '';
  for (let drop = 0; drop < drops; drop += 1) {
    const long = random.between(16, 74);
    d += `M${short(random.between(0, SIZE))} ${short(random.between(-20, SIZE))}v${short(long)}`;
  }
  canvas.path(d, {
    stroke: oklch(0.85, 0.025, hue),
    'stroke-width': 1.8,
    'stroke-opacity': 0.5,
    'stroke-linecap': 'round',
  });
}

/** Runnels down a window, each ending in a drop; blurred lights behind it. */
function paintWindow(canvas: Canvas, random: Random, hue: number): void {
  for (let light = 0; light < 5; light += 1) {
    const warm = light === 0;
    canvas.circle(random.between(80, 560), random.between(180, 560), random.between(50, 100), {
      fill: canvas.radial(0.5, 0.5, 0.5, [
        [0, warm ? oklch(0.78, 0.07, 70) : oklch(0.66, 0.05, hue), 0.75],
        [1, warm ? oklch(0.78, 0.07, 70) : oklch(0.66, 0.05, hue), 0],
      ]),
    });
  }
  const runnels = random.whole(11, 16);
  for (let runnel = 0; runnel < runnels; runnel += 1) {
    const x = ((runnel + random.between(0.2, 0.8)) / runnels) * SIZE;
    const end = random.between(150, 590);
    const points: Point[] = [];
    for (let y = -20; y < end; y += 70) points.push([x + random.between(-7, 7), y]);
    points.push([x, end]);
    canvas.path(smooth(points), {
      fill: 'none',
      stroke: oklch(0.8, 0.03, hue),
      'stroke-width': random.between(2, 5),
      'stroke-opacity': 0.5,
      'stroke-linecap': 'round',
    });
    const size = random.between(7, 14);
    canvas.ellipse(x, end + size * 0.4, size * 0.8, size * 1.15, { fill: oklch(0.87, 0.025, hue) });
    canvas.ellipse(x + size * 0.15, end + size * 0.7, size * 0.5, size * 0.55, {
      fill: oklch(0.5, 0.05, hue),
    });
  }
}

/** One flower that has let its head hang; its petals lie below. */
function paintDrooping(canvas: Canvas, random: Random, hue: number): void {
  paintRain(canvas, random, hue, 60);
  canvas.ellipse(320, 640, 460, 76, { fill: oklch(0.36, 0.035, hue) });
  const side = random.pick([-1, 1]);
  const foot: Point = [320 - side * random.between(30, 90), 600];
  const head: Point = [320 + side * random.between(90, 130), random.between(300, 350)];
  const top: Point = [320 + side * 15, random.between(140, 190)];
  const stem = smooth(
    [foot, [foot[0] + side * 12, 380], top, [head[0] - side * 8, top[1] + 40], head],
    false,
    1.2,
  );
  canvas.path(stem, {
    fill: 'none',
    stroke: oklch(0.33, 0.04, 200),
    'stroke-width': 9,
    'stroke-linecap': 'round',
  });
  const leaf = petal([foot[0] + side * 11, 430], [foot[0] - side * 110, 520], 32);
  canvas.path(leaf, { fill: oklch(0.38, 0.045, 200) });
  const petals = random.whole(6, 8);
  for (let index = 0; index < petals; index += 1) {
    const angle = Math.PI / 2 + (index / (petals - 1) - 0.5) * 1.9;
    canvas.path(petal(head, polar(head, random.between(92, 128), angle), 27), {
      fill: oklch(0.68 - (index % 3) * 0.06, 0.06, 290 - index * 3),
      'fill-opacity': 0.93,
    });
  }
  canvas.circle(head[0], head[1] + 2, 18, { fill: oklch(0.34, 0.04, 230) });
  for (let fallen = 0; fallen < 4; fallen += 1) {
    const at: Point = [head[0] + random.between(-150, 130), random.between(588, 622)];
    canvas.path(petal(at, polar(at, random.between(40, 62), random.between(-0.4, 0.3)), 11), {
      fill: oklch(0.62, 0.05, 285),
    });
  }
}

/** A pale disc that goes down behind slack, hanging lines. */
function paintSinking(canvas: Canvas, random: Random, hue: number): void {
  const x = random.between(200, 440);
  const y = random.between(370, 440);
  const radius = random.between(70, 100);
  canvas.circle(x, y, radius * 2.2, {
    fill: canvas.radial(0.5, 0.5, 0.5, [
      [0, oklch(0.85, 0.03, 80), 0.5],
      [1, oklch(0.85, 0.03, 80), 0],
    ]),
  });
  canvas.circle(x, y, radius, { fill: oklch(0.84, 0.03, 85) });
  const strands = random.whole(8, 11);
  for (let strand = 0; strand < strands; strand += 1) {
    const top = 40 + strand * 22;
    const sag = random.between(90, 170) + strand * 24;
    const lean = random.between(-60, 60);
    const d = `M-20 ${short(top)}Q${short(320 + lean)} ${short(top + sag * 2)} 660 ${short(top + random.between(-20, 20))}`;
    canvas.path(d, {
      fill: 'none',
      stroke: oklch(0.3 + strand * 0.03, 0.045, hue),
      'stroke-width': 3 + strand * 0.9,
      'stroke-opacity': 0.75,
    });
  }
  const water = canvas.linear(90, [
    [0, oklch(0.42, 0.045, hue), 0.9],
    [1, oklch(0.27, 0.04, hue)],
  ]);
  canvas.rect(0, y + radius * 0.35, SIZE, SIZE, { fill: water });
  paintRain(canvas, random, hue, 40);
}

/** Paints one sad picture. */
export function paintSad(canvas: Canvas, random: Random, composition: number): void {
  const hue = paintDusk(canvas, random);
  const compositions = [paintWindow, paintDrooping, paintSinking];
  compositions[composition]?.(canvas, random, hue);
}
