// Fear: almost no light, and something larger than you. Bare trees, a tunnel, eyes in the dark.

import { type Canvas, type Point, SIZE } from '../kit/canvas';
import { oklch } from '../kit/colour';
import { blob, polar, polygon, smooth } from '../kit/curves';
import type { Random } from '../kit/random';

/** Near-black with one cold, sickly glow; returns where it is. */
function paintDark(canvas: Canvas, random: Random): Point {
  const glow: Point = [random.between(190, 450), random.between(230, 420)];
  const hue = random.between(268, 292);
  canvas.background(
    canvas.radial(glow[0] / SIZE, glow[1] / SIZE, random.between(0.5, 0.66), [
      [0, oklch(0.52, 0.085, random.pick([165, 200, 285]))],
      [0.4, oklch(0.29, 0.07, hue)],
      [1, oklch(0.11, 0.03, hue)],
    ]),
  );
  return glow;
}

/** Someone small, standing in what light there is. */
function paintFigure(canvas: Canvas, [x, y]: Point, height: number): void {
  const pale = oklch(0.9, 0.04, 170);
  canvas.circle(x, y - height * 0.86, height * 0.14, { fill: pale });
  canvas.path(
    polygon([
      [x - height * 0.05, y - height * 0.7],
      [x + height * 0.05, y - height * 0.7],
      [x + height * 0.17, y],
      [x - height * 0.17, y],
    ]),
    { fill: pale },
  );
}

/** One bare tree with trembling branches. */
function paintTree(canvas: Canvas, random: Random, x: number, width: number, colour: string): void {
  const lean = random.between(-26, 26);
  canvas.path(
    smooth([
      [x, SIZE + 20],
      [x + lean * 0.2, 420],
      [x + lean, 210],
      [x + lean * 0.6, -20],
    ]),
    { fill: 'none', stroke: colour, 'stroke-width': width },
  );
  for (let branch = 0; branch < 4; branch += 1) {
    const side = random.pick([-1, 1]);
    let place: Point = [x + lean * 0.7, random.between(60, 370)];
    let heading = -Math.PI / 2 + side * random.between(0.7, 1.3);
    const points: Point[] = [place];
    for (let step = 0; step < 4; step += 1) {
      heading += random.between(-0.55, 0.55);
      place = polar(place, random.between(18, 44), heading);
      points.push(place);
    }
    canvas.path(polygon(points, false), { fill: 'none', stroke: colour, 'stroke-width': width * 0.24 });
  }
}

function paintForest(canvas: Canvas, random: Random, glow: Point): void {
  for (let row = 0; row < 3; row += 1) {
    const colour = oklch(0.27 - row * 0.085, 0.05 - row * 0.01, 270);
    const trees = 7 - row;
    for (let tree = 0; tree < trees; tree += 1) {
      const x = ((tree + random.between(0.2, 0.8)) / trees) * SIZE;
      const clear = row < 2 || Math.abs(x - glow[0]) > 70;
      if (clear) paintTree(canvas, random, x, 10 + row * 14 + random.between(0, 8), colour);
    }
  }
  canvas.ellipse(glow[0], 600, 110, 18, { fill: oklch(0.6, 0.06, 170), 'fill-opacity': 0.28 });
  paintFigure(canvas, [glow[0], 600], random.between(46, 66));
}

/** Rings that close in around a far exit. */
function paintTunnel(canvas: Canvas, random: Random, glow: Point): void {
  const wobble = random.between(0.05, 0.13);
  const lobes = random.whole(3, 6);
  for (let ring = 9; ring >= 0; ring -= 1) {
    const radius = 30 + ring ** 1.55 * 16;
    const phase = ring * random.between(0.3, 0.5);
    const outline = blob(glow, 16, (angle) => radius * (1 + wobble * Math.sin(angle * lobes + phase)));
    canvas.path(outline, {
      fill: oklch(0.5 - ring * 0.042, 0.065 - ring * 0.003, 170 + ring * 13),
      stroke: oklch(0.09, 0.03, 285),
      'stroke-width': 5 + ring * 2.4,
    });
  }
  canvas.circle(...glow, 24, { fill: oklch(0.9, 0.07, 165) });
  paintFigure(canvas, [glow[0], glow[1] + 20], 30);
}

/** Eyes that look from everywhere, in pairs, no two alike. */
function paintEyes(canvas: Canvas, random: Random, glow: Point): void {
  for (let claw = 0; claw < 6; claw += 1) {
    const x = 40 + claw * 112 + random.between(-24, 24);
    canvas.path(
      smooth([
        [x - 42, -20],
        [x + random.between(-30, 30), random.between(100, 210)],
        [x + 42, -20],
      ]),
      { fill: oklch(0.08, 0.02, 285), 'fill-opacity': 0.85 },
    );
  }
  const pairs = random.whole(7, 10);
  for (let pair = 0; pair < pairs; pair += 1) {
    const [x, y] = polar(glow, 60 + pair * 27, pair * 2.4 + random.between(-0.3, 0.3));
    const size = random.between(9, 22);
    const tilt = random.between(-14, 14);
    const iris = oklch(0.88, 0.14, random.pick([118, 160, 95]));
    canvas.group({ transform: `rotate(${tilt.toFixed(0)} ${x.toFixed(0)} ${y.toFixed(0)})` }, () => {
      for (const side of [-1, 1]) {
        const middle = x + side * size * 1.5;
        canvas.ellipse(middle, y, size, size * 0.56, { fill: iris });
        canvas.ellipse(middle, y, size * 0.2, size * 0.52, { fill: oklch(0.08, 0.02, 285) });
      }
    });
  }
}

/** Paints one fearful picture. */
export function paintFear(canvas: Canvas, random: Random, composition: number): void {
  const glow = paintDark(canvas, random);
  const compositions = [paintForest, paintTunnel, paintEyes];
  compositions[composition]?.(canvas, random, glow);
}
