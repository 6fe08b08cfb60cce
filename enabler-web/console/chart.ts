// A metric over the runs: a line for each solution, told apart by colour, mark and label; the same numbers as a table.

import { h, svg } from '../ui/dom';
import type { Series } from './results';

/** A chart's contents. */
export interface ChartData {
  readonly title: string;
  /** What the table is opened with. */
  readonly asTable: string;
  readonly tableIsOpen: boolean;
  onTable(open: boolean): void;
  readonly solution: string;
  /** Labels of the runs, oldest first. */
  readonly runs: readonly string[];
  readonly series: readonly Series[];
  label(solution: string): string;
  /** With at least `digits` decimals. */
  format(value: number, digits?: number): string;
}

const WIDTH = 520;
const HEIGHT = 270;
const LEFT = 56;
const RIGHT = 104;
const TOP = 16;
const BOTTOM = 34;
const LABEL_HEIGHT = 18;
/** Decimals in the table, so that its columns line up. */
const CELL_DIGITS = 3;

/** The marks' outlines around (0, 0). */
const MARKS = [
  'M-4.500 0a4.500 4.500 0 1 0 9 0a4.500 4.500 0 1 0 -9 0',
  'M-4 -4h8v8h-8z',
  'M0 -5.500L5 4H-5z',
  'M0 -5.500L5.500 0L0 5.500L-5.500 0z',
];

/** A round number at or above the highest value, so that the axis has readable ends. */
export function axisEnd(highest: number): number {
  if (highest <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(highest));
  const step = [1, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8, 10].find((factor) => highest <= factor * unit) ?? 10;
  return step * unit;
}

/** Places labels at the wanted heights, moved apart where they would cover each other. */
export function spread(wanted: readonly number[], distance: number): readonly number[] {
  const places = [...wanted];
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  let last = Number.NEGATIVE_INFINITY;
  for (const index of order) {
    last = Math.max(wanted[index] ?? 0, last + distance);
    places[index] = last;
  }
  return places;
}

function drawing({ title, runs, series, label, format }: ChartData): SVGSVGElement {
  const end = axisEnd(Math.max(0, ...series.flatMap(({ points }) => points.map(({ value }) => value))));
  const x = (run: number): number =>
    runs.length > 1 ? LEFT + (run / (runs.length - 1)) * (WIDTH - LEFT - RIGHT) : (LEFT + WIDTH - RIGHT) / 2;
  const y = (value: number): number => HEIGHT - BOTTOM - (value / end) * (HEIGHT - TOP - BOTTOM);
  const picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': title });
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const height = y(end * share);
    picture.append(
      svg('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: height, y2: height, class: 'chart-grid' }),
      svg('text', { x: LEFT - 8, y: height + 4, class: 'chart-text chart-end' }, format(end * share)),
    );
  }
  const every = Math.ceil(runs.length / 5);
  for (const [index, run] of runs.entries()) {
    if (index % every > 0) continue;
    picture.append(svg('text', { x: x(index), y: HEIGHT - 10, class: 'chart-text chart-middle' }, run));
  }
  const heights = spread(
    series.map(({ points }) => y(points.at(-1)?.value ?? 0)),
    LABEL_HEIGHT,
  );
  for (const [index, { solution, points }] of series.entries()) {
    const line = points.map(({ run, value }) => `${x(run)},${y(value)}`).join(' ');
    picture.append(
      svg(
        'g',
        { class: `chart-series chart-series-${index % MARKS.length}` },
        svg('polyline', { points: line, class: 'chart-line' }),
        ...points.map(({ run, value }) =>
          svg('path', {
            d: MARKS[index % MARKS.length],
            transform: `translate(${x(run)} ${y(value)})`,
            class: 'chart-mark',
          }),
        ),
        svg(
          'text',
          { x: WIDTH - RIGHT + 12, y: (heights[index] ?? 0) + 4, class: 'chart-name' },
          label(solution),
        ),
      ),
    );
  }
  return picture;
}

function table({ title, solution: head, runs, series, label, format }: ChartData): HTMLTableElement {
  const cell = (points: Series['points'], run: number): string => {
    const point = points.find((one) => one.run === run);
    return point ? format(point.value, CELL_DIGITS) : '–';
  };
  return h(
    'table',
    { class: 'table' },
    h('caption', { class: 'visually-hidden' }, title),
    h(
      'thead',
      {},
      h('tr', {}, h('th', { scope: 'col' }, head), ...runs.map((run) => h('th', { scope: 'col' }, run))),
    ),
    h(
      'tbody',
      {},
      ...series.map(({ solution, points }) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, label(solution)),
          ...runs.map((_, run) => h('td', {}, cell(points, run))),
        ),
      ),
    ),
  );
}

/** The chart with its table below. */
export function createChart(data: ChartData): HTMLElement {
  const details = h(
    'details',
    { class: 'details', open: data.tableIsOpen },
    h('summary', { id: 'metrics-table' }, data.asTable),
    h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': data.title }, table(data)),
  );
  details.addEventListener('toggle', () => data.onTable(details.open));
  return h('figure', { class: 'chart' }, drawing(data), details);
}
