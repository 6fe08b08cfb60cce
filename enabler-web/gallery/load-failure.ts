// In the place of pictures that did not come: whatever the reason, the reader can only try again.

import type { Messages } from '../i18n/en';
import { button, h } from '../ui/dom';

export function loadFailure(text: Messages, again: () => void): HTMLElement {
  return h(
    'div',
    { class: 'load-failure' },
    h('p', { class: 'quiet', role: 'alert' }, text.loadFailed),
    button({ class: 'button' }, again, text.tryAgain),
  );
}
