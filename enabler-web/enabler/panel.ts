// The panel beside the pictures: one's own count, what is saved, the common progress.

import type { Progress } from '../api/types';
import type { Messages } from '../i18n/en';
import { GOAL, type LikeDesk } from '../likes/desk';
import { h, svg } from '../ui/dom';
import { createProgressBars } from '../ui/progress-bars';

const RADIUS = 44;
const LENGTH = 2 * Math.PI * RADIUS;

/** The panel; `showProgress` moves the bars, `refresh` the own count. */
export interface Panel {
  readonly element: HTMLElement;
  showProgress(progress: Progress): void;
  refresh(): void;
}

function createRing(): { element: SVGSVGElement; set(share: number): void } {
  const circle = (name: string): SVGCircleElement =>
    svg('circle', { cx: 50, cy: 50, r: RADIUS, class: name, 'stroke-dasharray': LENGTH });
  const value = circle('ring-value');
  return {
    element: svg(
      'svg',
      { viewBox: '0 0 100 100', class: 'ring', 'aria-hidden': 'true' },
      circle('ring-track'),
      value,
    ),
    set: (share) => value.setAttribute('stroke-dashoffset', String(LENGTH * (1 - Math.min(1, share)))),
  };
}

export function createPanel(desk: LikeDesk, text: Messages): Panel {
  const ring = createRing();
  const bars = createProgressBars(text);
  const number = h('strong', { class: 'own-number', 'aria-hidden': 'true' });
  const count = h('span', { class: 'own-count' });
  const left = h('span', { class: 'own-left' });
  const status = h('p', { class: 'send-status', role: 'status' });
  const element = h(
    'section',
    { class: 'panel', 'aria-labelledby': 'own-title' },
    h(
      'div',
      { class: 'own' },
      h('div', { class: 'ring-box' }, ring.element, number),
      h(
        'div',
        { class: 'own-words' },
        h('h2', { id: 'own-title', class: 'panel-title' }, text.yourLikes),
        count,
        left,
      ),
    ),
    status,
    h('div', { class: 'together' }, h('h2', { class: 'panel-title' }, text.together), bars.element),
  );
  return {
    element,
    showProgress: bars.show,
    refresh: () => {
      ring.set(desk.count / GOAL);
      number.textContent = String(desk.count);
      count.textContent = text.ownCount(desk.count, GOAL);
      left.textContent = text.ownLeft(Math.max(0, GOAL - desk.count));
      const { waiting } = desk;
      const offline = waiting > 0 && (desk.trouble !== undefined || !navigator.onLine);
      const state = offline ? 'offline' : waiting > 0 ? 'waiting' : desk.count > 0 ? 'saved' : 'idle';
      status.dataset.state = state;
      const words = waiting > 0 ? text.someWaiting(waiting) : desk.count > 0 ? text.allSaved : '';
      const full = offline ? `${words}. ${desk.trouble?.isPortal ? text.portal : text.offline}` : words;
      if (status.textContent !== full) status.textContent = full;
      element.classList.toggle('panel-goal', desk.count >= GOAL);
    },
  };
}
