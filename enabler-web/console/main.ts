// The console for operators: the pipeline, what serves and what it costs, the history, one person before and after.

import { takeOperatorToken } from '../api/operator-token';
import { ProblemError } from '../api/problem-error';
import type { Group, Progress, Status } from '../api/types';
import { Announcer } from '../ui/announcer';
import { type PageContext, startPage } from '../ui/context';
import { openDialog } from '../ui/dialog';
import { button, h } from '../ui/dom';
import { header } from '../ui/header';
import { isLocal } from '../ui/local';
import { newId } from '../ui/new-id';
import { startPoll } from '../ui/poll';
import { Curation } from './curation/curation';
import { groupsCard } from './groups';
import { type ChartChoice, metricsCard, runsCard } from './history';
import { RefusedPictures } from './pictures';
import { pipelineCard } from './pipeline';
import { solutionsOf } from './results';
import { servingCard } from './serving';
import { TryOut } from './try-out';

/** The page's state; it outlives redraws. */
class Console {
  private readonly announcer = new Announcer();
  private readonly poll: ReturnType<typeof startPoll>;
  private readonly tryOut: TryOut;
  private readonly refused: RefusedPictures;
  private readonly curation: Curation;
  private readonly openRuns = new Set<string>();
  private readonly chosen: ChartChoice = {};
  /** What each card was made of, as JSON. */
  private readonly drawnOf = new Map<HTMLElement, string>();
  private status: Status | undefined;
  private progress: Progress | undefined;
  private readonly places = {
    pipeline: h('div'),
    serving: h('div'),
    groups: h('div'),
    metrics: h('div'),
    runs: h('div'),
  };
  private trouble = h('p', { class: 'failure', role: 'status', hidden: true });
  /** All that needs the operator's token; it goes when the token is refused. */
  private readonly tools = h('div', { class: 'console-tools' });

  constructor(
    private readonly context: PageContext,
    private readonly operatorToken: string,
  ) {
    const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
    this.curation = new Curation({
      api: context.api,
      operatorToken,
      text: context.text,
      wait,
      onNote: (words, kind) => this.announcer.note(words, kind),
    });
    this.tryOut = new TryOut({
      api: context.api,
      operatorToken,
      text: context.text,
      newId,
      wait,
      onProblem: (words) => this.announcer.note(words, 'problem'),
    });
    this.refused = new RefusedPictures(context.api, operatorToken, context.text);
    this.poll = startPoll(
      () => this.read(),
      { fastest: 2_000, slowest: 30_000 },
      (error) => this.showTrouble(error),
    );
    // What came while a card was pressed is shown after the click.
    addEventListener('pointerup', () => setTimeout(() => this.showCards()));
  }

  private async read(): Promise<boolean> {
    const { api } = this.context;
    const [status, progress] = await Promise.all([api.status(this.operatorToken), api.progress()]);
    const before = this.status;
    const changed = JSON.stringify(before) !== JSON.stringify(status);
    this.status = status;
    this.progress = progress;
    this.trouble.hidden = true;
    this.showCards();
    if (before !== undefined && before.state !== status.state) {
      this.announcer.say(this.context.text().console.stateNames[status.state]);
    }
    return changed;
  }

  private showTrouble(error: unknown): void {
    const { text } = this.context;
    const refused = error instanceof ProblemError && error.status === 401;
    this.trouble.hidden = false;
    this.trouble.textContent = refused ? text().console.linkExpired : text().console.noAnswer;
    if (!refused) return;
    this.poll.stop();
    this.tools.hidden = true;
  }

  /**
   * Makes a card anew when what it shows has changed, and keeps the focus of somebody who is in it. A card that is being pressed
   * waits: a button made anew between press and release would never hear of the click.
   */
  private put(place: HTMLElement, shows: unknown, make: () => HTMLElement): void {
    const made = JSON.stringify(shows);
    if (this.drawnOf.get(place) === made || place.matches(':active')) return;
    this.drawnOf.set(place, made);
    const focused = place.contains(document.activeElement) ? document.activeElement?.id : undefined;
    place.replaceChildren(make());
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  private showCards(): void {
    this.showPipeline();
    this.showRest();
  }

  private showPipeline(): void {
    if (this.status === undefined) return;
    const { context, status, progress } = this;
    const words = { text: context.text(), language: context.language(), now: Date.now() };
    // The time that a run takes goes on.
    const second = status.state === 'training' && words.now;
    this.put(this.places.pipeline, [status, progress, second], () =>
      pipelineCard(status, progress, words, {
        start: () => void this.control('start'),
        stop: () => this.confirmStop(),
      }),
    );
  }

  private showRest(): void {
    if (this.status === undefined) return;
    const words = {
      text: this.context.text(),
      language: this.context.language(),
      local: isLocal(location.hostname),
    };
    const { status } = this;
    const { runs = [], campaigns, groups = [] } = status;
    const results = runs.filter((run) => solutionsOf(run).length > 0);
    const prices = groups.map(({ pricePerHour }) => pricePerHour);
    this.put(this.places.serving, [results, campaigns, prices], () => servingCard(status, words));
    this.put(this.places.groups, groups, () =>
      groupsCard(groups, words, {
        start: ({ name }) => void this.control('start', name),
        stop: (group) => this.confirmStop(group),
      }),
    );
    this.put(this.places.metrics, results, () => metricsCard(runs, words, this.chosen));
    this.put(this.places.runs, runs, () => runsCard(runs, words, this.openRuns));
  }

  /** @param datasetGroup @default - the gallery's */
  private async control(action: 'start' | 'stop', datasetGroup?: string): Promise<void> {
    const { console: words } = this.context.text();
    try {
      const { executions, waiting } = await this.context.api.controlTraining(this.operatorToken, {
        action,
        datasetGroup,
      });
      const started = waiting ? words.startedLater(waiting.join(', ')) : words.started;
      const done = action === 'start' ? started : words.stopped;
      this.announcer.note(executions.length > 0 ? done : words.nothingToStop);
      this.poll.hurry();
    } catch (error) {
      this.announcer.note(words.controlFailed((error as Error).message), 'problem');
    }
  }

  private confirmStop(group?: Group): void {
    const text = this.context.text();
    const stop = button(
      { class: 'button button-danger', id: 'stop-now' },
      () => {
        dialog.close();
        void this.control('stop', group?.name);
      },
      text.console.stop,
    );
    const dialog = openDialog(
      { id: 'stop', title: text.console.stopTitle, close: text.console.stopNot, actions: [stop] },
      ...(group ? [h('p', {}, h('strong', {}, group.name))] : []),
      h('p', {}, text.console.stopText),
    );
  }

  private links(): HTMLElement {
    const text = this.context.text();
    const link = (href: string, label: string): HTMLElement => h('li', {}, h('a', { href }, label));
    return h(
      'nav',
      { class: 'card-box', 'aria-labelledby': 'links-title' },
      h('h2', { class: 'box-title', id: 'links-title' }, text.console.links),
      h(
        'ul',
        { class: 'links' },
        link('/enabler.html', text.console.linkEnabler),
        link('/board.html', text.console.linkBoard),
        link('/', text.console.linkGallery),
        link('/api/openapi.json', text.console.linkApi),
        link('https://aws.amazon.com/personalize/pricing/', text.console.linkPrices),
      ),
    );
  }

  /** Draws the whole page into `main`. */
  draw(main: HTMLElement): void {
    const { pipeline, serving, groups, metrics, runs } = this.places;
    this.tools.replaceChildren(
      h(
        'div',
        { class: 'console-grid' },
        h('div', { class: 'console-column' }, pipeline, groups, metrics),
        h('div', { class: 'console-column' }, serving, runs),
      ),
      this.curation.draw(),
      this.refused.draw(),
      this.tryOut.draw(),
    );
    main.append(this.trouble, this.tools, this.links());
    if (this.status === undefined) {
      pipeline.replaceChildren(h('p', { class: 'quiet' }, this.context.text().loading));
    }
    this.drawnOf.clear();
    this.showCards();
  }
}

function explanation(context: PageContext): HTMLElement {
  const { console: words } = context.text();
  return h(
    'section',
    { class: 'card-box' },
    h('p', {}, words.operatorsOnly),
    h('pre', { class: 'command', tabindex: 0 }, h('code', {}, 'npm run gallery -- operators add NAME')),
    h('p', { class: 'quiet' }, words.operatorsHint),
  );
}

const operatorToken = takeOperatorToken(window);
let operatorConsole: Console | undefined;
startPage((context, root) => {
  const text = context.text();
  document.title = `${text.brand}: ${text.toConsole}`;
  const main = h(
    'main',
    { id: 'main', class: 'console', tabindex: -1 },
    h('h1', { class: 'title' }, text.console.title),
    h('p', { class: 'lead' }, text.console.intro),
  );
  root.append(header(context, 'console'), main);
  if (operatorToken === undefined) {
    main.append(explanation(context));
    return;
  }
  operatorConsole ??= new Console(context, operatorToken);
  operatorConsole.draw(main);
});
