// Pictures with the statistics of photos, as large as a camera's: discs of all sizes that cover each other ("dead leaves"), softly
// shaded, with a sensor's noise. Their spectrum, and with it the size of their files, is that of natural images, which neither drawings
// nor plain noise have. Lee, Mumford and Huang 2001, "Occlusion Models for Natural Images", https://doi.org/10.1023/A:1011109015675
import { seededRandom } from '@emotion-gallery/local-kit/random';
import type { Pixels } from '../../lambda/catalog/pictures/codecs';

/** Radii, as shares of the width; how many discs are larger than one falls with its square, so that no scale is special. */
const [SMALLEST, LARGEST] = [0.002, 0.4];
const DISCS = 40_000;
/** Of 255. */
const NOISE = 12;
/** Noise is drawn once, and begins elsewhere in each row. */
const NOISE_LENGTH = 65_521;

type Random = () => number;

/** The same picture for the same seed. */
export function photo(width: number, height: number, seed: number): Pixels {
  const random = seededRandom(seed);
  const pixels = { data: new Uint8ClampedArray(width * height * 4).fill(128), width, height };
  for (let disc = 0; disc < DISCS; disc += 1) {
    const share = random();
    drawDisc(pixels, random, width / Math.sqrt(share / SMALLEST ** 2 + (1 - share) / LARGEST ** 2));
  }
  addNoise(pixels, random);
  return pixels;
}

function drawDisc({ data, width, height }: Pixels, random: Random, radius: number): void {
  const [x, y] = [random() * width, random() * height];
  const light = 30 + 190 * random();
  const colour = [0, 1, 2].map(() => light + 80 * (random() - 0.5));
  const [slopeX, slopeY] = [0, 1].map(() => (60 * (random() - 0.5)) / radius);
  const bottom = Math.min(height - 1, Math.floor(y + radius));
  for (let row = Math.max(0, Math.ceil(y - radius)); row <= bottom; row += 1) {
    const half = Math.sqrt(Math.max(0, radius ** 2 - (row - y) ** 2));
    const right = Math.min(width - 1, Math.floor(x + half));
    for (let column = Math.max(0, Math.ceil(x - half)); column <= right; column += 1) {
      const shade = (slopeX ?? 0) * (column - x) + (slopeY ?? 0) * (row - y);
      const at = (row * width + column) * 4;
      data[at] = (colour[0] ?? 0) + shade;
      data[at + 1] = (colour[1] ?? 0) + shade;
      data[at + 2] = (colour[2] ?? 0) + shade;
    }
  }
}

function addNoise({ data, width, height }: Pixels, random: Random): void {
  // The sum of two is most often small, as a sensor's.
  const noise = Float32Array.from({ length: NOISE_LENGTH }, () => NOISE * (random() + random() - 1));
  for (let row = 0; row < height; row += 1) {
    let from = Math.floor(random() * NOISE_LENGTH);
    for (let at = row * width * 4; at < (row + 1) * width * 4; at += 4) {
      for (let channel = 0; channel < 3; channel += 1) {
        data[at + channel] = (data[at + channel] ?? 0) + (noise[from] ?? 0);
        from = (from + 1) % NOISE_LENGTH;
      }
      data[at + 3] = 255;
    }
  }
}
