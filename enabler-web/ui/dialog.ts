// A modal dialog with a title and a way to close it; the browser keeps the focus inside and gives it back.

import { button, h } from './dom';

/** Opens a dialog; it removes itself when it is closed. */
export function openDialog(
  options: {
    readonly id: string;
    readonly title: string;
    readonly close: string;
    readonly className?: string;
    /** Buttons and links beside the button that closes. */
    readonly actions?: readonly HTMLElement[];
  },
  ...content: Node[]
): HTMLDialogElement {
  const dialog = h(
    'dialog',
    { class: `dialog ${options.className ?? ''}`, 'aria-labelledby': `${options.id}-title`, id: options.id },
    h('h2', { class: 'dialog-title', id: `${options.id}-title` }, options.title),
    ...content,
    h(
      'p',
      { class: 'dialog-foot' },
      ...(options.actions ?? []),
      button({ class: 'button button-primary' }, () => dialog.close(), options.close),
    ),
  );
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
