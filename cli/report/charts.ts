// Charts as SVG. Each has its numbers as text for who does not see it, and no information that is in a colour alone.
import { escaped } from './page';

const WIDTH = 720;
const HEIGHT = 240;
const LEFT = 64;
const BOTTOM = 34;
const TOP = 18;

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Lower and upper end of its interval. */
  readonly interval?: readonly [number, number];
}

interface Chart {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** How a value is written. @default whole numbers with commas */
  readonly format?: (value: number) => string;
}

const whole = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 0 });

/** A number of one digit times a power of ten that is not below `value`. */
function ceiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return Math.ceil(value / power) * power;
}

const described = ({ title, bars, format = whole }: Chart): string =>
  `${title}: ${bars.map(({ label, value }) => `${label}: ${format(value)}`).join('; ')}`;

/** Half of the width of a label, so that none is cut off at the right. */
const half = (label: string): number => 3.5 * label.length;

/** Upright bars side by side, for distributions. Labels are thinned out where they would not fit. */
export function columnsChart(chart: Chart): string {
  const { title, bars, format = whole } = chart;
  const top = ceiling(Math.max(...bars.map(({ value }) => value)));
  const width = (WIDTH - LEFT) / bars.length;
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const every = Math.ceil(bars.length / 8);
  const grid = [0, 0.5, 1].map((share) => {
    const height = y(share * top).toFixed(1);
    return `<line class="axis" x1="${LEFT}" x2="${WIDTH}" y1="${height}" y2="${height}"/><text class="soft" x="${LEFT - 8}" y="${height}" dy="4" text-anchor="end">${escaped(format(share * top))}</text>`;
  });
  const columns = bars.map(({ label, value }, index) => {
    const x = LEFT + index * width;
    const text =
      index % every === 0
        ? `<text class="soft" x="${Math.min(x + width / 2, WIDTH - half(label)).toFixed(1)}" y="${HEIGHT - 12}" text-anchor="middle">${escaped(label)}</text>`
        : '';
    return `<rect class="bar" x="${(x + 1).toFixed(1)}" y="${y(value).toFixed(1)}" width="${Math.max(1, width - 2).toFixed(1)}" height="${(HEIGHT - BOTTOM - y(value)).toFixed(1)}"><title>${escaped(`${label}: ${format(value)}`)}</title></rect>${text}`;
  });
  return figure(title, HEIGHT, described(chart), [...grid, ...columns]);
}

const ROW = 30;
const LABELS = 220;

/** Lying bars, one below the other, each with its value and its interval: for comparisons. */
export function barsChart(chart: Chart): string {
  const { title, bars, format = whole } = chart;
  const top = ceiling(Math.max(...bars.flatMap(({ value, interval }) => interval ?? [value])));
  const x = (value: number) => LABELS + ((WIDTH - LABELS - 90) * value) / top;
  const rows = bars.map(({ label, value, interval }, index) => {
    const y = index * ROW + 6;
    const end = x(interval?.[1] ?? value);
    const line = interval
      ? `<line class="interval" x1="${x(interval[0]).toFixed(1)}" x2="${end.toFixed(1)}" y1="${y + 9}" y2="${y + 9}"/>`
      : '';
    return `<text x="${LABELS - 10}" y="${y + 13}" text-anchor="end">${escaped(label)}</text><rect class="bar" x="${LABELS}" y="${y}" width="${Math.max(1, x(value) - LABELS).toFixed(1)}" height="18"/>${line}<text class="soft" x="${(end + 8).toFixed(1)}" y="${y + 13}">${escaped(format(value))}</text>`;
  });
  return figure(title, bars.length * ROW + 8, described(chart), rows);
}

function figure(title: string, height: number, text: string, parts: readonly string[]): string {
  return `<figure><figcaption>${escaped(title)}</figcaption><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(text)}">${parts.join('')}</svg></figure>`;
}
