// What is in the gallery, with a button to take each picture out, and what was taken out, with one to put it back.

import type { OperatorPictures, RemovedFiles } from '../../api/types';
import { isEmotion } from '../../emotions';
import type { Messages } from '../../i18n/en';
import { button, h } from '../../ui/dom';
import { pictureElement } from '../../ui/picture';

interface Actions {
  /** Item ids that are not shown, as they have just gone elsewhere. */
  readonly hidden: ReadonlySet<string>;
}

const nameOf = (itemId: string): string => itemId.split('/').at(-1) ?? itemId;

export function shownList(
  { images, count }: OperatorPictures,
  text: Messages,
  {
    hidden,
    remove,
    more,
  }: Actions & {
    remove(itemId: string): void;
    more(): void;
  },
): HTMLElement[] {
  const words = text.console.curation;
  const tiles = images
    .filter(({ itemId }) => !hidden.has(itemId))
    .map((image) => {
      const name = nameOf(image.itemId);
      return h(
        'li',
        { class: 'curation-tile' },
        pictureElement(image, { alt: name, className: 'curation-picture', place: 'row', square: 160 }),
        button(
          {
            class: 'button curation-button',
            id: `remove-${image.itemId}`,
            'aria-label': words.removeNamed(name),
            title: name,
          },
          () => remove(image.itemId),
          words.remove,
        ),
      );
    });
  return [
    h('h3', { class: 'curation-title', tabindex: -1 }, words.shown),
    h('p', { class: 'quiet' }, count === 0 ? words.nothingShown : words.shownCount(count)),
    h('ul', { class: 'curation-grid' }, ...tiles),
    ...(images.length < count ? [button({ class: 'button', id: 'curation-more' }, more, words.more)] : []),
  ];
}

export function removedList(
  { files }: RemovedFiles,
  text: Messages,
  { hidden, restore }: Actions & { restore(itemId: string): void },
): HTMLElement[] {
  const words = text.console.curation;
  const rows = files.filter(({ itemId }) => !hidden.has(itemId));
  if (rows.length === 0) return [];
  return [
    h('h3', { class: 'curation-title', tabindex: -1 }, words.taken),
    h('p', { class: 'quiet' }, words.takenIntro),
    h(
      'ul',
      { class: 'curation-rows' },
      ...rows.map(({ itemId }) => {
        const emotion = itemId.split('/')[1];
        return h(
          'li',
          { class: 'curation-row' },
          h('span', { class: 'curation-name' }, nameOf(itemId)),
          h('span', { class: 'quiet' }, isEmotion(emotion) ? text.emotions[emotion] : ''),
          button(
            {
              class: 'button curation-button',
              id: `restore-${itemId}`,
              'aria-label': words.restoreNamed(nameOf(itemId)),
            },
            () => restore(itemId),
            words.restore,
          ),
        );
      }),
    ),
  ];
}
