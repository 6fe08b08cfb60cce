// The files on their way, each with a preview, where it stands, and what can be done about it. Rows stay the same elements while they
// change, so that what moves ten times a second takes nobody's focus.

import type { Messages } from '../../i18n/en';
import { button, h } from '../../ui/dom';
import type { QueuedFile, Standing, UploadQueue } from './upload-queue';

interface Actions {
  send(): void;
  restore(itemId: string): void;
}

interface Row {
  readonly element: HTMLElement;
  show(file: QueuedFile): void;
}

function standingWords(standing: Standing, text: Messages): string {
  const { standings, unfit, refusal } = text.console.curation;
  switch (standing.at) {
    case 'sending':
      return standings.sending(Math.round(standing.share * 100));
    case 'duplicate':
      return standings.duplicate(standing.itemId);
    case 'refused':
      return standings.refused(refusal(standing.reason));
    case 'failed':
      return standings.failed(standing.reason);
    case 'unfit':
      return unfit[standing.why];
    default:
      return standings[standing.at];
  }
}

const GOOD = ['listed'];
const BAD = ['refused', 'failed', 'unfit'];

export class UploadList {
  private readonly place = h('div', { class: 'curation-part' });
  private readonly list = h('ul', { class: 'curation-rows' });
  private readonly summary = h('p', { class: 'quiet', role: 'status' });
  private readonly rows = new Map<number, Row>();
  private sendButton: HTMLButtonElement = h('button');
  private clearButton: HTMLButtonElement = h('button');

  constructor(
    private readonly queue: UploadQueue,
    private readonly text: () => Messages,
    private readonly actions: Actions,
  ) {}

  private row({ id, file }: QueuedFile): Row {
    const words = this.text().console.curation;
    const address = URL.createObjectURL(file);
    const preview = h('img', { src: address, alt: '', class: 'curation-preview', width: 56, height: 56 });
    const forget = (): void => URL.revokeObjectURL(address);
    preview.addEventListener('load', forget, { once: true });
    preview.addEventListener(
      'error',
      () => {
        forget();
        preview.hidden = true;
      },
      { once: true },
    );
    const standing = h('span', { class: 'curation-standing' });
    const emotion = h('span', { class: 'quiet' });
    const meter = h('progress', { class: 'curation-meter', max: 1, 'aria-label': file.name });
    const restore = button({ class: 'button curation-button' }, () => undefined, words.restore);
    restore.setAttribute('aria-label', words.restoreNamed(file.name));
    const drop = button(
      { class: 'button curation-button', 'aria-label': words.leaveOut(file.name) },
      () => this.queue.drop(id),
      '×',
    );
    return {
      element: h(
        'li',
        { class: 'curation-row curation-upload' },
        preview,
        h(
          'div',
          { class: 'curation-file' },
          h('span', { class: 'curation-name' }, file.name),
          emotion,
          standing,
          meter,
        ),
        restore,
        drop,
      ),
      show: (entry) => {
        const text = this.text();
        const { at } = entry.standing;
        emotion.textContent = text.emotions[entry.emotion];
        standing.textContent = standingWords(entry.standing, text);
        standing.dataset.tone = GOOD.includes(at) ? 'good' : BAD.includes(at) ? 'bad' : 'neutral';
        meter.hidden = at !== 'sending';
        if (entry.standing.at === 'sending') meter.value = entry.standing.share;
        restore.hidden = at !== 'removed';
        if (entry.standing.at === 'removed') {
          const { itemId } = entry.standing;
          restore.onclick = () => this.actions.restore(itemId);
        }
        drop.hidden = ['waiting', 'sending', 'looking'].includes(at);
      },
    };
  }

  /** What has changed. */
  show(): void {
    const words = this.text().console.curation;
    const { files } = this.queue;
    const known = new Set(files.map(({ id }) => id));
    for (const [id, { element }] of this.rows) {
      if (known.has(id)) continue;
      element.remove();
      this.rows.delete(id);
    }
    for (const file of files) {
      const row = this.rows.get(file.id) ?? this.row(file);
      if (!this.rows.has(file.id)) this.list.append(row.element);
      this.rows.set(file.id, row);
      row.show(file);
    }
    this.place.hidden = files.length === 0;
    const [fresh, failed] = [this.queue.count('chosen'), this.queue.count('failed', 'slow')];
    this.sendButton.textContent = fresh > 0 || failed === 0 ? words.send(fresh) : words.sendAgain(failed);
    this.sendButton.hidden = fresh + failed === 0;
    const settled = this.queue.count('listed', 'duplicate', 'removed', 'refused', 'unfit');
    this.clearButton.hidden = settled === 0;
    const busy = this.queue.count('waiting', 'sending', 'looking');
    const done = busy + settled > 0 && fresh < files.length ? words.summary(settled, files.length) : '';
    if (this.summary.textContent !== done) this.summary.textContent = done;
  }

  /** In the language of now. */
  draw(): HTMLElement {
    const words = this.text().console.curation;
    this.rows.clear();
    this.list.replaceChildren();
    this.sendButton = button({ class: 'button button-primary', id: 'curation-send' }, () =>
      this.actions.send(),
    );
    this.clearButton = button({ class: 'button' }, () => this.queue.clear(), words.clear);
    this.place.replaceChildren(
      h('h3', { class: 'curation-title' }, words.list),
      this.list,
      h('div', { class: 'box-foot' }, this.sendButton, this.clearButton, this.summary),
    );
    this.show();
    return this.place;
  }
}
