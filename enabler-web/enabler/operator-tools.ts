// What only operators see: the next person on this device, and the simulated crowd.

import { ProblemError } from '../api/problem-error';
import type { Messages } from '../i18n/en';
import { button, h } from '../ui/dom';
import type { CrowdPlan } from './crowd';
import type { CrowdRun } from './crowd-run';

/** What the tools do when they are used. */
export interface OperatorActions {
  nextPerson(): Promise<void>;
  readonly crowd: CrowdRun;
}

function numberField(label: string, id: string, value: number, minimum: number, maximum: number) {
  const input = h('input', {
    id,
    type: 'number',
    class: 'field',
    value,
    min: minimum,
    max: maximum,
    required: true,
  });
  return { input, element: h('p', { class: 'field-row' }, h('label', { for: id }, label), input) };
}

function crowdForm(text: Messages, run: CrowdRun): HTMLElement {
  const people = numberField(text.crowdPeople, 'crowd-people', 25, 1, 500);
  const likes = numberField(text.crowdLikes, 'crowd-likes', 40, 1, 100);
  const noise = numberField(text.crowdNoise, 'crowd-noise', 15, 0, 100);
  const start = h('button', { type: 'submit', class: 'button' }, text.crowdStart);
  const stop = button({ class: 'button' }, () => run.stop(), text.crowdStop);
  const meter = h('progress', { class: 'crowd-meter', 'aria-label': text.crowdTitle, max: 1 });
  const words = h('p', { class: 'crowd-words', role: 'status' });
  const form = h(
    'form',
    { class: 'crowd' },
    h('h3', { class: 'crowd-title' }, text.crowdTitle, h('span', { class: 'badge' }, text.crowdBadge)),
    h('p', { class: 'quiet' }, text.crowdIntro),
    people.element,
    likes.element,
    noise.element,
    h('p', { class: 'button-row' }, start, stop),
    meter,
    words,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const plan: CrowdPlan = {
      people: people.input.valueAsNumber,
      likesEach: likes.input.valueAsNumber,
      noise: noise.input.valueAsNumber / 100,
    };
    run.start(plan);
  });
  run.show((state) => {
    const running = state.kind === 'running';
    start.disabled = running;
    stop.hidden = !running;
    meter.hidden = !running;
    if (running) meter.value = state.people / state.plan.people;
    words.textContent = crowdWords(state, text);
  });
  return form;
}

function crowdWords(state: CrowdRun['state'], text: Messages): string {
  switch (state.kind) {
    case 'idle':
      return '';
    case 'running':
      return text.crowdRunning(state.people, state.plan.people, state.likes);
    case 'done':
      return text.crowdDone(state.people, state.likes);
    case 'stopped':
      return text.crowdStopped(state.likes);
    case 'failed':
      return text.crowdFailed(state.reason);
  }
}

/** The operator's part of the panel. */
export function operatorTools(
  text: Messages,
  actions: OperatorActions,
  onFailure: (words: string) => void,
): HTMLElement {
  const next = button(
    { class: 'button button-primary', id: 'next-person' },
    async () => {
      next.disabled = true;
      try {
        await actions.nextPerson();
      } catch (error) {
        onFailure(text.nextPersonFailed(error instanceof ProblemError ? error.message : String(error)));
      } finally {
        next.disabled = false;
      }
    },
    text.nextPerson,
  );
  return h(
    'section',
    { class: 'operator', 'aria-labelledby': 'operator-title' },
    h('h2', { class: 'panel-title', id: 'operator-title' }, text.operator),
    next,
    crowdForm(text, actions.crowd),
  );
}
