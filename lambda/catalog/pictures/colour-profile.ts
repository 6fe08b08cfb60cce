// Colours of photos into those that the web takes for granted. A phone writes the primaries of its screen into a profile (Display P3, Adobe
// RGB); a rendition carries no profile, so without this its colours would be pale. Profiles of a matrix and three curves, which cameras and
// phones have, are followed; others (print, tables) are left as they are, as every browser did for years.
// ICC.1:2022 (https://www.color.org/specification/ICC.1-2022-05.pdf): 7.2 header, 7.3 tags, 10.6 curv, 10.18 para, 10.31 XYZ.
import { inflateSync } from 'node:zlib';
import type { Pixels } from './codecs';
import type { PictureType } from './inspect';

type Curve = (value: number) => number;
/** Three rows of three: XYZ of red, green and blue, as columns. */
type Matrix = readonly (readonly number[])[];

interface Profile {
  readonly toXyz: Matrix;
  readonly curves: readonly Curve[];
}

/** From XYZ, as profiles have it (D50), to linear sRGB (IEC 61966-2-1). */
const TO_SRGB: Matrix = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
];

/** @param bytes the file that the pixels were read from. Pixels of another size than the file's are as good. */
export function toSrgb(pixels: Pixels, type: PictureType, bytes: Uint8Array): Pixels {
  const embedded = findProfile(type, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const profile = embedded && readProfile(embedded);
  return profile ? convert(pixels, profile) : pixels;
}

const FINE = 4096;
const encoded = Uint8ClampedArray.from({ length: FINE + 1 }, (_, step) => {
  const linear = step / FINE;
  return 255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055);
});

function convert({ data, width, height }: Pixels, { toXyz, curves }: Profile): Pixels {
  const matrix = TO_SRGB.map((row) =>
    [0, 1, 2].map((column) => row.reduce((sum, factor, at) => sum + factor * (toXyz[at]?.[column] ?? 0), 0)),
  );
  const linear = curves.map((curve) => Float64Array.from({ length: 256 }, (_, value) => curve(value / 255)));
  const converted = new Uint8ClampedArray(data);
  const channel = new Float64Array(3);
  for (let at = 0; at < data.length; at += 4) {
    for (let each = 0; each < 3; each += 1) channel[each] = linear[each]?.[data[at + each] ?? 0] ?? 0;
    for (let each = 0; each < 3; each += 1) {
      const [r = 0, g = 0, b = 0] = matrix[each] ?? [];
      const value = r * (channel[0] ?? 0) + g * (channel[1] ?? 0) + b * (channel[2] ?? 0);
      converted[at + each] = encoded[Math.round(Math.min(1, Math.max(0, value)) * FINE)] ?? 0;
    }
  }
  return { data: converted, width, height };
}

/** The profile in a file, or nothing when there is none or it is damaged: then the colours are taken to be those of the web. */
function findProfile(type: PictureType, file: Buffer): Buffer | undefined {
  try {
    if (type === 'jpeg') return jpegProfile(file);
    if (type === 'png') return pngProfile(file);
    if (type === 'webp') return chunkAfter(file, 'ICCP', 4, (at) => file.readUInt32LE(at));
    if (type === 'avif') return chunkAfter(file, 'colrprof', 8, (at) => file.readUInt32BE(at - 8) - 12, 0);
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  return undefined;
}

/** A file that ends where more should be, or what cannot be unpacked. */
const isDamage = (error: unknown): boolean => {
  const { name, code } = error as { name?: string; code?: string };
  return name === 'RangeError' || /^(Z_|ERR_BUFFER_TOO_LARGE)/.test(code ?? '');
};

/** What follows a name in the first part of a file. */
function chunkAfter(
  file: Buffer,
  name: string,
  nameLength: number,
  size: (at: number) => number,
  sizeBytes = 4,
): Buffer | undefined {
  const found = file.subarray(0, 64 * 1024).indexOf(name, 0, 'latin1');
  if (found < 0) return undefined;
  const at = found + nameLength;
  return file.subarray(at + sizeBytes, at + sizeBytes + size(sizeBytes ? at : at - nameLength + 4));
}

const ICC_SEGMENT = 'ICC_PROFILE\0';

/** In parts of 64 KB, numbered. */
function jpegProfile(file: Buffer): Buffer | undefined {
  const parts: { order: number; content: Buffer }[] = [];
  for (let at = 2; file[at] === 0xff && file[at + 1] !== 0xda; at += 2 + file.readUInt16BE(at + 2)) {
    const content = file.subarray(at + 4, at + 2 + file.readUInt16BE(at + 2));
    if (file[at + 1] !== 0xe2 || content.toString('latin1', 0, 12) !== ICC_SEGMENT) continue;
    parts.push({ order: content[12] ?? 0, content: content.subarray(14) });
  }
  if (parts.length === 0) return undefined;
  return Buffer.concat(parts.sort((a, b) => a.order - b.order).map(({ content }) => content));
}

/** No profile is larger; what unpacks to more is none. */
const MOST_PROFILE_BYTES = 4 * 1024 * 1024;

function pngProfile(file: Buffer): Buffer | undefined {
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    const name = file.toString('latin1', at + 4, at + 8);
    if (name === 'IDAT') return undefined;
    if (name !== 'iCCP') continue;
    const content = file.subarray(at + 8, at + 8 + file.readUInt32BE(at));
    return inflateSync(content.subarray(content.indexOf(0) + 2), { maxOutputLength: MOST_PROFILE_BYTES });
  }
  return undefined;
}

const HEADER_BYTES = 128;

function readProfile(icc: Buffer): Profile | undefined {
  try {
    if (icc.toString('latin1', 16, 24) !== 'RGB XYZ ') return undefined;
    const tags = new Map<string, Buffer>();
    for (let index = 0; index < icc.readUInt32BE(HEADER_BYTES); index += 1) {
      const at = HEADER_BYTES + 4 + 12 * index;
      const from = icc.readUInt32BE(at + 4);
      tags.set(icc.toString('latin1', at, at + 4), icc.subarray(from, from + icc.readUInt32BE(at + 8)));
    }
    const columns = ['rXYZ', 'gXYZ', 'bXYZ'].map((name) => tags.get(name));
    const curves = ['rTRC', 'gTRC', 'bTRC'].map((name) => tags.get(name)).map((tag) => tag && readCurve(tag));
    if (columns.includes(undefined) || curves.includes(undefined)) return undefined;
    const toXyz = [0, 1, 2].map((row) => columns.map((tag) => fixed(tag as Buffer, 8 + 4 * row)));
    return { toXyz, curves: curves as Curve[] };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return undefined;
  }
}

/** s15Fixed16Number. */
const fixed = (tag: Buffer, at: number): number => tag.readInt32BE(at) / 65_536;

function readCurve(tag: Buffer): Curve | undefined {
  const type = tag.toString('latin1', 0, 4);
  return type === 'curv' ? sampledCurve(tag) : type === 'para' ? formulaCurve(tag) : undefined;
}

function sampledCurve(tag: Buffer): Curve {
  const count = tag.readUInt32BE(8);
  if (count === 0) return (value) => value;
  if (count === 1) return (value) => value ** (tag.readUInt16BE(12) / 256);
  const samples = Array.from({ length: count }, (_, index) => tag.readUInt16BE(12 + 2 * index) / 65_535);
  return (value) => {
    const place = value * (count - 1);
    const [low = 0, high = low] = samples.slice(Math.floor(place), Math.floor(place) + 2);
    return low + (high - low) * (place % 1);
  };
}

/** Parameters of the kinds 0 to 4 (ICC.1:2022, table 68). */
const PARAMETERS = [1, 3, 4, 5, 7];

function formulaCurve(tag: Buffer): Curve | undefined {
  const kind = tag.readUInt16BE(8);
  const count = PARAMETERS[kind];
  if (count === undefined) return undefined;
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from({ length: count }, (_, index) =>
    fixed(tag, 12 + 4 * index),
  );
  if (kind === 0) return (value) => value ** g;
  if (kind === 1) return (value) => (value >= -b / a ? (a * value + b) ** g : 0);
  if (kind === 2) return (value) => (value >= -b / a ? (a * value + b) ** g + c : c);
  return (value) => (value >= d ? (a * value + b) ** g + e : c * value + f);
}
