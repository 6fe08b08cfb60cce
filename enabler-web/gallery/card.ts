// One picture of a list: opens larger, can be liked, says when it is new.

import type { GalleryImage } from '../api/types';
import type { Messages } from '../i18n/en';
import { button, h } from '../ui/dom';
import { pictureElement } from '../ui/picture';
import { createLikeButton, type LikeButton } from './like-button';

/** A card of a list. */
export interface Card {
  readonly item: HTMLLIElement;
  readonly open: HTMLButtonElement;
  readonly like: LikeButton;
  readonly image: GalleryImage;
}

/** What a press on a card does. */
export interface CardActions {
  open(image: GalleryImage): void;
  like(image: GalleryImage): void;
}

/** Makes the card of the picture at `position` (from 1). */
export function createCard(
  image: GalleryImage,
  options: { readonly position: number; readonly isNew: boolean; readonly text: Messages },
  actions: CardActions,
): Card {
  const { position, isNew, text } = options;
  const name = text.picture(text.emotions[image.emotion], position);
  const open = button(
    { class: 'card-open', 'data-item': image.itemId },
    () => actions.open(image),
    pictureElement(image, { alt: name, className: 'gallery-picture', place: 'tile', square: 640 }),
  );
  const like = createLikeButton(name, text, () => actions.like(image));
  const badge = isNew && h('span', { class: 'card-new' }, text.galleryNew);
  const item = h('li', { class: isNew ? 'card card-fresh' : 'card' }, open, badge, like.element);
  return { item, open, like, image };
}
