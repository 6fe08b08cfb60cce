// What of a picture is shown on the web: small copies in several widths, without what the camera wrote into the file (place, time,
// device), and a tiny one for the time until they are there.

import { MOST_BYTES } from '../../shared/contract/files';
import { decode, encodeJpeg, encodeWebp, type Pixels, resize } from './codecs';
import { toSrgb } from './colour-profile';
import { type Inspection, inspect, RefusedPicture } from './inspect';

export interface Rendition {
  /** The file's name: its width and type. */
  readonly name: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

export interface Renditions {
  readonly files: readonly Rendition[];
  /** What the file is, by its content. */
  readonly contentType: string;
  /** Pixels, as it is to be seen; absent for an SVG that does not tell. */
  readonly width?: number;
  readonly height?: number;
  /** Widths of the WebP files; none for an SVG, which is sharp at any width. */
  readonly widths: readonly number[];
  /** A `data:` address of a few pixels. */
  readonly placeholder?: string;
}

/** For a phone's tile, a tile on a sharp screen, and the picture alone. */
const WIDTHS = [320, 640, 1280];
const LARGEST = Math.max(...WIDTHS);
const QUALITY = 75;
/** What every program can show. */
const FALL_BACK_WIDTH = 640;
const PLACEHOLDER_WIDTH = 12;

/** @throws RefusedPicture with the reason, for whoever put the file there */
export async function makeRenditions(bytes: Uint8Array): Promise<Renditions> {
  if (bytes.length > MOST_BYTES) throw tooLarge(bytes.length);
  const inspection = inspect(bytes);
  const contentType = `image/${inspection.type === 'svg' ? 'svg+xml' : inspection.type}`;
  if (inspection.type === 'svg') {
    const { width, height } = inspection;
    return {
      files: [{ name: 'picture.svg', contentType, body: bytes }],
      contentType,
      ...(width > 0 && height > 0 && { width, height }),
      widths: [],
    };
  }
  const pixels = await unpack(inspection, bytes);
  const smaller = pixels.width > LARGEST ? await resize(pixels, LARGEST) : pixels;
  // When it is small: there are ten times fewer pixels then.
  const shown = await shrink(toSrgb(smaller, inspection.type, bytes));
  return { ...shown, width: pixels.width, height: pixels.height, contentType };
}

export function tooLarge(bytes: number): RefusedPicture {
  const megabytes = (size: number) => Math.ceil(size / 1024 / 1024);
  return new RefusedPicture(`${megabytes(bytes)} MB, more than ${megabytes(MOST_BYTES)}: make it smaller`);
}

async function unpack({ type }: Inspection, bytes: Uint8Array): Promise<Pixels> {
  if (type === 'svg') throw new Error('an SVG has no pixels');
  try {
    return await decode(type, bytes);
  } catch {
    // What a codec says of a damaged file helps nobody.
    throw new RefusedPicture('damaged, or of a kind of its type that cannot be read: save it anew');
  }
}

async function shrink(pixels: Pixels): Promise<Omit<Renditions, 'contentType'>> {
  const { width, height } = pixels;
  const largest = Math.min(width, LARGEST);
  const widths = [...new Set([...WIDTHS.filter((each) => each < largest), largest])];
  const files: Rendition[] = [];
  let smaller = pixels;
  let fallBack: Pixels | undefined;
  // From the largest down, each from the one before: the original is gone through once.
  for (const each of [...widths].reverse()) {
    smaller = smaller.width === each ? smaller : await resize(smaller, each);
    files.push({
      name: `${each}.webp`,
      contentType: 'image/webp',
      body: await encodeWebp(smaller, QUALITY),
    });
    if (!fallBack || each >= FALL_BACK_WIDTH) fallBack = smaller;
  }
  if (!fallBack) throw new Error('a picture without a width');
  files.push({
    name: 'picture.jpg',
    contentType: 'image/jpeg',
    body: await encodeJpeg(fallBack, QUALITY),
  });
  const tiny = await encodeWebp(await resize(smaller, Math.min(width, PLACEHOLDER_WIDTH)), 40);
  const placeholder = `data:image/webp;base64,${Buffer.from(tiny).toString('base64')}`;
  return { files, width, height, widths, placeholder };
}
