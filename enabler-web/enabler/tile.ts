// One picture on the wall: a button that likes it and shows whether the like is saved.

import type { GalleryImage } from '../api/types';
import type { Messages } from '../i18n/en';
import { button, h, heart } from '../ui/dom';
import { pictureElement } from '../ui/picture';

/** How a tile looks now. */
export interface TileState {
  readonly liked: boolean;
  readonly waiting: boolean;
}

/** A tile of the wall. */
export interface Tile {
  readonly item: HTMLLIElement;
  readonly button: HTMLButtonElement;
  readonly image: GalleryImage;
  show(state: TileState): void;
}

/** Makes the tile of the picture at `position` (from 1). */
export function createTile(
  image: GalleryImage,
  position: number,
  text: Messages,
  onPress: (tile: Tile) => void,
): Tile {
  const status = h('span', { class: 'tile-status' });
  const press = button(
    { class: 'tile', 'aria-pressed': 'false', tabindex: -1, 'data-item': image.itemId },
    () => onPress(tile),
    pictureElement(image, { alt: '', className: 'tile-picture', place: 'tile', square: 640 }),
    h('span', { class: 'visually-hidden' }, text.picture(text.emotions[image.emotion], position)),
    h('span', { class: 'tile-heart' }, heart()),
    status,
  );
  const tile: Tile = {
    item: h('li', { class: 'wall-item' }, press),
    button: press,
    image,
    show: ({ liked, waiting }) => {
      press.setAttribute('aria-pressed', String(liked));
      press.classList.toggle('tile-waiting', waiting);
      const words = waiting ? text.waiting : liked ? text.saved : '';
      if (status.textContent !== words) status.textContent = words;
    },
  };
  return tile;
}
