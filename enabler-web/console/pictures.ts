// Files that are not in the gallery, and why. Nothing is shown while there are none.

import type { ApiClient } from '../api/client';
import type { RefusedFiles } from '../api/types';
import type { Messages } from '../i18n/en';
import { h } from '../ui/dom';
import { startPoll } from '../ui/poll';

export class RefusedPictures {
  private readonly place = h('div');
  private files: RefusedFiles | undefined;

  constructor(
    api: Pick<ApiClient, 'refusedFiles'>,
    operatorToken: string,
    private readonly text: () => Messages,
  ) {
    startPoll(
      async () => {
        const files = await api.refusedFiles(operatorToken);
        const changed = JSON.stringify(files) !== JSON.stringify(this.files);
        this.files = files;
        if (changed) this.show();
        return changed;
      },
      // The whole table of items is read for it.
      { fastest: 120_000, slowest: 600_000 },
      // The console says what is wrong with the link or the connection; the list stays as it was.
      () => undefined,
    );
  }

  private show(): void {
    const words = this.text().console;
    const { files, count } = this.files ?? { files: [], count: 0 };
    if (count === 0) {
      this.place.replaceChildren();
      return;
    }
    const row = ({ key, reason }: RefusedFiles['files'][number]): HTMLElement =>
      h(
        'tr',
        {},
        h('th', { scope: 'row', class: 'refused-key' }, key),
        h('td', {}, words.curation.refusal(reason)),
      );
    this.place.replaceChildren(
      h(
        'section',
        { class: 'card-box', 'aria-labelledby': 'refused-title' },
        h('h2', { class: 'box-title', id: 'refused-title' }, words.refusedTitle(count)),
        h('p', { class: 'quiet' }, words.refusedIntro),
        h(
          'div',
          { class: 'refused-scroll', tabindex: 0, role: 'region', 'aria-labelledby': 'refused-title' },
          h(
            'table',
            { class: 'table' },
            h(
              'thead',
              {},
              h(
                'tr',
                {},
                h('th', { scope: 'col' }, words.refusedFile),
                h('th', { scope: 'col' }, words.refusedReason),
              ),
            ),
            h('tbody', {}, ...files.map(row)),
          ),
        ),
      ),
    );
  }

  /** In the language of now. */
  draw(): HTMLElement {
    this.show();
    return this.place;
  }
}
