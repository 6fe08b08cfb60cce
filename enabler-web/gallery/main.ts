// The gallery: the site's root page. Pictures by mood, and the way to the enabler page.

import { EMOTIONS, type Emotion } from '../emotions';
import { LikeDesk } from '../likes/desk';
import { type PageContext, startPage } from '../ui/context';
import { button, h } from '../ui/dom';
import { header } from '../ui/header';

const PAGE_SIZE = 24;

/** The gallery's state; it outlives redraws. */
class Gallery {
  private mood: Emotion | undefined;
  private cursor: string | undefined;
  private readonly desk: LikeDesk;
  private list = h('ul', { class: 'gallery-list' });
  private foot = h('div', { class: 'gallery-foot' });

  constructor(private readonly context: PageContext) {
    this.desk = new LikeDesk({
      store: context.store,
      api: context.api,
      now: Date.now,
      newId: () => crypto.randomUUID(),
      random: Math.random,
      schedule: (action, delayMs) => {
        const timer = setTimeout(action, delayMs);
        return () => clearTimeout(timer);
      },
      locale: () => context.language(),
    });
  }

  private async more(): Promise<void> {
    const { api, text } = this.context;
    const { list, foot, mood } = this;
    foot.replaceChildren(h('p', { class: 'quiet', role: 'status' }, text().loading));
    try {
      const query = { emotion: mood, limit: PAGE_SIZE, cursor: this.cursor };
      const page = await this.desk.asPerson(mood, (token) => api.images(token, query));
      if (list !== this.list) return;
      this.cursor = page.cursor;
      for (const { url, emotion } of page.images) {
        const alt = text().picture(text().emotions[emotion], list.childElementCount + 1);
        const picture = h('img', {
          src: url,
          alt,
          width: 640,
          height: 640,
          class: 'gallery-picture',
          loading: 'lazy',
        });
        list.append(h('li', {}, picture));
      }
      const rest: Node[] = [];
      if (list.childElementCount === 0) rest.push(h('p', { class: 'quiet' }, text().noPictures));
      if (page.cursor !== undefined) {
        rest.push(button({ class: 'button' }, () => void this.more(), text().galleryMore));
      }
      foot.replaceChildren(...rest);
    } catch {
      // Whatever the reason, the reader can only try again; the button does.
      foot.replaceChildren(
        h('p', { class: 'quiet', role: 'alert' }, text().loadFailed),
        button({ class: 'button' }, () => void this.more(), text().tryAgain),
      );
    }
  }

  private restart(): void {
    this.cursor = undefined;
    this.list = h('ul', { class: 'gallery-list' });
    this.foot = h('div', { class: 'gallery-foot' });
    document.getElementById('pictures')?.replaceChildren(this.list, this.foot);
    void this.more();
  }

  private moods(): HTMLElement {
    const text = this.context.text();
    const choices = h('div', { class: 'moods', role: 'group', 'aria-label': text.galleryMoods });
    const chip = (mood: Emotion | undefined, label: string): HTMLElement =>
      button(
        { class: 'button mood', 'data-emotion': mood, 'aria-pressed': String(mood === this.mood) },
        (event) => {
          this.mood = mood;
          for (const other of choices.children) {
            other.setAttribute('aria-pressed', String(other === event.currentTarget));
          }
          this.restart();
        },
        label,
      );
    choices.append(
      chip(undefined, text.galleryAll),
      ...EMOTIONS.map((mood) => chip(mood, text.emotions[mood])),
    );
    return choices;
  }

  /** Draws the whole page into `root`. */
  draw(root: HTMLElement): void {
    const text = this.context.text();
    document.title = text.brand;
    root.append(
      header(this.context, 'gallery'),
      h(
        'main',
        { id: 'main', class: 'gallery', tabindex: -1 },
        h('h1', { class: 'title' }, text.galleryTitle),
        h('p', { class: 'lead' }, text.galleryIntro),
        h(
          'p',
          { class: 'invite' },
          text.galleryInvite,
          h('a', { href: '/enabler.html', class: 'button button-primary' }, text.toEnabler),
        ),
        this.moods(),
        h('div', { id: 'pictures' }),
      ),
    );
    this.restart();
  }
}

let gallery: Gallery | undefined;
startPage((context, root) => {
  gallery ??= new Gallery(context);
  gallery.draw(root);
});
