// The board for a projector: how to join, how far everybody is, what was liked last.

import type { LatestLike, Progress } from '../api/types';
import type { Messages } from '../i18n/en';
import { type PageContext, startPage } from '../ui/context';
import { h } from '../ui/dom';
import { header } from '../ui/header';
import { isLocal } from '../ui/local';
import { pictureElement } from '../ui/picture';
import { startPoll } from '../ui/poll';
import { createProgressBars, type ProgressBars } from '../ui/progress-bars';
import { qrCode } from './qr';

/** The board's state; it outlives redraws. */
class Board {
  private bars: ProgressBars | undefined;
  private pictures: HTMLElement = h('div');
  private progress: Progress | undefined;
  private latest: readonly LatestLike[] = [];

  constructor(private readonly context: PageContext) {
    const pace = { fastest: 2_000, slowest: 20_000 };
    // On a failure the last numbers stay; the poll goes on by itself, more slowly.
    const keepLast = (): void => undefined;
    startPoll(() => this.readProgress(), pace, keepLast);
    startPoll(() => this.readLatest(), pace, keepLast);
  }

  private async readProgress(): Promise<boolean> {
    const progress = await this.context.api.progress();
    const changed = JSON.stringify(progress) !== JSON.stringify(this.progress);
    this.progress = progress;
    this.bars?.show(progress);
    return changed;
  }

  private async readLatest(): Promise<boolean> {
    const latest = await this.context.api.latest();
    const changed = JSON.stringify(latest) !== JSON.stringify(this.latest);
    const known = new Set(this.latest.map(({ itemId }) => itemId));
    this.latest = latest;
    if (changed) this.drawLatest(known);
    return changed;
  }

  private drawLatest(known: ReadonlySet<string>): void {
    const text = this.context.text();
    if (this.latest.length === 0) {
      this.pictures.replaceChildren(h('p', { class: 'quiet' }, text.boardEmpty));
      return;
    }
    const list = h('ul', { class: 'latest-list' });
    for (const image of this.latest) {
      const alt = text.boardPicture(text.emotions[image.emotion]);
      const className = `latest-picture ${known.has(image.itemId) ? '' : 'latest-new'}`;
      list.append(h('li', {}, pictureElement(image, { alt, className, place: 'row', square: 320 })));
    }
    this.pictures.replaceChildren(list);
  }

  private join(text: Messages): HTMLElement {
    const address = new URL('/enabler.html', location.href).href;
    return h(
      'section',
      { class: 'join', 'aria-label': text.boardJoin },
      qrCode(address, text.boardQr(address)),
      h('p', { class: 'join-words' }, text.boardJoin),
      h('p', { class: 'join-address' }, address.replace(/^https?:\/\//, '')),
      isLocal(location.hostname) && h('p', { class: 'join-local' }, text.boardLocal),
    );
  }

  /** Draws the whole page into `root`. */
  draw(root: HTMLElement): void {
    const text = this.context.text();
    document.title = `${text.brand}: ${text.toBoard}`;
    this.bars = createProgressBars(text);
    if (this.progress !== undefined) this.bars.show(this.progress);
    this.pictures = h('div');
    this.drawLatest(new Set(this.latest.map(({ itemId }) => itemId)));
    root.append(
      header(this.context, 'board'),
      h(
        'main',
        { id: 'main', class: 'board', tabindex: -1 },
        h('h1', { class: 'title' }, text.boardTitle),
        this.join(text),
        h('section', { 'aria-label': text.together }, this.bars.element),
        h(
          'section',
          { class: 'latest' },
          h('h2', { class: 'latest-title' }, text.boardLatest),
          this.pictures,
        ),
      ),
    );
  }
}

let board: Board | undefined;
startPage((context, root) => {
  board ??= new Board(context);
  board.draw(root);
});
