// In the place of pictures that did not come. What the reader can do is to try again, and where a network wants it, to sign in first.

import { ProblemError } from '../api/problem-error';
import type { Messages } from '../i18n/en';
import { button, h } from './dom';

export const loadFailureWords = (text: Messages, error: unknown): string =>
  error instanceof ProblemError && error.isPortal ? text.loadPortal : text.loadFailed;

export function loadFailure(text: Messages, error: unknown, again: () => void): HTMLElement {
  return h(
    'div',
    { class: 'load-failure' },
    h('p', { class: 'quiet', role: 'alert' }, loadFailureWords(text, error)),
    button({ class: 'button' }, again, text.tryAgain),
  );
}
