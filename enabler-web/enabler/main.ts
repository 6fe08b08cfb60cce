// The enabler page: choose a feeling, like pictures, see how near the minimum is.

import { takeOperatorToken } from '../api/operator-token';
import type { Progress } from '../api/types';
import { EMOTIONS, type Emotion } from '../emotions';
import { GOAL, type LikeDesk } from '../likes/desk';
import { openDesk } from '../likes/open-desk';
import { Announcer } from '../ui/announcer';
import { type PageContext, startPage } from '../ui/context';
import { button, h } from '../ui/dom';
import { ForgetButton } from '../ui/forget-button';
import { header } from '../ui/header';
import { newId } from '../ui/new-id';
import { startPoll } from '../ui/poll';
import { celebrate } from './celebration';
import { emotionCards } from './choose';
import { CrowdRun } from './crowd-run';
import { Feed } from './feed';
import { operatorTools } from './operator-tools';
import { createPanel, type Panel } from './panel';
import { isShortcut, showShortcuts } from './shortcuts';
import { Wall } from './wall';

const PAGE_SIZE = 12;

/** The page's state; it outlives redraws. */
class EnablerPage {
  private readonly announcer = new Announcer();
  private readonly desk: LikeDesk;
  private readonly operatorToken = takeOperatorToken(window);
  private readonly crowd: CrowdRun;
  private readonly forget: ForgetButton;
  private readonly poll: ReturnType<typeof startPoll>;
  private feed: { readonly emotion: Emotion; readonly feed: Feed } | undefined;
  private wall: Wall | undefined;
  private panel: Panel | undefined;
  private progress: Progress | undefined;
  private main: HTMLElement = h('main');

  constructor(private readonly context: PageContext) {
    const { api } = context;
    this.desk = openDesk(context);
    this.forget = new ForgetButton(context.text, this.desk, this.announcer, () => this.leave());
    this.crowd = new CrowdRun({
      createPeople: (request) => api.createPeople(this.operatorToken ?? '', request),
      images: (token, query) => api.images(token, query),
      sendLikes: (token, batch) => api.sendLikes(token, batch),
      newId,
      now: Date.now,
      random: Math.random,
    });
    this.poll = startPoll(
      () => this.readProgress(),
      { fastest: 2_000, slowest: 30_000 },
      // Without progress the bars keep their last numbers; the poll goes on by itself.
      () => this.panel?.refresh(),
    );
    this.watchDesk();
    document.addEventListener('keydown', (event) => this.onKey(event));
    addEventListener('offline', () => this.panel?.refresh());
  }

  private watchDesk(): void {
    let before = this.desk.count;
    this.desk.subscribe(({ saved, refused, renewed }) => {
      const text = this.context.text();
      this.panel?.refresh();
      const first = refused[0];
      if (first !== undefined) this.announcer.note(text.refused(refused.length, first.reason), 'problem');
      if (renewed) this.announcer.note(text.renewed);
      if (saved.length > 0) this.poll.hurry();
      const { count } = this.desk;
      if (count !== before) this.announcer.say(text.ownCount(count, GOAL));
      if (count === GOAL && before === GOAL - 1) this.announcer.note(text.goalReached(GOAL));
      before = count;
    });
  }

  private async readProgress(): Promise<boolean> {
    const progress = await this.context.api.progress();
    const before = this.progress;
    this.progress = progress;
    this.panel?.showProgress(progress);
    if (before !== undefined && !before.reached && progress.reached) celebrate(progress, this.context.text());
    return before === undefined || JSON.stringify(before) !== JSON.stringify(progress);
  }

  /** Draws the whole page into `root`. */
  draw(root: HTMLElement): void {
    const text = this.context.text();
    document.title = `${text.brand}: ${text.toEnabler}`;
    this.panel = createPanel(this.desk, text);
    this.panel.refresh();
    if (this.progress !== undefined) this.panel.showProgress(this.progress);
    this.main = h('main', { id: 'main', class: 'main', tabindex: -1 });
    const side = h('aside', { class: 'side', 'aria-label': text.together }, this.panel.element);
    if (this.operatorToken !== undefined) {
      const actions = { nextPerson: () => this.nextPerson(), crowd: this.crowd };
      side.append(operatorTools(text, actions, (words) => this.announcer.note(words, 'problem')));
    }
    side.append(
      this.forget.draw(),
      button({ class: 'button keys-button' }, () => showShortcuts(this.context.text()), text.keyboard),
    );
    root.append(header(this.context, 'enabler'), h('div', { class: 'layout' }, this.main, side));
    if (this.feed === undefined) this.drawChoice();
    else this.drawWall();
  }

  private drawChoice(): void {
    const text = this.context.text();
    this.wall?.close();
    this.wall = undefined;
    delete document.body.dataset.emotion;
    this.main.replaceChildren(
      h('h1', { class: 'title', tabindex: -1 }, text.chooseTitle),
      h('p', { class: 'lead' }, text.chooseIntro(GOAL)),
      emotionCards(text, (emotion) => this.choose(emotion)),
    );
  }

  private drawWall(): void {
    if (this.feed === undefined) return;
    const { emotion, feed } = this.feed;
    const text = this.context.text();
    const name = text.emotions[emotion];
    this.wall?.close();
    document.body.dataset.emotion = emotion;
    this.wall = new Wall({
      feed,
      desk: this.desk,
      text,
      end: () =>
        h(
          'section',
          { class: 'wall-end', 'aria-label': text.chooseAnother },
          h('p', { class: 'lead' }, text.wallEnd(name)),
          emotionCards(text, (next) => this.choose(next), emotion),
        ),
    });
    this.main.replaceChildren(
      h(
        'div',
        { class: 'wall-head' },
        h('h1', { class: 'title title-small', tabindex: -1 }, text.wallTitle(name)),
        button({ class: 'button' }, () => this.leave(), text.chooseAnother),
      ),
      this.wall.element,
    );
  }

  private focusTitle(): void {
    scrollTo({ top: 0 });
    this.main.querySelector('h1')?.focus({ preventScroll: true });
  }

  private choose(emotion: Emotion): void {
    const { api } = this.context;
    const feed = new Feed({
      load: (cursor) =>
        this.desk.asPerson(emotion, (token) => api.images(token, { emotion, limit: PAGE_SIZE, cursor })),
    });
    this.feed = { emotion, feed };
    this.drawWall();
    this.focusTitle();
  }

  private leave(): void {
    this.feed = undefined;
    this.drawChoice();
    this.focusTitle();
  }

  private async nextPerson(): Promise<void> {
    const [visitor] = await this.context.api.createPeople(this.operatorToken ?? '', { count: 1 });
    if (visitor === undefined) return;
    this.desk.handOver(visitor);
    this.leave();
    this.announcer.note(this.context.text().nextPersonReady);
  }

  private onKey(event: KeyboardEvent): void {
    if (!isShortcut(event)) return;
    const handled = this.wall?.handleKey(event.key) === true || this.handlePageKey(event.key);
    if (handled) event.preventDefault();
  }

  private handlePageKey(key: string): boolean {
    const emotion = /^[1-8]$/.test(key) ? EMOTIONS[Number(key) - 1] : undefined;
    if (emotion !== undefined) this.choose(emotion);
    else if (key === '?') showShortcuts(this.context.text());
    else if (key === 'Escape' && this.feed !== undefined) this.leave();
    else if (key.toLowerCase() === 'n' && this.operatorToken !== undefined) {
      document.getElementById('next-person')?.click();
    } else return false;
    return true;
  }
}

let page: EnablerPage | undefined;
startPage((context, root) => {
  page ??= new EnablerPage(context);
  page.draw(root);
});
