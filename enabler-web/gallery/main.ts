// The gallery: the site's root page. Pictures recommended by mood, likes that change the next list, similar pictures.

import type { GalleryImage, Recommendations } from '../api/types';
import { changedList } from '../likes/changed-list';
import type { LikeDesk } from '../likes/desk';
import { openDesk } from '../likes/open-desk';
import { Announcer } from '../ui/announcer';
import { type PageContext, startPage } from '../ui/context';
import { button, h } from '../ui/dom';
import { ForgetButton } from '../ui/forget-button';
import { header } from '../ui/header';
import { loadFailure } from '../ui/load-failure';
import { type Choice, choiceButtons } from './choices';
import { Freshness } from './freshness';
import { Invitation } from './invite';
import { Shelf } from './shelf';
import { openViewer } from './viewer';

const FIRST = 24;
const MOST = 50;
const SIMILAR = 12;
/** A campaign that has just come up may be slow to answer: how often and how soon it is asked again, in milliseconds. */
const FIRST_ANSWER = { tries: 10, pauseMs: 3_000 };

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** The gallery's state; it outlives redraws. */
class Gallery {
  private readonly announcer = new Announcer();
  private readonly desk: LikeDesk;
  private readonly freshness = new Freshness();
  private readonly invitation: Invitation;
  private readonly forget: ForgetButton;
  private choice: Choice = { everything: false };
  private shelf: Shelf | undefined;
  private shown: Recommendations | undefined;
  private choices = h('div');
  private why = h('p', { class: 'why', role: 'status' });
  private pictures = h('div');
  private news = h('div', { class: 'news', role: 'status' });
  /** Counts the loads, so that a late answer to an earlier choice is dropped. */
  private load = 0;
  /** Counts the looks for news: only the last one goes on. */
  private look = 0;

  constructor(private readonly context: PageContext) {
    this.desk = openDesk(context);
    this.forget = new ForgetButton(context.text, this.desk, this.announcer, () => void this.restart());
    this.invitation = new Invitation(context.api, context.text, () => void this.turnPersonal());
    this.desk.subscribe(({ saved, refused }) => {
      const first = refused[0];
      const text = context.text();
      if (first !== undefined) this.announcer.note(text.refused(refused.length, first.reason), 'problem');
      if (this.freshness.note(saved.length)) void this.lookForNews();
    });
  }

  private fetch(limit: number): Promise<Recommendations> {
    const { api } = this.context;
    const { mood, everything } = this.choice;
    return this.desk.asPerson(mood, async (token) => {
      if (!everything) return api.recommendations(token, { emotion: mood, limit });
      const { images } = await api.images(token, { emotion: mood, limit: MOST });
      const itemIds = images.map(({ itemId }) => itemId);
      return itemIds.length > 0 ? api.rank(token, itemIds) : { source: 'newest', images: [] };
    });
  }

  private async restart(): Promise<void> {
    const text = this.context.text();
    this.shelf?.close();
    this.shelf = undefined;
    this.news.replaceChildren();
    this.freshness.restart();
    const load = ++this.load;
    this.why.replaceChildren();
    this.pictures.replaceChildren(h('p', { class: 'quiet' }, text.loading));
    try {
      const list = await this.fetch(FIRST);
      if (load === this.load) this.show(list);
    } catch (error) {
      if (load !== this.load) return;
      this.pictures.replaceChildren(loadFailure(text, error, () => void this.restart()));
    }
  }

  /** The first model serves: shows its list, as soon as it answers. */
  private async turnPersonal(): Promise<void> {
    await this.restart();
    for (let attempt = 0; attempt < FIRST_ANSWER.tries; attempt += 1) {
      if (this.shown?.source === 'personalize') return;
      await sleep(FIRST_ANSWER.pauseMs);
      const { load } = this;
      const list = await this.fetch(FIRST).catch(() => undefined);
      if (list?.source === 'personalize' && load === this.load) this.show(list);
    }
  }

  private show(list: Recommendations, marked?: ReadonlySet<string>): void {
    const text = this.context.text();
    this.shown = list;
    this.shelf?.close();
    this.shelf = new Shelf({ desk: this.desk, text, open: (image) => this.open(image) });
    this.shelf.add({ ...list, marked });
    this.showWhy(list);
    const foot = h('div', { class: 'gallery-foot' });
    if (list.images.length === 0) {
      const words = this.desk.count > 0 ? text.galleryAllLiked : text.noPictures;
      foot.append(h('p', { class: 'quiet' }, words));
    }
    if (list.images.length === FIRST) {
      foot.append(button({ class: 'button' }, () => void this.more(foot), text.galleryMore));
    }
    this.pictures.replaceChildren(this.shelf.element, foot);
  }

  private showWhy({ source }: Recommendations): void {
    const text = this.context.text();
    const newcomer = source === 'personalize' && this.desk.count === 0 && !this.choice.everything;
    const why = newcomer
      ? text.galleryNewcomer
      : (this.choice.everything ? text.galleryRankedBy : text.gallerySources)[source];
    this.why.dataset.source = source;
    this.why.replaceChildren(h('strong', {}, why.name), ' ', why.words);
  }

  private async more(foot: HTMLElement): Promise<void> {
    const text = this.context.text();
    const load = this.load;
    foot.replaceChildren(h('p', { class: 'quiet', role: 'status' }, text.loading));
    try {
      const list = await this.fetch(MOST);
      if (load !== this.load) return;
      this.shelf?.add(list);
      foot.replaceChildren();
    } catch (error) {
      foot.replaceChildren(loadFailure(text, error, () => void this.more(foot)));
    }
  }

  /** Asks for the list again after some likes; what came is offered, for pictures should not move under a finger. */
  private async lookForNews(): Promise<void> {
    const { load, shown } = this;
    if (shown === undefined || this.choice.everything) return;
    const look = ++this.look;
    const changed = await changedList(
      shown.images.map(({ itemId }) => itemId),
      {
        ask: () => this.fetch(FIRST).catch(() => undefined),
        wait: sleep,
        isOver: () => load !== this.load || look !== this.look,
      },
    );
    if (changed === undefined || changed.newcomers.size === 0) return;
    const { list, newcomers } = changed;
    const text = this.context.text();
    this.news.replaceChildren(
      h('span', {}, text.galleryChanged(this.freshness.count, newcomers.size)),
      button({ class: 'button button-primary' }, () => this.takeNews(list, newcomers), text.galleryShowNew),
    );
  }

  private takeNews(list: Recommendations, marked: ReadonlySet<string>): void {
    this.news.replaceChildren();
    this.freshness.restart();
    this.load += 1;
    this.show(list, marked);
    this.choices.scrollIntoView({ block: 'start' });
    this.pictures.querySelector<HTMLElement>('.card-fresh .card-open')?.focus({ preventScroll: true });
  }

  private open(image: GalleryImage): void {
    const { api } = this.context;
    openViewer(image, {
      desk: this.desk,
      text: this.context.text(),
      similar: (itemId) => this.desk.asPerson(undefined, (token) => api.similar(token, itemId, SIMILAR)),
      origin: () => ({
        recommendationId: this.shown?.recommendationId,
        visible: this.shelf?.visible ?? [],
      }),
    });
  }

  private choose(choice: Choice): void {
    this.choice = choice;
    this.drawChoices();
    void this.restart();
  }

  private drawChoices(): void {
    this.choices.replaceChildren(
      choiceButtons(this.choice, this.context.text(), (choice) => this.choose(choice)),
    );
  }

  /** Draws the whole page into `root`. */
  draw(root: HTMLElement): void {
    const text = this.context.text();
    document.title = text.brand;
    this.choices = h('div', { class: 'choices-place' });
    this.why = h('p', { class: 'why', role: 'status' });
    this.pictures = h('div', { id: 'pictures' });
    this.news = h('div', { class: 'news', role: 'status' });
    this.drawChoices();
    root.append(
      header(this.context, 'gallery'),
      h(
        'main',
        { id: 'main', class: 'gallery', tabindex: -1 },
        h('h1', { class: 'title' }, text.galleryTitle),
        h('p', { class: 'lead' }, text.galleryIntro),
        this.invitation.draw(),
        this.choices,
        this.why,
        this.pictures,
        this.news,
        this.forget.draw(),
      ),
    );
    // After a change of the language the same list is shown again.
    if (this.shown === undefined) void this.restart();
    else this.show(this.shown);
  }
}

let gallery: Gallery | undefined;
startPage((context, root) => {
  gallery ??= new Gallery(context);
  gallery.draw(root);
});
