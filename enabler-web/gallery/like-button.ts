// The heart on a picture, as a button of its own.

import type { Messages } from '../i18n/en';
import { button, h, heart } from '../ui/dom';

/** A heart that shows whether its picture is liked. */
export interface LikeButton {
  readonly element: HTMLButtonElement;
  show(state: { readonly liked: boolean; readonly waiting: boolean }): void;
}

/** `name` is the picture's; it is read out after "Like". */
export function createLikeButton(name: string, text: Messages, onPress: () => void): LikeButton {
  const element = button(
    { class: 'like', 'aria-pressed': 'false' },
    () => {
      onPress();
      element.classList.toggle('like-popped', element.getAttribute('aria-pressed') === 'true');
    },
    heart(),
    h('span', { class: 'visually-hidden' }, text.galleryLike(name)),
  );
  return {
    element,
    show: ({ liked, waiting }) => {
      element.setAttribute('aria-pressed', String(liked));
      element.classList.toggle('like-waiting', waiting);
    },
  };
}
