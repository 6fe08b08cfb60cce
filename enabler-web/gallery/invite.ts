// Before the first model: how far the gallery is from learning, and the way to help. Afterwards nothing.

import type { ApiClient } from '../api/client';
import type { Progress, Status } from '../api/types';
import type { Messages } from '../i18n/en';
import { h } from '../ui/dom';
import { startPoll } from '../ui/poll';
import { createProgressBars, type ProgressBars } from '../ui/progress-bars';

/** The invitation; it outlives redraws. */
export class Invitation {
  element: HTMLElement = h('section', { hidden: true });
  private status: Status | undefined;
  private progress: Progress | undefined;
  private bars: ProgressBars | undefined;
  private words: HTMLElement = h('p');
  private readonly poll: ReturnType<typeof startPoll>;

  /** @param onReady called when the first model begins to serve while the page is open */
  constructor(
    private readonly api: Pick<ApiClient, 'progress' | 'status'>,
    private text: () => Messages,
    private readonly onReady: () => void,
  ) {
    this.poll = startPoll(
      () => this.read(),
      { fastest: 3_000, slowest: 60_000 },
      // The gallery shows pictures without it; the poll goes on by itself.
      () => undefined,
    );
  }

  private async read(): Promise<boolean> {
    const [status, progress] = await Promise.all([this.api.status(), this.api.progress()]);
    const changed =
      JSON.stringify(status) !== JSON.stringify(this.status) ||
      JSON.stringify(progress) !== JSON.stringify(this.progress);
    const becameReady =
      this.status !== undefined && this.status.state !== 'ready' && status.state === 'ready';
    this.status = status;
    this.progress = progress;
    if (changed) this.show();
    if (becameReady) this.onReady();
    if (status.state === 'ready') this.poll.stop();
    return changed;
  }

  private show(): void {
    const { status, progress } = this;
    if (status === undefined || progress === undefined) return;
    // A second training goes on beside a model that serves: that is no reason to invite.
    this.element.hidden = status.state === 'ready';
    this.bars?.show(progress);
    const text = this.text();
    const words = status.state === 'training' ? text.galleryLearning : text.galleryInvite;
    if (this.words.textContent !== words) this.words.textContent = words;
  }

  /** Makes the element anew, in the language of now. */
  draw(): HTMLElement {
    const text = this.text();
    this.bars = createProgressBars(text);
    this.words = h('p', { class: 'invite-words', role: 'status' });
    this.element = h(
      'section',
      { class: 'invite', 'aria-label': text.together, hidden: true },
      h(
        'div',
        { class: 'invite-call' },
        this.words,
        h('a', { href: '/enabler.html', class: 'button button-primary' }, text.toEnabler),
      ),
      this.bars.element,
    );
    this.show();
    return this.element;
  }
}
