// Says things: politely to screen readers, and in a short note that everybody sees.

import { h } from './dom';

/** How long a note stays, in milliseconds. */
const NOTE_MS = 7_000;

/** The one place where a page's notes appear; it outlives redraws. */
export class Announcer {
  private readonly spoken = h('p', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });
  private readonly notes = h('div', { class: 'notes', role: 'status', 'aria-live': 'polite' });

  constructor() {
    document.body.append(this.spoken, this.notes);
  }

  /** For screen readers only. */
  say(text: string): void {
    this.spoken.textContent = text;
  }

  /** For everybody, for a few seconds. */
  note(text: string, kind: 'info' | 'problem' = 'info'): void {
    const note = h('p', { class: `note note-${kind}` }, text);
    this.notes.append(note);
    while (this.notes.childElementCount > 3) this.notes.firstElementChild?.remove();
    setTimeout(() => note.remove(), NOTE_MS);
  }
}
