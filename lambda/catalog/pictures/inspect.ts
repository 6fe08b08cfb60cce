// Looks into a file: what it is by its content, whatever its name says, and whether the gallery can show it.
import { imageSize } from 'image-size';

export type PictureType = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'svg';

export interface Inspection {
  readonly type: PictureType;
  /** Pixels, as it is stored: an orientation may turn it. Of an SVG whose size is not told, 0. */
  readonly width: number;
  readonly height: number;
}

/** Why a file is not a picture of the gallery, in words for whoever put it there. */
export class RefusedPicture extends Error {
  override readonly name = 'RefusedPicture';
}

/** Four bytes each when it is unpacked: a small file may hold a picture that no memory can. */
export const MOST_PIXELS = 50_000_000;
const MOST_SVG_BYTES = 1024 * 1024;

const TYPES: Readonly<Record<string, PictureType>> = {
  jpg: 'jpeg',
  png: 'png',
  webp: 'webp',
  avif: 'avif',
  gif: 'gif',
  svg: 'svg',
};

const ADVICE: Readonly<Record<string, string>> = {
  heic: 'HEIC cannot be read here: save it as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible)',
  heif: 'HEIF cannot be read here: save it as JPEG',
  tiff: 'TIFF cannot be read here: save it as JPEG or PNG',
  bmp: 'BMP cannot be read here: save it as PNG',
};

/** One that does not tell its size, which browsers show nevertheless. */
const IS_SVG = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<svg[\s/>]/;

const NO_PICTURE = 'not a picture: expected JPEG, PNG, WebP, AVIF, GIF or SVG';

/** @throws RefusedPicture */
export function inspect(bytes: Uint8Array): Inspection {
  const { type: name = '', width, height } = measure(bytes);
  const type = TYPES[name];
  if (!type) throw new RefusedPicture(ADVICE[name] ?? NO_PICTURE);
  if (type === 'svg') checkSvg(bytes);
  else if (!(width > 0 && height > 0)) throw new RefusedPicture('damaged: it has no size');
  if (width * height > MOST_PIXELS) {
    throw new RefusedPicture(
      `${width} by ${height} pixels, more than ${MOST_PIXELS / 1e6} million: make it smaller`,
    );
  }
  if (type === 'jpeg') checkJpegEnd(bytes);
  return { type, width, height };
}

function measure(bytes: Uint8Array): { type?: string; width: number; height: number } {
  try {
    return imageSize(bytes);
  } catch {
    if (IS_SVG.test(Buffer.from(bytes.subarray(0, 1000)).toString('utf8'))) {
      return { type: 'svg', width: 0, height: 0 };
    }
    // Its errors say where its parser stood; to the person it is all the same.
    throw new RefusedPicture(NO_PICTURE);
  }
}

function checkSvg(bytes: Uint8Array): void {
  if (bytes.length > MOST_SVG_BYTES) throw new RefusedPicture('an SVG of more than 1 MB: make it simpler');
  const text = new TextDecoder().decode(bytes);
  // An entity may stand for a thousand others; scripts never run where a picture is shown.
  if (/<!ENTITY/i.test(text)) throw new RefusedPicture('an SVG with entities: save it without them');
}

/** A decoder would show half a picture, the rest grey. */
function checkJpegEnd(bytes: Uint8Array): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.lastIndexOf(Buffer.from([0xff, 0xd9]));
  const lastScan = buffer.lastIndexOf(Buffer.from([0xff, 0xda]));
  if (end < lastScan) throw new RefusedPicture('damaged: the file breaks off, upload it again');
}
