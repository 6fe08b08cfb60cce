// A picture as the API shows it.
import type { Image } from '../contract/schemas';
import type { Picture } from './catalogue';

/** What the catalogue made of a file, to be shown in its place. */
export interface ShownPicture {
  /** Where the renditions are, in the bucket and on the site. */
  readonly folder: string;
  /** Pixels; absent for an SVG that does not tell. */
  readonly width?: number;
  readonly height?: number;
  /** Widths of the WebP files; none for an SVG. */
  readonly widths: readonly number[];
  /** A `data:` address of a few pixels. */
  readonly placeholder?: string;
}

export function imageOf({ itemId, emotion, picture }: Picture, liked: boolean): Image {
  // While a release before is updated, the site has the file itself: nobody misses what was recommended until now.
  if (!picture)
    return { itemId, url: `/${itemId.split('/').map(encodeURIComponent).join('/')}`, emotion, liked };
  const { folder, widths, ...rest } = picture;
  const base = `/${folder}`;
  if (widths.length === 0) return { itemId, url: `${base}/picture.svg`, emotion, liked, ...rest };
  const srcset = widths.map((width) => `${base}/${width}.webp ${width}w`).join(', ');
  return { itemId, url: `${base}/picture.jpg`, srcset, emotion, liked, ...rest };
}
