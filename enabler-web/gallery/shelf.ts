// A list of pictures that can be opened and liked; knows which of them are in view, for the impression of a like.

import type { GalleryImage } from '../api/types';
import type { Messages } from '../i18n/en';
import type { LikeDesk } from '../likes/desk';
import { h } from '../ui/dom';
import { type Card, createCard } from './card';

/** What a shelf is made of. */
export interface ShelfOptions {
  readonly desk: LikeDesk;
  readonly text: Messages;
  open(image: GalleryImage): void;
}

/** Pictures of one answer of the API. */
export interface ShelfPictures {
  readonly images: readonly GalleryImage[];
  /** Goes into the likes of these pictures. */
  readonly recommendationId?: string;
  /** Item ids to mark as new. */
  readonly marked?: ReadonlySet<string>;
}

/** A list of pictures on the page. */
export class Shelf {
  readonly element = h('ul', { class: 'gallery-list' });
  private readonly cards: Card[] = [];
  private readonly inView = new Set<string>();
  private readonly unsubscribe: () => void;

  private readonly impressions = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const itemId = target.getAttribute('data-item') ?? '';
        if (isIntersecting) this.inView.add(itemId);
        else this.inView.delete(itemId);
      }
    },
    { threshold: 0.5 },
  );

  constructor(private readonly options: ShelfOptions) {
    this.unsubscribe = options.desk.subscribe(() => this.refresh());
  }

  /** Ends all watching; the list is about to leave the page. */
  close(): void {
    this.unsubscribe();
    this.impressions.disconnect();
  }

  get itemIds(): string[] {
    return this.cards.map(({ image }) => image.itemId);
  }

  /** Item ids that people see now. */
  get visible(): readonly string[] {
    return [...this.inView];
  }

  /** Appends pictures; those that are there already are left out. */
  add({ images, recommendationId, marked }: ShelfPictures): void {
    const { desk, text, open } = this.options;
    desk.learn(images);
    const known = new Set(this.itemIds);
    for (const image of images.filter(({ itemId }) => !known.has(itemId))) {
      const position = this.cards.length + 1;
      const isNew = marked?.has(image.itemId) ?? false;
      const card = createCard(
        image,
        { position, isNew, text },
        {
          open,
          like: ({ itemId }) => desk.toggle(itemId, this.visible, recommendationId),
        },
      );
      this.cards.push(card);
      this.element.append(card.item);
      this.impressions.observe(card.open);
    }
    this.refresh();
  }

  private refresh(): void {
    const { desk } = this.options;
    const waiting = desk.waitingItems();
    for (const { image, like } of this.cards) {
      like.show({ liked: desk.isLiked(image.itemId), waiting: waiting.has(image.itemId) });
    }
  }
}
