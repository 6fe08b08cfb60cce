// Disgusted: slime, mould and swamp bubbles. Sour greens against bruised purple, everything wet.

import { type Canvas, type Point, SIZE, short } from '../kit/canvas';
import { oklch } from '../kit/colour';
import { blob, polar } from '../kit/curves';
import type { Random } from '../kit/random';

function paintSwamp(canvas: Canvas, random: Random): void {
  const hue = random.between(100, 118);
  canvas.background(
    canvas.linear(random.between(70, 110), [
      [0, oklch(0.62, 0.1, hue)],
      [0.55, oklch(0.46, 0.085, hue + 8)],
      [1, oklch(0.3, 0.06, random.pick([340, 128, 60]))],
    ]),
  );
}

/** The wet highlight that makes a shape look slimy. */
function paintGloss(canvas: Canvas, x: number, y: number, size: number): void {
  canvas.ellipse(x, y, size, size * 0.55, {
    fill: oklch(0.97, 0.09, 112),
    'fill-opacity': 0.75,
    transform: `rotate(-32 ${short(x)} ${short(y)})`,
  });
}

/** Slime that runs down from the upper edge. */
function paintDrips(canvas: Canvas, random: Random): void {
  for (const [layer, hue] of [132, 120, 112].entries()) {
    const columns = random.whole(5, 7);
    const width = SIZE / columns;
    const tips: Point[] = [];
    let d = `M-10 -10V${short(random.between(60, 130))}`;
    for (let column = 0; column < columns; column += 1) {
      const [left, right] = [column * width, (column + 1) * width];
      const long = random.between(130, 520 - layer * 90);
      const thin = width * random.between(0.2, 0.36);
      const middle = (left + right) / 2 + random.between(-12, 12);
      const shoulder = 70 + random.between(0, 60) - layer * 18;
      d += `C${short(middle - thin)} ${short(shoulder)} ${short(middle - thin)} ${short(shoulder)} ${short(middle - thin)} ${short(long)}`;
      d += `a${short(thin)} ${short(thin * 1.25)} 0 0 0 ${short(thin * 2)} 0`;
      d += `C${short(middle + thin)} ${short(shoulder)} ${short(middle + thin)} ${short(shoulder)} ${short(right)} ${short(shoulder)}`;
      tips.push([middle - thin * 0.35, long]);
    }
    const slime = canvas.linear(90, [
      [0, oklch(0.5 + layer * 0.09, 0.13 + layer * 0.02, hue)],
      [1, oklch(0.68 + layer * 0.07, 0.17, hue - 6)],
    ]);
    canvas.path(`${d}V-10Z`, { fill: slime, 'fill-opacity': 0.94 });
    for (const [x, y] of tips) paintGloss(canvas, x, y, 7);
  }
}

/** Rings of mould that grow into one another. */
function paintMould(canvas: Canvas, random: Random): void {
  const colonies = random.whole(5, 7);
  for (let colony = 0; colony < colonies; colony += 1) {
    const centre = polar([SIZE / 2, SIZE / 2], 60 + colony * 38, colony * 2.4 + random.between(-0.4, 0.4));
    const radius = random.between(90, 160);
    const lobes = random.whole(5, 9);
    const sour = random.pick([112, 124, 345, 95]);
    for (let ring = 0; ring < 4; ring += 1) {
      const reach = radius * (1 - ring * 0.24);
      const outline = blob(
        centre,
        18,
        (angle) => reach * (1 + 0.1 * Math.sin(angle * lobes + ring) + random.between(-0.05, 0.05)),
      );
      const tone = sour === 345 ? 0.36 + ring * 0.09 : 0.48 + ring * 0.12;
      canvas.path(outline, { fill: oklch(tone, 0.1 + ring * 0.015, sour), 'fill-opacity': 0.86 });
    }
    for (let spore = 0; spore < 14; spore += 1) {
      const place = polar(centre, radius * random.between(0.2, 1.12), random.between(0, Math.PI * 2));
      canvas.circle(...place, random.between(2.5, 7), { fill: oklch(0.27, 0.07, 335), 'fill-opacity': 0.85 });
    }
  }
}

/** Bubbles in a swamp, some of them about to burst. */
function paintBubbles(canvas: Canvas, random: Random): void {
  const count = random.whole(20, 27);
  const skin = (hue: number, light: number): string =>
    canvas.radial(0.36, 0.3, 0.78, [
      [0, oklch(0.93, 0.13, hue)],
      [0.45, oklch(light, 0.16, hue + 6)],
      [1, oklch(0.38, 0.1, hue + 12)],
    ]);
  const skins = [skin(114, 0.72), skin(124, 0.64), skin(340, 0.5), skin(98, 0.68)];
  for (let bubble = 0; bubble < count; bubble += 1) {
    const radius = 92 * (1 - bubble / count) ** 1.3 + random.between(9, 22);
    const [x, y] = [random.between(20, 620), random.between(20, 620)];
    canvas.circle(x, y, radius, { fill: skins[bubble % skins.length], 'fill-opacity': 0.93 });
    paintGloss(canvas, x - radius * 0.36, y - radius * 0.42, radius * 0.2);
  }
}

/** Paints one disgusted picture. */
export function paintDisgusted(canvas: Canvas, random: Random, composition: number): void {
  paintSwamp(canvas, random);
  const compositions = [paintDrips, paintMould, paintBubbles];
  compositions[composition]?.(canvas, random);
}
