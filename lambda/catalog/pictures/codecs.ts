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
    return (await decodeWebp(bytes)) as Pixels;
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

export async function resize(pixels: Pixels, width: number): Promise<Pixels> {
  await start(startResize);
  const height = Math.max(1, Math.round((pixels.height * width) / pixels.width));
  return (await resizeData(pixels as ImageData, {
    ...{ width, height, method: 'lanczos3', premultiply: true, linearRGB: false },
  })) as Pixels;
}

export async function encodeWebp(pixels: Pixels, quality: number): Promise<Uint8Array> {
  await start(startWebpEncoder);
  return new Uint8Array(await encodeWebpData(pixels as ImageData, { quality, method: 4 }));
}

/** JPEG has no opacity: what shines through is white. */
export async function encodeJpeg(pixels: Pixels, quality: number): Promise<Uint8Array> {
  await start(startJpegEncoder);
  return new Uint8Array(await encodeJpegData(onWhite(pixels) as ImageData, { quality }));
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
