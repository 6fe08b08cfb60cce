// Decodes, resizes and encodes pictures by the codecs of jSquash (Apache-2.0), which are the reference libraries compiled to WebAssembly:
// the same bytes on a laptop and in Lambda, without a binary for each. sharp is faster, and brings LGPL-licensed binaries of its own for
// each platform.

import avifDecoder from '@jsquash/avif/codec/dec/avif_dec.wasm';
import decodeAvif, { init as initAvif } from '@jsquash/avif/decode.js';
import jpegDecoder from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import jpegEncoder from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import decodeJpeg, { init as initJpegDecoder } from '@jsquash/jpeg/decode.js';
import encodeJpegData, { init as initJpegEncoder } from '@jsquash/jpeg/encode.js';
// @ts-expect-error: its own types are those of what is made of it.
import pngDecoder from '@jsquash/png/codec/pkg/squoosh_png_bg.wasm';
import decodePng, { init as initPng } from '@jsquash/png/decode.js';
import resizeData, { initResize } from '@jsquash/resize';
// @ts-expect-error: likewise.
import resizer from '@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm';
import webpDecoder from '@jsquash/webp/codec/dec/webp_dec.wasm';
import webpEncoder from '@jsquash/webp/codec/enc/webp_enc_simd.wasm';
import decodeWebp, { init as initWebpDecoder } from '@jsquash/webp/decode.js';
import encodeWebpData, { init as initWebpEncoder } from '@jsquash/webp/encode.js';
import { GifReader } from 'omggif';
import { firstFrame } from './first-frame';
import type { PictureType } from './inspect';

/** Pixels, four bytes each: red, green, blue, opacity. */
export interface Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** The codecs make these, and Node has none. */
class NodeImageData implements Pixels {
  constructor(
    readonly data: Uint8ClampedArray<ArrayBuffer>,
    readonly width: number,
    readonly height: number,
  ) {}
}
Object.assign(globalThis, { ImageData: NodeImageData });

/** Half the time of its default, for files that are a fortieth larger. */
const WEBP_METHOD = 2;

const ready = new Set<() => Promise<unknown>>();

/** Starts a codec when it is needed, once an instance. */
async function start(init: () => Promise<unknown>): Promise<void> {
  if (ready.has(init)) return;
  await init();
  ready.add(init);
}

const compiled = (bytes: Uint8Array<ArrayBuffer>) => new WebAssembly.Module(bytes);
const startJpegDecoder = () => initJpegDecoder(compiled(jpegDecoder));
const startJpegEncoder = () => initJpegEncoder(compiled(jpegEncoder));
const startWebpDecoder = () => initWebpDecoder(compiled(webpDecoder));
const startWebpEncoder = () => initWebpEncoder(compiled(webpEncoder));
const startAvif = () => initAvif(compiled(avifDecoder));
const startPng = () => initPng(compiled(pngDecoder));
const startResize = () => initResize(compiled(resizer));

const DECODERS: Readonly<
  Record<Exclude<PictureType, 'svg'>, (bytes: ArrayBuffer) => Promise<Pixels | null>>
> = {
  jpeg: async (bytes) => {
    await start(startJpegDecoder);
    // Turned as the camera says: a rendition carries no orientation.
    return (await decodeJpeg(bytes, { preserveOrientation: true })) as Pixels;
  },
  png: async (bytes) => {
    await start(startPng);
    return (await decodePng(bytes)) as Pixels;
  },
  webp: async (bytes) => {
    await start(startWebpDecoder);
    return (await decodeWebp(new Uint8Array(firstFrame(new Uint8Array(bytes))).buffer)) as Pixels;
  },
  avif: async (bytes) => {
    await start(startAvif);
    return (await decodeAvif(bytes)) as Pixels;
  },
  gif: async (bytes) => {
    const reader = new GifReader(new Uint8Array(bytes));
    const { width, height } = reader;
    const data = new Uint8ClampedArray(width * height * 4);
    reader.decodeAndBlitFrameRGBA(0, data);
    return { data, width, height };
  },
};

/** The picture, or the first of an animation. @throws what the codec throws when the file is damaged */
export async function decode(type: Exclude<PictureType, 'svg'>, bytes: Uint8Array): Promise<Pixels> {
  try {
    const pixels = await DECODERS[type](new Uint8Array(bytes).buffer);
    if (!pixels) throw new Error('the codec gave no picture');
    return pixels;
  } catch (error) {
    // A codec that stopped in the middle may be unusable.
    ready.clear();
    throw error;
  }
}

/** Of a picture that is several times as wide, each four pixels are one first, which is as good and takes a fraction of the time. */
export async function resize(pixels: Pixels, width: number): Promise<Pixels> {
  if (pixels.width >= 3 * width) return resize(halve(pixels), width);
  await start(startResize);
  const height = Math.max(1, Math.round((pixels.height * width) / pixels.width));
  return (await resizeData(pixels as ImageData, {
    ...{ width, height, method: 'lanczos3', premultiply: true, linearRGB: false },
  })) as Pixels;
}

/** A pixel of each two by two, in which opaque ones count more; what of an odd row or column is over is left out. */
function halve({ data, width, height }: Pixels): Pixels {
  const half = { width: width >> 1, height: Math.max(1, height >> 1) };
  const smaller = new Uint8ClampedArray(half.width * half.height * 4);
  const below = height > 1 ? width * 4 : 0;
  const value = (at: number): number => data[at] as number;
  for (let to = 0, x = 0, y = 0; to < smaller.length; to += 4) {
    const a = (2 * y * width + 2 * x) * 4;
    const [b, c, d] = [a + 4, a + below, a + below + 4];
    const [opaqueA, opaqueB] = [value(a + 3), value(b + 3)];
    const [opaqueC, opaqueD] = [value(c + 3), value(d + 3)];
    const opaque = opaqueA + opaqueB + opaqueC + opaqueD;
    for (let channel = 0; channel < 3; channel += 1) {
      const sum =
        value(a + channel) * opaqueA +
        value(b + channel) * opaqueB +
        value(c + channel) * opaqueC +
        value(d + channel) * opaqueD;
      smaller[to + channel] = sum / (opaque || 1);
    }
    smaller[to + 3] = opaque / 4;
    x = x + 1 < half.width ? x + 1 : 0;
    if (x === 0) y += 1;
  }
  return { data: smaller, ...half };
}

export async function encodeWebp(pixels: Pixels, quality: number): Promise<Uint8Array> {
  await start(startWebpEncoder);
  return new Uint8Array(await encodeWebpData(pixels as ImageData, { quality, method: WEBP_METHOD }));
}

/** JPEG has no opacity: what shines through is white. */
export async function encodeJpeg(pixels: Pixels, quality: number): Promise<Uint8Array> {
  await start(startJpegEncoder);
  return new Uint8Array(await encodeJpegData(onWhite(pixels) as ImageData, { quality, progressive: false }));
}

function onWhite({ data, width, height }: Pixels): Pixels {
  const opaque = new Uint8ClampedArray(data);
  for (let at = 0; at < opaque.length; at += 4) {
    const opacity = (data[at + 3] ?? 255) / 255;
    for (let channel = at; channel < at + 3; channel += 1) {
      opaque[channel] = (data[channel] ?? 0) * opacity + 255 * (1 - opacity);
    }
    opaque[at + 3] = 255;
  }
  return { data: opaque, width, height };
}
