// Outlines as SVG path data: polygons, smooth curves through points, blobs.

import { type Point, short } from './canvas';

const at = ([x, y]: Point): string => `${short(x)} ${short(y)}`;

/** The point at `radius` and `angle` (radians, clockwise from the right) around a centre. */
export function polar([x, y]: Point, radius: number, angle: number): Point {
  return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
}

/** Straight lines through the points; closed unless told otherwise. */
export function polygon(points: readonly Point[], closed = true): string {
  return `M${points.map(at).join('L')}${closed ? 'Z' : ''}`;
}

/**
 * A smooth curve through the points (Catmull–Rom turned into cubic Béziers).
 * @param tension 1 is the classic curve; smaller is tighter
 */
export function smooth(points: readonly Point[], closed = false, tension = 1): string {
  const count = points.length;
  const point = (index: number): Point => {
    const wrapped = closed ? (index + count) % count : Math.min(count - 1, Math.max(0, index));
    const found = points[wrapped];
    if (found === undefined) throw new Error('a curve needs at least one point');
    return found;
  };
  let d = `M${at(point(0))}`;
  const last = closed ? count : count - 1;
  for (let index = 0; index < last; index += 1) {
    const [before, from, to, after] = [point(index - 1), point(index), point(index + 1), point(index + 2)];
    const factor = tension / 6;
    const first: Point = [from[0] + (to[0] - before[0]) * factor, from[1] + (to[1] - before[1]) * factor];
    const second: Point = [to[0] - (after[0] - from[0]) * factor, to[1] - (after[1] - from[1]) * factor];
    d += `C${at(first)} ${at(second)} ${at(to)}`;
  }
  return closed ? `${d}Z` : d;
}

/** A closed round outline whose radius comes from `radiusAt(angle)`. */
export function blob(centre: Point, corners: number, radiusAt: (angle: number) => number): string {
  const points = Array.from({ length: corners }, (_, index): Point => {
    const angle = (index / corners) * Math.PI * 2;
    return polar(centre, radiusAt(angle), angle);
  });
  return smooth(points, true);
}

/** A petal or leaf from `from` to `to`, bulging by `width` on both sides. */
export function petal(from: Point, to: Point, width: number): string {
  const middle: Point = [from[0] + (to[0] - from[0]) * 0.62, from[1] + (to[1] - from[1]) * 0.62];
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const normal: Point = [(-(to[1] - from[1]) / length) * width, ((to[0] - from[0]) / length) * width];
  const left: Point = [middle[0] + normal[0], middle[1] + normal[1]];
  const right: Point = [middle[0] - normal[0], middle[1] - normal[1]];
  return `M${at(from)}Q${at(left)} ${at(to)}Q${at(right)} ${at(from)}Z`;
}
