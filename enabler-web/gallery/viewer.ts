// A picture opened larger, with the pictures similar to it; each of those can be opened in its place.

import type { GalleryImage, Recommendations } from '../api/types';
import type { Messages } from '../i18n/en';
import type { LikeDesk } from '../likes/desk';
import { openDialog } from '../ui/dialog';
import { h } from '../ui/dom';
import { loadFailure } from '../ui/load-failure';
import { pictureElement } from '../ui/picture';
import { createLikeButton } from './like-button';
import { Shelf } from './shelf';

/** What the viewer needs from the page. */
export interface ViewerOptions {
  readonly desk: LikeDesk;
  readonly text: Messages;
  similar(itemId: string): Promise<Recommendations>;
  /** The recommendation that a picture of the page's own list came with, and the pictures seen beside it. */
  origin(): { readonly recommendationId?: string; readonly visible: readonly string[] };
}

/** Opens the viewer on a picture; closing gives the focus back to where it was. */
export function openViewer(first: GalleryImage, options: ViewerOptions): void {
  const { desk, text } = options;
  const stage = h('div', { class: 'viewer-stage' });
  const shelf = h('section', { class: 'viewer-similar', 'aria-label': text.gallerySimilar });
  const dialog = openDialog(
    { id: 'viewer', title: '', close: text.close, className: 'viewer' },
    stage,
    shelf,
  );
  const title = dialog.querySelector('h2') ?? h('h2');
  title.tabIndex = -1;
  let leave = (): void => undefined;

  const show = (image: GalleryImage, from: ReturnType<ViewerOptions['origin']>): void => {
    leave();
    const name = text.emotions[image.emotion];
    dialog.dataset.emotion = image.emotion;
    title.textContent = name;
    const like = createLikeButton(name, text, () =>
      desk.toggle(image.itemId, from.visible, from.recommendationId),
    );
    const refresh = (): void =>
      like.show({ liked: desk.isLiked(image.itemId), waiting: desk.isWaiting(image.itemId) });
    const unsubscribe = desk.subscribe(refresh);
    refresh();
    stage.replaceChildren(
      pictureElement(image, { alt: name, className: 'viewer-picture', place: 'alone' }),
      like.element,
    );
    leave = unsubscribe;
    void showSimilar(image, () => unsubscribe());
  };

  const showSimilar = async (image: GalleryImage, unsubscribe: () => void): Promise<void> => {
    shelf.replaceChildren(h('p', { class: 'quiet', role: 'status' }, text.loading));
    let current = true;
    leave = () => {
      current = false;
      unsubscribe();
    };
    try {
      const { images, source, recommendationId } = await options.similar(image.itemId);
      if (!current) return;
      const list = new Shelf({
        desk,
        text,
        open: (next) => {
          show(next, { recommendationId, visible: list.visible });
          dialog.scrollTop = 0;
          title.focus();
        },
      });
      list.add({ images, recommendationId });
      leave = () => {
        unsubscribe();
        list.close();
      };
      const words = source === 'personalize' ? text.gallerySimilarModel : text.gallerySimilarMood;
      shelf.replaceChildren(
        h('h3', { class: 'viewer-subtitle' }, text.gallerySimilar),
        h('p', { class: 'quiet' }, images.length > 0 ? words : text.noPictures),
        list.element,
      );
    } catch (error) {
      if (!current) return;
      shelf.replaceChildren(loadFailure(text, error, () => void showSimilar(image, unsubscribe)));
    }
  };

  dialog.addEventListener('close', () => leave());
  show(first, options.origin());
}
