// The console's card of pictures: what is put in, what is shown, what was taken out.

import { sha256 } from '@noble/hashes/sha2.js';
import type { ApiClient } from '../../api/client';
import type { OperatorPictures, RemovedFiles } from '../../api/types';
import { EMOTIONS, type Emotion } from '../../emotions';
import type { Messages } from '../../i18n/en';
import { button, h } from '../../ui/dom';
import { filesOfDrop, filesOfInput } from './chosen-files';
import { removedList, shownList } from './lists';
import { sendFile } from './send-file';
import { UploadList } from './upload-list';
import { UploadQueue } from './upload-queue';

export interface CurationOptions {
  readonly api: Pick<ApiClient, 'planUploads' | 'operatorPictures' | 'removedPictures' | 'movePicture'>;
  readonly operatorToken: string;
  text(): Messages;
  wait(milliseconds: number): Promise<void>;
  onNote(words: string, kind?: 'problem'): void;
}

/** What a browser offers when it lets somebody choose; a phone hands out its HEIC photos as JPEG then. */
const ACCEPT = 'image/jpeg,image/png,image/webp,image/avif,image/gif,image/svg+xml';
/** The catalogue hears of a change within a second or two. */
const SETTLES_MS = 4_000;

/** Not by crypto.subtle, which only secure pages have: one that phones open over the local network is none. */
async function hash(file: Blob): Promise<string> {
  const digest = sha256(new Uint8Array(await file.arrayBuffer()));
  return btoa(String.fromCharCode(...digest));
}

export class Curation {
  private emotion: Emotion = EMOTIONS[0];
  private readonly queue: UploadQueue;
  private readonly uploads: UploadList;
  private pictures: OperatorPictures | undefined;
  private removed: RemovedFiles | undefined;
  /** Taken out or put back a moment ago, and not yet seen so in the lists. */
  private readonly moved = new Set<string>();
  private readonly shownPlace = h('div', { class: 'curation-part' });
  private readonly removedPlace = h('div', { class: 'curation-part' });

  constructor(private readonly options: CurationOptions) {
    const { api, operatorToken, text, wait } = options;
    this.queue = new UploadQueue({
      plan: (files) => api.planUploads(operatorToken, files),
      send: sendFile,
      hash,
      wait,
      onChange: () => this.uploads.show(),
    });
    this.uploads = new UploadList(this.queue, text, {
      send: () => void this.send(),
      restore: (itemId) => void this.move('restore', itemId),
    });
    void this.read();
  }

  private async send(): Promise<void> {
    await this.queue.start();
    await this.read();
  }

  /** Both lists; a failure leaves what is there, as the console says that there is no answer. */
  private async read(): Promise<void> {
    const { api, operatorToken } = this.options;
    const { emotion } = this;
    try {
      const [pictures, removed] = await Promise.all([
        api.operatorPictures(operatorToken, emotion, 0),
        api.removedPictures(operatorToken),
      ]);
      if (emotion !== this.emotion) return;
      this.pictures = pictures;
      this.removed = removed;
      this.showLists();
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    // That the link is refused the console says itself.
    if ((error as { status?: number }).status === 401) return;
    this.options.onNote(this.options.text().console.curation.failed((error as Error).message), 'problem');
  }

  private async more(): Promise<void> {
    const { api, operatorToken } = this.options;
    const { pictures, emotion } = this;
    if (!pictures) return;
    try {
      const next = await api.operatorPictures(operatorToken, emotion, pictures.images.length);
      if (emotion !== this.emotion) return;
      this.pictures = { images: [...pictures.images, ...next.images], count: next.count };
      this.showLists();
    } catch (error) {
      this.fail(error);
    }
  }

  private async move(action: 'remove' | 'restore', itemId: string): Promise<void> {
    const { api, operatorToken, text, onNote, wait } = this.options;
    const name = itemId.split('/').at(-1) ?? itemId;
    try {
      await api.movePicture(operatorToken, action, itemId);
      this.moved.add(itemId);
      this.queue.note(action, itemId);
      this.showLists();
      const words = text().console.curation;
      onNote(action === 'remove' ? words.removedNote(name) : words.restoredNote(name));
      await wait(SETTLES_MS);
      this.moved.delete(itemId);
      await this.read();
    } catch (error) {
      this.fail(error);
    }
  }

  private showLists(): void {
    const text = this.options.text();
    const hidden = this.moved;
    if (this.pictures) {
      this.replace(
        this.shownPlace,
        shownList(this.pictures, text, {
          hidden,
          remove: (itemId) => void this.move('remove', itemId),
          more: () => void this.more(),
        }),
      );
    }
    if (this.removed) {
      const restore = (itemId: string): void => void this.move('restore', itemId);
      this.replace(this.removedPlace, removedList(this.removed, text, { hidden, restore }));
    }
  }

  /** Keeps the keyboard near where it was: on the same button, else on the list's title. */
  private replace(place: HTMLElement, content: readonly HTMLElement[]): void {
    const focused = place.contains(document.activeElement) ? document.activeElement?.id : undefined;
    place.replaceChildren(...content);
    if (focused === undefined) return;
    const target = document.getElementById(focused) ?? place.querySelector<HTMLElement>('h3');
    target?.focus({ preventScroll: true });
  }

  private choice(): HTMLElement {
    const text = this.options.text();
    const select = h(
      'select',
      { class: 'select', id: 'curation-emotion', 'aria-describedby': 'curation-folders' },
      ...EMOTIONS.map((emotion) =>
        h('option', { value: emotion, selected: emotion === this.emotion }, text.emotions[emotion]),
      ),
    );
    select.addEventListener('change', () => {
      this.emotion = select.value as Emotion;
      void this.read();
    });
    return h(
      'p',
      { class: 'field-row' },
      h('label', { for: 'curation-emotion' }, text.console.curation.emotion),
      select,
    );
  }

  private opener(id: string, label: string, attributes: { readonly [name: string]: string | boolean }) {
    const input = h('input', {
      ...{ id, type: 'file', multiple: true, hidden: true },
      ...attributes,
    });
    input.addEventListener('change', () => {
      this.queue.add(filesOfInput(input), this.emotion);
      input.value = '';
    });
    return [button({ class: 'button', id: `${id}-button` }, () => input.click(), label), input];
  }

  private dropZone(): HTMLElement {
    const words = this.options.text().console.curation;
    const zone = h(
      'div',
      { class: 'drop-zone' },
      h('p', { class: 'drop-words' }, words.drop),
      h(
        'p',
        { class: 'button-row' },
        ...this.opener('curation-files', words.choose, { accept: ACCEPT }),
        // Phones have no folders to choose.
        ...('webkitdirectory' in HTMLInputElement.prototype && matchMedia('(pointer: fine)').matches
          ? this.opener('curation-folder', words.chooseFolder, { webkitdirectory: true })
          : []),
      ),
      h('p', { class: 'quiet' }, words.kinds),
    );
    zone.addEventListener('dragover', (event) => {
      event.preventDefault();
      zone.classList.add('drop-over');
    });
    zone.addEventListener('dragleave', () => zone.classList.remove('drop-over'));
    zone.addEventListener('drop', (event) => {
      event.preventDefault();
      zone.classList.remove('drop-over');
      const { emotion } = this;
      if (!event.dataTransfer) return;
      filesOfDrop(event.dataTransfer).then(
        (files) => this.queue.add(files, emotion),
        (error: unknown) => this.fail(error),
      );
    });
    return zone;
  }

  /** Makes the card anew, in the language of now. */
  draw(): HTMLElement {
    const words = this.options.text().console.curation;
    this.showLists();
    return h(
      'section',
      { class: 'card-box', 'aria-labelledby': 'curation-title' },
      h('h2', { class: 'box-title', id: 'curation-title' }, words.title),
      h('p', { class: 'quiet' }, words.intro),
      h(
        'div',
        { class: 'box-foot' },
        this.choice(),
        h('p', { class: 'quiet', id: 'curation-folders' }, words.byFolder),
      ),
      this.dropZone(),
      this.uploads.draw(),
      this.shownPlace,
      this.removedPlace,
    );
  }
}
