// "Delete my likes": everything that is known of the person on this device, after a question.

import type { LikeDesk } from '../likes/desk';
import type { Announcer } from './announcer';
import type { PageContext } from './context';
import { openDialog } from './dialog';
import { button, h } from './dom';

/** A button that is there while somebody is here; `onForgotten` has the page begin anew. */
export function forgetButton(
  { text }: Pick<PageContext, 'text'>,
  desk: LikeDesk,
  announcer: Announcer,
  onForgotten: () => void,
): HTMLButtonElement {
  const forget = async (): Promise<void> => {
    try {
      await desk.forgetMe();
      announcer.note(text().forgotten);
      onForgotten();
    } catch (error) {
      announcer.note(text().forgetFailed((error as Error).message), 'problem');
    }
  };
  const ask = (): void => {
    const yes = button(
      { class: 'button button-danger', id: 'forget-now' },
      () => {
        dialog.close();
        void forget();
      },
      text().forget,
    );
    const dialog = openDialog(
      { id: 'forget', title: text().forgetTitle, close: text().forgetNot, actions: [yes] },
      h('p', {}, text().forgetText),
    );
  };
  const element = button({ class: 'button', id: 'forget-me' }, ask, text().forget);
  const show = (): void => {
    element.hidden = !desk.isKnown;
  };
  show();
  desk.subscribe(show);
  return element;
}
