// What to see: the mood, and for one mood either the recommendations or all of it in one's own order.

import { EMOTIONS, type Emotion } from '../emotions';
import type { Messages } from '../i18n/en';
import { button, h } from '../ui/dom';

/** What the gallery shows. */
export interface Choice {
  readonly mood?: Emotion;
  /** All pictures of the mood, liked ones too, ranked for the visitor. */
  readonly everything: boolean;
}

function chip(
  label: string,
  pressed: boolean,
  attributes: Readonly<Record<string, string | undefined>>,
  choose: () => void,
): HTMLButtonElement {
  return button({ class: 'button mood', 'aria-pressed': String(pressed), ...attributes }, choose, label);
}

/** The buttons for a choice; a press calls `onChoose` and keeps the focus on the button's successor. */
export function choiceButtons(
  choice: Choice,
  text: Messages,
  onChoose: (choice: Choice) => void,
): HTMLElement {
  const choose = (id: string, next: Choice): void => {
    onChoose(next);
    document.getElementById(id)?.focus();
  };
  const mood = (id: string, name: Emotion | undefined, label: string): HTMLButtonElement =>
    chip(label, choice.mood === name, { id, 'data-emotion': name }, () =>
      choose(id, { mood: name, everything: false }),
    );
  const moods = h(
    'div',
    { class: 'moods', role: 'group', 'aria-label': text.galleryMoods },
    mood('mood-all', undefined, text.galleryAll),
    ...EMOTIONS.map((name) => mood(`mood-${name}`, name, text.emotions[name])),
  );
  if (choice.mood === undefined) return h('div', { class: 'choices' }, moods);
  const view = (id: string, everything: boolean, label: string): HTMLButtonElement =>
    chip(label, choice.everything === everything, { id, 'data-emotion': choice.mood }, () =>
      choose(id, { ...choice, everything }),
    );
  const views = h(
    'div',
    { class: 'moods', role: 'group', 'aria-label': text.galleryView },
    view('view-chosen', false, text.galleryForYou),
    view('view-all', true, text.galleryRanked),
  );
  return h('div', { class: 'choices' }, moods, views);
}
