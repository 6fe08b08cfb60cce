// Every dataset group: how it stands, what serves in it, what comes next and when, what it costs, and what a person has to do.
import type { Group } from '../api/types';
import type { Messages } from '../i18n/en';
import { button, h } from '../ui/dom';
import { stepName } from './pipeline';
import { pointInTime } from './times';

export interface GroupActions {
  start(group: Group): void;
  stop(group: Group): void;
}

interface Words {
  readonly text: Messages;
  readonly language: string;
}

/** The colours are those of the pipeline's states. */
const COLOURS = { settled: 'ready', working: 'training', waiting: 'collecting', failed: 'failed' } as const;

function list(values: readonly string[]): HTMLElement {
  return h('ul', { class: 'plain' }, ...values.map((value) => h('li', {}, value)));
}

function fact(name: string, values: readonly string[]): HTMLElement[] {
  if (values.length === 0) return [];
  const [only = ''] = values;
  return [h('dt', {}, name), h('dd', {}, values.length === 1 ? only : list(values))];
}

/** What is planned, what a schedule asks for, and the next look, in the order of time as far as it is known. */
export function comesNext({ planned, next, lookAt }: Group, { text, language }: Words): string[] {
  const { console: words } = text;
  return [
    ...planned.map(({ what, after }) =>
      after.length === 0 ? what : words.plannedAfter(what, after.join(', ')),
    ),
    ...(next ? [words.scheduled(next.what, pointInTime(next.at, language))] : []),
    words.lookedAtAgain(pointInTime(lookAt, language)),
  ];
}

function problem({ step, source, reason, advice }: Group['problems'][number], text: Messages): HTMLElement {
  return h(
    'div',
    { class: 'failure' },
    h('p', {}, text.console.failed(stepName(step, text), reason)),
    h('p', { class: 'quiet' }, advice, source && ` (${source})`),
  );
}

function card(group: Group, words: Words, actions: GroupActions): HTMLElement {
  const { text } = words;
  const { console: say } = text;
  const { name, state, isGallery, serving, waiting, problems, sources } = group;
  const isWorking = state === 'working';
  const id = `group-${name}`;
  return h(
    'li',
    { class: 'campaign' },
    h(
      'div',
      { class: 'box-head' },
      h('h3', { class: 'campaign-name', id }, isGallery ? say.galleryGroup(name) : name),
      h('span', { class: `state state-${COLOURS[state]}` }, say.groupStates[state]),
    ),
    ...problems.map((each) => problem(each, text)),
    h(
      'dl',
      { class: 'facts' },
      ...fact(say.waitsFor, waiting),
      ...fact(
        say.servesNow,
        serving.map(({ kind, name: served, recipe, status }) =>
          say.served(served, say.kinds[kind], recipe || say.recipeChosen, status),
        ),
      ),
      ...fact(say.comesNext, comesNext(group, words)),
      ...fact(say.costs, [say.perHour(group.pricePerHour)]),
      ...fact(
        say.declaredBy,
        sources.map((source) => (source === 'settings' ? say.bySettings : source)),
      ),
    ),
    // The gallery's own buttons stand with its pipeline.
    !isGallery &&
      sources.length > 0 &&
      button(
        {
          class: `button ${isWorking ? 'button-danger' : ''}`,
          id: `control-${name}`,
          'aria-describedby': id,
        },
        () => (isWorking ? actions.stop(group) : actions.start(group)),
        isWorking ? say.stop : say.start,
      ),
  );
}

export function groupsCard(groups: readonly Group[], words: Words, actions: GroupActions): HTMLElement {
  const { console: say } = words.text;
  const inOrder = [...groups].sort((a, b) => Number(b.isGallery) - Number(a.isGallery));
  return h(
    'section',
    { class: 'card-box', 'aria-labelledby': 'groups-title' },
    h('h2', { class: 'box-title', id: 'groups-title' }, say.groups),
    inOrder.length > 0
      ? h('ul', { class: 'campaigns' }, ...inOrder.map((group) => card(group, words, actions)))
      : h('p', { class: 'quiet' }, say.noGroups),
  );
}
