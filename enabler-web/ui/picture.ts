// A picture of the gallery as an element: the file that fits its place, a tile's loaded when it is near, with a few blurred pixels until then.

import type { GalleryImage } from '../api/types';
import { h } from './dom';

/** How wide a picture stands on the page, as the attribute `sizes` of HTML has it. */
export const SIZES = {
  tile: '(max-width: 40rem) 46vw, 17rem',
  alone: '(max-width: 48rem) 92vw, 40rem',
  row: '10rem',
} as const;

interface Place {
  readonly alt: string;
  readonly className: string;
  readonly place: keyof typeof SIZES;
  /** Pixels of the square that is kept free for it. @default - the picture's own proportions */
  readonly square?: number;
}

type Shown = Pick<GalleryImage, 'url' | 'srcset' | 'width' | 'height' | 'placeholder'>;

/** Programs that show no WebP take the JPEG of `url`. */
export function pictureElement(image: Shown, { alt, className, place, square }: Place): HTMLElement {
  const { url, srcset, width = 640, height = 640, placeholder } = image;
  const img = h('img', {
    ...{ alt, class: className, width: square ?? width, height: square ?? height },
    loading: place === 'tile' ? 'lazy' : 'eager',
    decoding: 'async',
  });
  if (placeholder !== undefined) {
    img.style.background = `center / cover url("${placeholder}")`;
    // What is transparent must not show it for ever.
    img.addEventListener('load', () => img.style.removeProperty('background'), { once: true });
  }
  // After `loading`, which has to be there when the address is.
  img.src = url;
  if (srcset === undefined) return img;
  const source = h('source', { type: 'image/webp', srcset, sizes: SIZES[place] });
  return h('picture', { class: 'picture' }, source, img);
}
