// "Delete my likes": everything that is known of the person on this device, after a question.

import type { LikeDesk } from '../likes/desk';
import type { Announcer } from './announcer';
import type { PageContext } from './context';
import { openDialog } from './dialog';
import { button, h } from './dom';

/** A button that is there while somebody is here; `onForgotten` has the page begin anew. */
export class ForgetButton {
  private element = h('button');

  constructor(
    private readonly text: PageContext['text'],
    private readonly desk: LikeDesk,
    private readonly announcer: Announcer,
    private readonly onForgotten: () => void,
  ) {
    desk.subscribe(() => this.show());
  }

  private show(): void {
    this.element.hidden = !this.desk.isKnown;
  }

  private async forget(): Promise<void> {
    try {
      await this.desk.forgetMe();
      this.announcer.note(this.text().forgotten);
      this.onForgotten();
    } catch (error) {
      this.announcer.note(this.text().forgetFailed((error as Error).message), 'problem');
    }
  }

  private ask(): void {
    const text = this.text();
    const yes = button(
      { class: 'button button-danger', id: 'forget-now' },
      () => {
        dialog.close();
        void this.forget();
      },
      text.forget,
    );
    const dialog = openDialog(
      { id: 'forget', title: text.forgetTitle, close: text.forgetNot, actions: [yes] },
      h('p', {}, text.forgetText),
    );
  }

  /** In the language of now. */
  draw(): HTMLElement {
    this.element = button({ class: 'button', id: 'forget-me' }, () => this.ask(), this.text().forget);
    this.show();
    return this.element;
  }
}
