// Confused: order that does not add up. Labyrinths, knots of thread, patterns that have slipped.

import { type Canvas, type Point, SIZE, short } from '../kit/canvas';
import { oklch } from '../kit/colour';
import { smooth } from '../kit/curves';
import type { Random } from '../kit/random';

const ODD_COMPANIONS = [
  oklch(0.6, 0.11, 195),
  oklch(0.66, 0.13, 62),
  oklch(0.56, 0.14, 332),
  oklch(0.4, 0.06, 262),
] as const;

function paintPaper(canvas: Canvas, random: Random): void {
  const hue = random.between(50, 90);
  canvas.background(
    canvas.linear(random.between(0, 180), [
      [0, oklch(0.91, 0.025, hue)],
      [1, oklch(0.84, 0.035, hue - 16)],
    ]),
  );
}

/** Quarter arcs (Truchet tiles) that join into ways leading nowhere. */
function paintLabyrinth(canvas: Canvas, random: Random): void {
  const tiles = random.pick([5, 6, 7]);
  const edge = SIZE / tiles;
  const colours = random.shuffle(ODD_COMPANIONS);
  const arcs: [string, string, string] = ['', '', ''];
  for (let row = 0; row < tiles; row += 1) {
    for (let column = 0; column < tiles; column += 1) {
      const [x, y, half, flipped] = [column * edge, row * edge, edge / 2, random.chance(0.5)];
      const arc = (fromX: number, fromY: number, toX: number, toY: number): string =>
        `M${short(fromX)} ${short(fromY)}A${short(half)} ${short(half)} 0 0 1 ${short(toX)} ${short(toY)}`;
      const layer = random.whole(0, 2) as 0 | 1 | 2;
      // Each arc goes around a corner of its tile, so that the ways of neighbouring tiles meet.
      arcs[layer] += flipped
        ? arc(x + half, y, x, y + half) + arc(x + half, y + edge, x + edge, y + half)
        : arc(x + edge, y + half, x + half, y) + arc(x, y + half, x + half, y + edge);
    }
  }
  for (const [layer, d] of arcs.entries()) {
    canvas.path(d, { fill: 'none', stroke: colours[layer], 'stroke-width': edge * 0.4 });
    canvas.path(d, { fill: 'none', stroke: oklch(0.94, 0.02, 80), 'stroke-width': edge * 0.09 });
  }
}

/** Threads that loop over themselves; one of them is the one to follow. */
function paintTangle(canvas: Canvas, random: Random): void {
  const colours = random.shuffle(ODD_COMPANIONS);
  for (let thread = 0; thread < 4; thread += 1) {
    const points: Point[] = [[-30, random.between(80, 560)]];
    const knots = random.whole(9, 13);
    for (let knot = 0; knot < knots; knot += 1) {
      points.push([random.between(70, 570), random.between(70, 570)]);
    }
    points.push([SIZE + 30, random.between(80, 560)]);
    const d = smooth(points, false, 1.25);
    const width = 26 - thread * 5;
    canvas.path(d, { fill: 'none', stroke: oklch(0.9, 0.025, 75), 'stroke-width': width + 9 });
    canvas.path(d, {
      fill: 'none',
      stroke: colours[thread],
      'stroke-width': width,
      'stroke-linecap': 'round',
    });
  }
}

/** Checks and stripes cut into discs that are turned against each other. */
function paintSlipped(canvas: Canvas, random: Random): void {
  const centre = SIZE / 2;
  const colours = random.shuffle(ODD_COMPANIONS);
  const gap = random.pick([20, 25, 32]);
  let lines = '';
  for (let at = gap / 2; at < SIZE; at += gap * 2) lines += `M0 ${short(at)}H${SIZE}`;
  const rings = 5;
  for (let ring = 0; ring < rings; ring += 1) {
    const radius = 300 - ring * 58;
    const [x, y] = [centre + random.between(-22, 22), centre + random.between(-22, 22)];
    canvas.circle(x, y, radius, {
      fill: ring % 2 === 0 ? oklch(0.93, 0.025, 80) : (colours[ring % 4] ?? '#888'),
    });
    const turn = random.whole(0, 179);
    const step = gap * (1.1 - ring * 0.09);
    for (let at = -radius + step; at < radius; at += step * 2) {
      const half = Math.sqrt(radius * radius - at * at);
      canvas.rect(x - half, y + at, half * 2, step, {
        fill: ring % 2 === 0 ? (colours[(ring + 1) % 4] ?? '#888') : oklch(0.93, 0.025, 80),
        transform: `rotate(${turn} ${short(x)} ${short(y)})`,
      });
    }
  }
  canvas.path(lines, { stroke: colours[3], 'stroke-width': 1.5, 'stroke-opacity': 0.35 });
}

/** Paints one confused picture. */
export function paintConfused(canvas: Canvas, random: Random, composition: number): void {
  paintPaper(canvas, random);
  const compositions = [paintLabyrinth, paintTangle, paintSlipped];
  compositions[composition]?.(canvas, random);
}
