// The metrics of all versions as a chart, and the runs one by one.

import type { Run } from '../api/types';
import type { Messages } from '../i18n/en';
import { h } from '../ui/dom';
import { createChart } from './chart';
import { stepList, stepName } from './pipeline';
import { failureOf, metricNames, seriesOf, shortName, solutionsOf } from './results';
import { verdictText } from './serving';
import { axisLabels, duration, pointInTime } from './times';

const FAVOURITE = 'normalized_discounted_cumulative_gain_at_25';

/** `normalized_discounted_cumulative_gain_at_25` as "NDCG at 25"; other names with spaces. */
export function metricLabel(name: string): string {
  return name.replace('normalized_discounted_cumulative_gain', 'NDCG').replaceAll('_', ' ');
}

/** The common beginning of all names, up to a hyphen, is the deployment's and says nothing here. */
function withoutPrefix(names: readonly string[]): (name: string) => string {
  const [first = ''] = names;
  const parts = first.split('-');
  const shared = parts.findIndex((_, index) => {
    const start = parts.slice(0, index + 1).join('-');
    return !names.every((name) => name.startsWith(`${start}-`));
  });
  const length = parts.slice(0, Math.max(0, shared)).join('-').length;
  return (name) => (length > 0 ? name.slice(length + 1) : name);
}

/** What somebody chose to see of the metrics. */
export interface ChartChoice {
  metric?: string;
  asTable?: boolean;
}

/** The card of the metrics; `chosen` is kept by the caller across redraws. */
export function metricsCard(
  runs: readonly Run[],
  context: { readonly text: Messages; readonly language: string },
  chosen: ChartChoice,
): HTMLElement {
  const { text, language } = context;
  const names = metricNames(runs);
  const card = h(
    'section',
    { class: 'card-box', 'aria-labelledby': 'metrics-title' },
    h('h2', { class: 'box-title', id: 'metrics-title' }, text.console.metrics),
  );
  if (names.length === 0) {
    card.append(h('p', { class: 'quiet' }, text.console.noMetrics));
    return card;
  }
  const place = h('div');
  const show = (): void => {
    const usual = names.includes(FAVOURITE) ? FAVOURITE : names[0];
    const metric = chosen.metric && names.includes(chosen.metric) ? chosen.metric : (usual ?? '');
    const { starts, series } = seriesOf(runs, metric);
    const label = withoutPrefix(series.map(({ solution }) => solution));
    select.value = metric;
    place.replaceChildren(
      createChart({
        title: text.console.chart(metricLabel(metric), starts.length),
        asTable: text.console.asTable,
        tableIsOpen: chosen.asTable ?? false,
        onTable: (open) => {
          chosen.asTable = open;
        },
        solution: text.console.solution,
        runs: axisLabels(starts, language),
        series,
        label,
        format: (value, digits = 0) =>
          value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: 3 }),
      }),
    );
  };
  const select = h(
    'select',
    { class: 'select', id: 'metric' },
    ...names.map((name) => h('option', { value: name }, metricLabel(name))),
  );
  select.addEventListener('change', () => {
    chosen.metric = select.value;
    show();
  });
  show();
  card.append(
    h('p', { class: 'field-row' }, h('label', { for: 'metric' }, text.console.metric), select),
    place,
    h('p', { class: 'quiet' }, text.console.metricsHint),
  );
  return card;
}

function runItem(run: Run, text: Messages, language: string, open: Set<string>): HTMLElement {
  const { console: words } = text;
  const reasons: Readonly<Record<string, string>> = words.startedBy;
  const failure = failureOf(run);
  const took = run.endedAt && duration(Date.parse(run.endedAt) - Date.parse(run.startedAt), language);
  const details = h(
    'details',
    { class: 'details run', open: open.has(run.startedAt) },
    h(
      'summary',
      { id: `run-${run.startedAt}` },
      h('span', { class: 'run-time' }, pointInTime(run.startedAt, language)),
      h('span', { class: 'run-reason' }, reasons[run.reason] ?? run.reason),
      h('span', { class: `state state-${run.outcome}` }, words.outcomes[run.outcome]),
      took !== undefined && h('span', { class: 'run-took' }, took),
    ),
    failure && h('p', { class: 'failure' }, words.failed(stepName(failure.step, text), failure.reason)),
    h(
      'ul',
      { class: 'verdicts' },
      ...solutionsOf(run).map(({ solution, version, verdict }) =>
        h(
          'li',
          {},
          h('strong', {}, solution),
          ` ${shortName(version)}: `,
          verdict.passed ? words.passed : words.refused,
          ` – ${verdictText(verdict, text)}`,
        ),
      ),
    ),
    stepList(run, text, language),
  );
  details.addEventListener('toggle', () => {
    if (details.open) open.add(run.startedAt);
    else open.delete(run.startedAt);
  });
  return h('li', {}, details);
}

/** The card of the runs; `open` remembers across redraws which ones are open. */
export function runsCard(
  runs: readonly Run[],
  context: { readonly text: Messages; readonly language: string },
  open: Set<string>,
): HTMLElement {
  const { text, language } = context;
  return h(
    'section',
    { class: 'card-box', 'aria-labelledby': 'runs-title' },
    h('h2', { class: 'box-title', id: 'runs-title' }, text.console.runs),
    runs.length === 0
      ? h('p', { class: 'quiet' }, text.console.noRuns)
      : h('ul', { class: 'runs' }, ...runs.map((run) => runItem(run, text, language, open))),
  );
}
