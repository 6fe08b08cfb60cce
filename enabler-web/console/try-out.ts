// One person before and after some likes: what the gallery shows them, side by side.

import type { ApiClient } from '../api/client';
import type { GalleryImage, Recommendations, Visitor } from '../api/types';
import { EMOTIONS, type Emotion } from '../emotions';
import type { Messages } from '../i18n/en';
import { changedList } from '../likes/changed-list';
import { button, h } from '../ui/dom';

const LIST = 10;
const LIKES = 3;

/** What the try-out needs from the page. */
export interface TryOutOptions {
  readonly api: Pick<ApiClient, 'createPeople' | 'recommendations' | 'images' | 'sendLikes'>;
  readonly operatorToken: string;
  text(): Messages;
  newId(): string;
  wait(milliseconds: number): Promise<void>;
  onProblem(words: string): void;
}

/** How many of the pictures have a mood. */
export function ofMood(images: readonly GalleryImage[], mood: Emotion): number {
  return images.filter(({ emotion }) => emotion === mood).length;
}

/** The try-out; it outlives redraws. */
export class TryOut {
  private person: Visitor | undefined;
  private mood: Emotion = 'calm';
  private before: Recommendations | undefined;
  private after: Recommendations | undefined;
  private likes = 0;
  private busy = false;
  private element: HTMLElement = h('section');

  constructor(private readonly options: TryOutOptions) {}

  private async run(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.show();
    try {
      await work();
    } catch (error) {
      this.options.onProblem(this.options.text().console.tryFailed((error as Error).message));
    }
    this.busy = false;
    const focused = document.activeElement === document.body;
    this.show();
    if (focused) document.getElementById(this.person ? 'try-like' : 'try-start')?.focus();
  }

  private async begin(): Promise<void> {
    const { api, operatorToken } = this.options;
    const [person] = await api.createPeople(operatorToken, { count: 1 });
    if (person === undefined) throw new Error('nobody came');
    this.before = await api.recommendations(person.token, { limit: LIST });
    this.person = person;
    this.after = undefined;
    this.likes = 0;
  }

  private async like(): Promise<void> {
    const { api, newId, wait } = this.options;
    const { person, mood } = this;
    if (person === undefined) return;
    const list = await api.recommendations(person.token, { emotion: mood, limit: LIKES });
    const impression = list.images.map(({ itemId }) => itemId);
    const occurredAt = new Date().toISOString();
    const likes = impression.map((itemId) => ({
      ...{ eventId: newId(), itemId, liked: true, impression, occurredAt },
      recommendationId: list.recommendationId,
    }));
    if (likes.length === 0) return;
    await api.sendLikes(person.token, { sessionId: person.visitorId, likes });
    this.likes += likes.length;
    const before = (this.after ?? this.before)?.images.map(({ itemId }) => itemId) ?? [];
    const ask = () => api.recommendations(person.token, { limit: LIST });
    this.after = (await changedList(before, { ask, wait }))?.list;
  }

  private row(title: string, list: Recommendations, known?: readonly GalleryImage[]): HTMLElement {
    const text = this.options.text();
    const before = new Set(known?.map(({ itemId }) => itemId));
    const moodName = text.emotions[this.mood];
    return h(
      'section',
      { class: 'try-row', 'aria-label': title },
      h(
        'div',
        { class: 'try-head' },
        h('h3', { class: 'try-title' }, title),
        h(
          'p',
          { class: 'quiet' },
          text.console.moodShare(ofMood(list.images, this.mood), list.images.length, moodName),
          ` · ${text.console.sources[list.source]}`,
        ),
      ),
      h(
        'ol',
        { class: 'try-list' },
        ...list.images.map(({ itemId, url, emotion }, index) => {
          const isNew = known !== undefined && !before.has(itemId);
          const alt = text.picture(text.emotions[emotion], index + 1);
          return h(
            'li',
            { class: isNew ? 'try-new' : '', 'data-emotion': emotion },
            h('img', { src: url, alt: isNew ? `${alt}, ${text.galleryNew}` : alt, width: 160, height: 160 }),
          );
        }),
      ),
    );
  }

  private controls(): HTMLElement {
    const text = this.options.text();
    const start = button(
      { class: 'button', id: 'try-start', disabled: this.busy },
      () => void this.run(() => this.begin()),
      this.person ? text.console.tryAnother : text.console.tryStart,
    );
    if (this.person === undefined) return h('div', { class: 'box-foot' }, start);
    const select = h(
      'select',
      { class: 'select', id: 'try-mood' },
      ...EMOTIONS.map((mood) =>
        h('option', { value: mood, selected: mood === this.mood }, text.emotions[mood]),
      ),
    );
    select.addEventListener('change', () => {
      this.mood = select.value as Emotion;
      this.show();
      document.getElementById('try-mood')?.focus();
    });
    return h(
      'div',
      { class: 'box-foot' },
      h('p', { class: 'field-row' }, h('label', { for: 'try-mood' }, text.galleryMoods), select),
      button(
        { class: 'button button-primary', id: 'try-like', disabled: this.busy },
        () => void this.run(() => this.like()),
        text.console.tryLike(LIKES),
      ),
      start,
    );
  }

  private show(): void {
    const text = this.options.text();
    const rows: HTMLElement[] = [];
    if (this.before) rows.push(this.row(text.console.tryBefore, this.before));
    if (this.after) rows.push(this.row(text.console.tryAfter(this.likes), this.after, this.before?.images));
    this.element.replaceChildren(
      h('h2', { class: 'box-title', id: 'try-title' }, text.console.tryOut),
      h('p', { class: 'quiet' }, text.console.tryIntro),
      this.controls(),
      h('div', { class: 'try-rows', role: 'status', 'aria-busy': String(this.busy) }, ...rows),
    );
  }

  /** Makes the card anew, in the language of now. */
  draw(): HTMLElement {
    this.element = h('section', { class: 'card-box', 'aria-labelledby': 'try-title' });
    this.show();
    return this.element;
  }
}
