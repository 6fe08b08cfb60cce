// Picture files of every kind, made here: no file of somebody's is in the repository.
import { crc32, deflateSync } from 'node:zlib';
import avifEncoder from '@jsquash/avif/codec/enc/avif_enc.wasm';
import encodeAvif, { init as initAvif } from '@jsquash/avif/encode.js';
import { encodeJpeg, encodeWebp, type Pixels } from '../../lambda/catalog/pictures/codecs';

/** Left half red, right half blue, with some shades, so that it can be seen how it was turned. */
export function painted(width: number, height: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const shade = ((x * 7 + y * 13) % 32) - 16;
      data.set(x < width / 2 ? [220 + shade, 30, 30, 255] : [30, 30, 220 + shade, 255], (y * width + x) * 4);
    }
  }
  return { data, width, height };
}

export const jpeg = (width: number, height: number) => encodeJpeg(painted(width, height), 85);
export const webp = (width: number, height: number) => encodeWebp(painted(width, height), 85);

export async function avif(width: number, height: number): Promise<Uint8Array> {
  await initAvif(new WebAssembly.Module(avifEncoder));
  return new Uint8Array(await encodeAvif(painted(width, height) as ImageData, { speed: 10 }));
}

/** A TIFF of one grey pixel. */
export function tiff(): Buffer {
  const entries = [
    [256, 1],
    [257, 1],
    [258, 8],
    [262, 1],
  ];
  const file = Buffer.alloc(10 + 12 * entries.length + 4);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(entries.length, 8);
  for (const [index, [tag = 0, value = 0]] of entries.entries()) {
    file.writeUInt16LE(tag, 10 + 12 * index);
    file.writeUInt16LE(3, 12 + 12 * index);
    file.writeUInt32LE(1, 14 + 12 * index);
    file.writeUInt16LE(value, 18 + 12 * index);
  }
  return file;
}

/** A JPEG as phones write it: with an orientation, and where it was taken. */
export async function phoneJpeg(width: number, height: number, orientation: number): Promise<Uint8Array> {
  const tiff = Buffer.alloc(64);
  tiff.write('II*\0', 'latin1');
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(2, 8);
  const entry = (at: number, tag: number, type: number, value: number) => {
    tiff.writeUInt16LE(tag, at);
    tiff.writeUInt16LE(type, at + 2);
    tiff.writeUInt32LE(1, at + 4);
    tiff.writeUInt32LE(value, at + 8);
  };
  entry(10, 0x0112, 3, orientation);
  // The directory of the position, with the reference of its latitude.
  entry(22, 0x8825, 4, 38);
  tiff.writeUInt16LE(1, 38);
  entry(40, 1, 2, Buffer.from('N\0\0\0').readUInt32LE());
  const exif = Buffer.concat([Buffer.from('Exif\0\0GPSLATITUDE', 'latin1').subarray(0, 6), tiff]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(exif.length + 2);
  const plain = await jpeg(width, height);
  return Buffer.concat([plain.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, exif, plain.subarray(2)]);
}

/** A profile of the primaries and the curve of a phone's screen (Display P3), as phones write it. */
export function displayP3(): Buffer {
  const fixed = (...values: number[]) => {
    const content = Buffer.alloc(4 * values.length);
    for (const [index, value] of values.entries())
      content.writeInt32BE(Math.round(value * 65_536), 4 * index);
    return content;
  };
  const tag = (type: string, ...content: Buffer[]) =>
    Buffer.concat([Buffer.from(`${type}\0\0\0\0`, 'latin1'), ...content]);
  const curve = tag(
    'para',
    Buffer.from([0, 3, 0, 0]),
    fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045),
  );
  const tags: [string, Buffer][] = [
    ['rXYZ', tag('XYZ ', fixed(0.51512, 0.2412, -0.00105))],
    ['gXYZ', tag('XYZ ', fixed(0.29198, 0.69225, 0.04189))],
    ['bXYZ', tag('XYZ ', fixed(0.1571, 0.06657, 0.78407))],
    ...['rTRC', 'gTRC', 'bTRC'].map((name): [string, Buffer] => [name, curve]),
  ];
  const header = Buffer.alloc(128 + 4 + 12 * tags.length);
  header.write('RGB XYZ ', 16, 'latin1');
  header.writeUInt32BE(tags.length, 128);
  let from = header.length;
  for (const [index, [name, content]] of tags.entries()) {
    header.write(name, 132 + 12 * index, 'latin1');
    header.writeUInt32BE(from, 136 + 12 * index);
    header.writeUInt32BE(content.length, 140 + 12 * index);
    from += content.length;
  }
  return Buffer.concat([header, ...tags.map(([, content]) => content)]);
}

/** One colour, as red, green and blue. */
export function plain(colour: readonly [number, number, number], width = 64, height = 64): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set([...colour, 255], at);
  return { data, width, height };
}

/** A JPEG that says that its colours are those of the profile. */
export async function profiledJpeg(pixels: Pixels, profile: Buffer): Promise<Buffer> {
  const file = await encodeJpeg(pixels, 95);
  const content = Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), profile]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(content.length + 2);
  return Buffer.concat([file.subarray(0, 2), Buffer.from([0xff, 0xe2]), length, content, file.subarray(2)]);
}

/** A WebP in its extended form, with a profile in front of the picture. */
export async function profiledWebp(pixels: Pixels, profile: Buffer): Promise<Buffer> {
  const simple = Buffer.from(await encodeWebp(pixels, 95));
  return extendedWebp(pixels, 0x20, webpChunk('ICCP', profile), simple.subarray(12));
}

/** A WebP of several pictures, the first of which lies in a corner of a canvas that is twice as wide and high. */
export async function movingWebp(pixels: Pixels, pictures: number): Promise<Buffer> {
  const simple = Buffer.from(await encodeWebp(pixels, 95));
  const place = Buffer.alloc(16);
  place.writeUIntLE(pixels.width - 1, 6, 3);
  place.writeUIntLE(pixels.height - 1, 9, 3);
  place.writeUIntLE(100, 12, 3);
  const frame = webpChunk('ANMF', Buffer.concat([place, simple.subarray(12)]));
  const canvas = { width: pixels.width * 2, height: pixels.height * 2 };
  return extendedWebp(canvas, 0x02, webpChunk('ANIM', Buffer.alloc(6)), ...Array(pictures).fill(frame));
}

function webpChunk(name: string, content: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  return Buffer.concat([Buffer.from(name, 'latin1'), size, content, Buffer.alloc(content.length % 2)]);
}

function extendedWebp(
  { width, height }: Pick<Pixels, 'width' | 'height'>,
  flags: number,
  ...chunks: Buffer[]
): Buffer {
  const extended = Buffer.alloc(10);
  extended[0] = flags;
  extended.writeUIntLE(width - 1, 4, 3);
  extended.writeUIntLE(height - 1, 7, 3);
  const body = Buffer.concat([webpChunk('VP8X', extended), ...chunks]);
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
}

/** A PNG whose header may say more than there is. */
export function png({ data, width, height }: Pixels, says = { width, height }, profile?: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(says.width, 0);
  header.writeUInt32BE(says.height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Buffer.concat(
    Array.from({ length: height }, (_, y) =>
      Buffer.concat([Buffer.from([0]), Buffer.from(data.subarray(y * width * 4, (y + 1) * width * 4))]),
    ),
  );
  const chunk = (name: string, content: Buffer) => {
    const named = Buffer.concat([Buffer.from(name, 'latin1'), content]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...(profile
      ? [chunk('iCCP', Buffer.concat([Buffer.from('p\0\0', 'latin1'), deflateSync(profile)]))]
      : []),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A GIF of 1 by 1 pixels, moving when it has more than one picture. */
export function gif(pictures: number): Buffer {
  const picture = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0]);
  return Buffer.concat([
    Buffer.from('GIF89a', 'latin1'),
    Buffer.from([1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255]),
    ...Array.from({ length: pictures }, () => picture),
    Buffer.from([0x3b]),
  ]);
}

export const svg = (content = '') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480">${content}</svg>`);

/** The beginning of an ISO media file of a brand, such as `heic`. */
export function isoMedia(brand: string): Buffer {
  const box = (name: string, content: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length + 8);
    return Buffer.concat([length, Buffer.from(name, 'latin1'), content]);
  };
  const size = Buffer.alloc(12);
  size.writeUInt32BE(64, 4);
  size.writeUInt32BE(48, 8);
  const meta = box('meta', Buffer.concat([Buffer.alloc(4), box('iprp', box('ipco', box('ispe', size)))]));
  return Buffer.concat([box('ftyp', Buffer.from(`${brand}\0\0\0\0mif1${brand}`, 'latin1')), meta]);
}
