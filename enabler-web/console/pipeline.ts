// What the pipeline is doing now: its state, the steps of the run under way, start and stop.

import type { Progress, Run, Status } from '../api/types';
import type { Messages } from '../i18n/en';
import { button, h } from '../ui/dom';
import { missingText } from '../ui/progress-bars';
import { failureOf, progressOf } from './results';
import { duration, pointInTime } from './times';

/** What the operator can do. */
export interface PipelineActions {
  start(): void;
  stop(): void;
}

/** A step's name for people; a step that the page does not know keeps its own. */
export function stepName(step: string, text: Messages): string {
  const names: Readonly<Record<string, string>> = text.console.steps;
  return names[step] ?? step;
}

/** The last step is the one under way; of the others, the time until the next one began. */
export function stepList(run: Run, text: Messages, language: string): HTMLElement {
  const items = run.steps.map(({ step, detail, startedAt }, index) => {
    const next = run.steps[index + 1]?.startedAt ?? run.endedAt;
    const current = next === undefined;
    const failed = run.outcome === 'failed' && index === run.steps.length - 1;
    const took = current
      ? text.console.since(pointInTime(startedAt, language))
      : duration(Date.parse(next) - Date.parse(startedAt), language);
    return h(
      'li',
      {
        class: `step ${current ? 'step-current' : ''} ${failed ? 'step-failed' : ''}`,
        'aria-current': current ? 'step' : undefined,
      },
      h('span', { class: 'step-name' }, stepName(step, text)),
      detail !== '' && h('span', { class: 'step-detail' }, detail),
      h('span', { class: 'step-time' }, failed ? text.console.failedHere : took),
    );
  });
  return h('ol', { class: 'steps' }, ...items);
}

function stateWords(status: Status, progress: Progress | undefined, text: Messages): string {
  const { states } = text.console;
  const failedLast = status.runs?.[0]?.outcome === 'failed';
  const words = status.state === 'ready' && failedLast ? states.readyStill : states[status.state];
  return status.state === 'collecting' && progress ? `${words} ${missingText(progress, text)}` : words;
}

/** The card of the pipeline. */
export function pipelineCard(
  status: Status,
  progress: Progress | undefined,
  context: { readonly text: Messages; readonly language: string; readonly now: number },
  actions: PipelineActions,
): HTMLElement {
  const { text, language, now } = context;
  const { console: words } = text;
  const [last] = status.runs ?? [];
  const running = last?.outcome === 'running' ? last : undefined;
  const card = h(
    'section',
    { class: 'card-box', 'aria-labelledby': 'pipeline-title' },
    h(
      'div',
      { class: 'box-head' },
      h('h2', { class: 'box-title', id: 'pipeline-title' }, words.pipeline),
      h('span', { class: `state state-${status.state}` }, words.stateNames[status.state]),
    ),
    h('p', {}, stateWords(status, progress, text)),
  );
  const failure = last && failureOf(last);
  if (failure) {
    card.append(h('p', { class: 'failure' }, words.lastFailed(stepName(failure.step, text), failure.reason)));
  }
  if (running) {
    const share = Math.round(progressOf(running, status.runs ?? []) * 100);
    const fill = h('span', { class: 'bar-fill' });
    fill.style.setProperty('--share', String(share / 100));
    card.append(
      h(
        'div',
        { class: 'bar' },
        h(
          'div',
          { class: 'bar-head' },
          h('span', { id: 'run-progress' }, words.runProgress),
          h(
            'span',
            { class: 'bar-number' },
            words.running(duration(now - Date.parse(running.startedAt), language)),
          ),
        ),
        h(
          'div',
          {
            class: 'bar-track',
            role: 'progressbar',
            'aria-labelledby': 'run-progress',
            'aria-valuemin': 0,
            'aria-valuemax': 100,
            'aria-valuenow': share,
          },
          fill,
        ),
      ),
      stepList(running, text, language),
    );
  }
  const control = running
    ? button({ class: 'button button-danger', id: 'control' }, () => actions.stop(), words.stop)
    : button({ class: 'button button-primary', id: 'control' }, () => actions.start(), words.start);
  card.append(
    h(
      'div',
      { class: 'box-foot' },
      control,
      h('p', { class: 'quiet' }, running ? words.stopHint : words.startHint),
    ),
  );
  return card;
}
