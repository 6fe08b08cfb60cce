// The two bars of the common goal, and in words what is still missing.

import type { Progress } from '../api/types';
import type { Messages } from '../i18n/en';
import { h } from './dom';

interface Bar {
  readonly element: HTMLElement;
  set(value: number, maximum: number): void;
}

function createBar(id: string, label: string, format: (value: number, maximum: number) => string): Bar {
  const number = h('output', { class: 'bar-number', id: `${id}-number` }, '–');
  const fill = h('span', { class: 'bar-fill' });
  const track = h(
    'div',
    { class: 'bar-track', role: 'progressbar', 'aria-labelledby': `${id}-label`, 'aria-valuemin': 0 },
    fill,
  );
  const element = h(
    'div',
    { class: 'bar', id },
    h('div', { class: 'bar-head' }, h('span', { id: `${id}-label` }, label), number),
    track,
  );
  return {
    element,
    set: (value, maximum) => {
      number.textContent = format(value, maximum);
      track.setAttribute('aria-valuemax', String(maximum));
      track.setAttribute('aria-valuenow', String(Math.min(value, maximum)));
      track.setAttribute('aria-valuetext', format(value, maximum));
      const share = maximum > 0 ? Math.min(1, value / maximum) : 1;
      fill.style.setProperty('--share', String(share));
      element.classList.toggle('bar-full', share >= 1);
    },
  };
}

/** What is missing to the minimum, in words. */
export function missingText(progress: Progress, text: Messages): string {
  if (progress.reached) return text.reached;
  const people = Math.max(0, progress.minimum.users - progress.qualifiedUsers);
  const missing = text.missing(people, Math.max(0, progress.minimum.interactions - progress.interactions));
  return progress.undelivered ? `${missing} ${text.onTheirWay(progress.undelivered)}` : missing;
}

/** The bars for people and likes; `show` moves them. */
export interface ProgressBars {
  readonly element: HTMLElement;
  show(progress: Progress): void;
}

export function createProgressBars(text: Messages): ProgressBars {
  const people = createBar('bar-people', text.people, text.ofMinimum);
  const likes = createBar('bar-likes', text.likes, text.ofMinimum);
  const words = h('p', { class: 'missing', id: 'missing' }, text.progressUnknown);
  return {
    element: h('div', { class: 'bars' }, people.element, likes.element, words),
    show: (progress) => {
      people.set(progress.qualifiedUsers, progress.minimum.users);
      likes.set(progress.interactions, progress.minimum.interactions);
      const missing = missingText(progress, text);
      if (words.textContent !== missing) words.textContent = missing;
    },
  };
}
