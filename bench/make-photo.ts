// Photos as large as a camera's, and what the catalogue makes of them. Bundled by photos.ts, as codecs in WebAssembly are for functions.
import { encodeJpeg } from '../lambda/catalog/pictures/codecs';
import { photo } from '../test/support/photo';

export { makeRenditions } from '../lambda/catalog/pictures/renditions';

/** 12 megapixels, some 3 MB. */
export const cameraPhoto = (seed: number): Promise<Uint8Array> => encodeJpeg(photo(4000, 3000, seed), 88);
