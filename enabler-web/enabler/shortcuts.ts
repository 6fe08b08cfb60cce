// The list of keys, and which key presses are meant for the page.

import type { Messages } from '../i18n/en';
import { openDialog } from '../ui/dialog';
import { h } from '../ui/dom';

/** Opens the list of keys. */
export function showShortcuts(text: Messages): void {
  if (document.getElementById('shortcuts') !== null) return;
  const list = h('dl', { class: 'shortcuts' });
  for (const [keys, meaning] of text.shortcuts) {
    list.append(h('dt', {}, h('kbd', { class: 'key' }, keys ?? '')), h('dd', {}, meaning ?? ''));
  }
  openDialog({ id: 'shortcuts', title: text.keyboard, close: text.close }, list);
}

/** Whether a key press is a shortcut rather than typing, a browser command, or meant for an open dialog. */
export function isShortcut(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  if (document.querySelector('dialog[open]') !== null) return false;
  return !(event.target instanceof Element && event.target.closest('input, select, textarea') !== null);
}
