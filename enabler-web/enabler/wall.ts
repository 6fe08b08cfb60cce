// The wall of pictures: likes by click, tap and keyboard, and more pictures before the end is in sight.

import type { GalleryImage } from '../api/types';
import type { Messages } from '../i18n/en';
import type { LikeDesk } from '../likes/desk';
import { button, h } from '../ui/dom';
import { loadFailureWords } from '../ui/load-failure';
import type { Feed } from './feed';
import { createTile, type Tile } from './tile';

/** How far below the window's edge the next pictures are put on the wall. */
const AHEAD = '900px';

/** What the wall is made of. */
export interface WallOptions {
  readonly feed: Feed;
  readonly desk: LikeDesk;
  readonly text: Messages;
  /** What stands below the last picture. */
  readonly end: () => HTMLElement;
}

/** The wall of one emotion. */
export class Wall {
  private readonly list = h('ul', { class: 'wall-list' });
  private readonly foot = h('div', { class: 'wall-foot' });
  readonly element = h('div', { class: 'wall' }, this.list, this.foot);
  private readonly tiles: Tile[] = [];
  private active = 0;
  private readonly inView = new Set<string>();
  private loading = false;
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

  private readonly approach = new IntersectionObserver(
    (entries) => {
      if (entries.some((entry) => entry.isIntersecting)) void this.more();
    },
    { rootMargin: `0px 0px ${AHEAD} 0px` },
  );

  constructor(private readonly options: WallOptions) {
    this.unsubscribe = options.desk.subscribe(() => this.refresh());
    this.add(options.feed.shown);
    if (options.feed.ended) this.finish();
    else this.approach.observe(this.foot);
  }

  /** Ends all watching; the wall is about to leave the page. */
  close(): void {
    this.unsubscribe();
    this.impressions.disconnect();
    this.approach.disconnect();
  }

  private async more(): Promise<void> {
    const { feed, desk, text } = this.options;
    if (this.loading || feed.ended) return;
    this.loading = true;
    this.foot.replaceChildren(h('p', { class: 'quiet' }, text.loading));
    try {
      const images = await feed.next();
      desk.learn(images);
      this.add(images);
      this.foot.replaceChildren();
      if (feed.ended) this.finish();
    } catch (error) {
      this.foot.replaceChildren(
        h('p', { class: 'quiet', role: 'alert' }, loadFailureWords(text, error)),
        button({ class: 'button' }, () => void this.more(), text.tryAgain),
      );
      this.approach.unobserve(this.foot);
      return;
    } finally {
      this.loading = false;
    }
    // Observing anew reports at once when the foot is still near: a tall window fills up.
    this.approach.unobserve(this.foot);
    if (!feed.ended) this.approach.observe(this.foot);
  }

  private finish(): void {
    const { text, end } = this.options;
    this.foot.replaceChildren(this.tiles.length === 0 ? h('p', { class: 'quiet' }, text.noPictures) : end());
  }

  private add(images: readonly GalleryImage[]): void {
    for (const image of images) {
      const tile = createTile(image, this.tiles.length + 1, this.options.text, (pressed) =>
        this.press(pressed),
      );
      tile.button.addEventListener('focus', () => this.activate(this.tiles.indexOf(tile)));
      this.tiles.push(tile);
      this.list.append(tile.item);
      this.impressions.observe(tile.button);
    }
    this.activate(this.active);
    this.refresh();
  }

  private press(tile: Tile): void {
    const liked = this.options.desk.toggle(tile.image.itemId, [...this.inView]);
    if (liked) tile.button.classList.add('tile-popped');
    else tile.button.classList.remove('tile-popped');
  }

  private refresh(): void {
    const waiting = this.options.desk.waitingItems();
    for (const tile of this.tiles) {
      const { itemId } = tile.image;
      tile.show({ liked: this.options.desk.isLiked(itemId), waiting: waiting.has(itemId) });
    }
  }

  /** Only one tile is in the tab order; arrows move among them. */
  private activate(index: number): void {
    const before = this.tiles[this.active];
    if (before !== undefined) before.button.tabIndex = -1;
    this.active = index;
    const now = this.tiles[index];
    if (now !== undefined) now.button.tabIndex = 0;
  }

  /** Puts the focus on the tile that it was on last. */
  focus(): void {
    this.focusAt(this.active);
  }

  private focusAt(index: number): void {
    const tile = this.tiles[Math.min(this.tiles.length - 1, Math.max(0, index))];
    tile?.button.focus({ preventScroll: true });
    tile?.button.scrollIntoView({ block: 'nearest' });
  }

  private get columns(): number {
    const top = this.tiles[0]?.item.offsetTop;
    const next = this.tiles.findIndex((tile) => tile.item.offsetTop !== top);
    return next === -1 ? this.tiles.length : next;
  }

  /** Does what a key means on the wall; returns whether it meant something. */
  handleKey(key: string): boolean {
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -this.columns,
      ArrowDown: this.columns,
      Home: -this.active,
      End: this.tiles.length - 1 - this.active,
    };
    const onWall = this.list.contains(document.activeElement);
    const step = steps[key];
    if (step !== undefined) {
      this.focusAt(onWall ? this.active + step : this.active);
      return true;
    }
    if (key.toLowerCase() !== 'l') return false;
    this.likeAndGoOn(onWall);
    return true;
  }

  private likeAndGoOn(onWall: boolean): void {
    const tile = this.tiles[this.active];
    if (tile === undefined) return;
    if (!this.options.desk.isLiked(tile.image.itemId)) this.press(tile);
    this.focusAt(onWall || this.active === 0 ? this.active + 1 : this.active);
  }
}
