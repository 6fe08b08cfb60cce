// npm run house: draws docs/images/house.svg, the picture of what lies where and what knows what, from the import statements.
// A house stands above those that it imports; an arrow that follows from others is left out.
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { noOptions } from '@emotion-gallery/local-kit/command-line';
import { importsOf, sourcesBelow } from './imports';

const ROOT = resolve(__dirname, '../..');
export const PICTURE = join(ROOT, 'docs/images/house.svg');

/** What each house is for, in a few words. */
const PURPOSES: Readonly<Record<string, string>> = {
  bin: 'the CDK app',
  lib: 'the stacks and their settings',
  lambda: 'the functions, and what they share',
  'enabler-web': 'the pages, the sample gallery',
  cli: 'npm run gallery',
  local: 'npm start: the app on the packages',
  'packages/aws-local': 'AWS on localhost',
  'packages/personalize-local': 'Amazon Personalize on localhost',
  'packages/personalize-rules': 'what Amazon Personalize accepts',
  'packages/local-kit': 'what servers on localhost stand on',
};
const HOUSES = Object.keys(PURPOSES);

const WIDTH = 1200;
const MARGIN = 24;
const GAP = 28;
const LAYER_GAP = 64;
const LINE = 19;
const HEADER = 50;
const CHARACTER = 6.9;

interface House {
  readonly name: string;
  readonly rooms: readonly string[];
  /** Houses that it imports. */
  readonly knows: readonly string[];
}

interface Placed extends House {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly string[];
}

const houseOf = (path: string) => HOUSES.find((name) => path.startsWith(`${name}/`));

function readHouse(name: string): House {
  const inside = name.startsWith('packages/') ? `${name}/src` : name;
  const entries = readdirSync(join(ROOT, inside), { withFileTypes: true });
  const rooms = entries.filter((entry) => entry.isDirectory() && !/^(dist|node_modules)$/.test(entry.name));
  const targets = sourcesBelow(ROOT, inside)
    .flatMap((file) => importsOf(ROOT, file))
    .flatMap(({ to }) => houseOf(to) ?? []);
  return {
    name,
    rooms: rooms.map((room) => room.name).sort(),
    knows: [...new Set(targets)].filter((other) => other !== name).sort(),
  };
}

/** How many houses stand below it, one on the other. */
function heightOf(house: House, houses: readonly House[]): number {
  const below = houses.filter(({ name }) => house.knows.includes(name));
  return below.length === 0 ? 0 : 1 + Math.max(...below.map((other) => heightOf(other, houses)));
}

/** Without the arrows that others imply: who knows B, which knows C, may know C as well. */
function reduced(houses: readonly House[]): House[] {
  const reaches = (from: string, to: string): boolean =>
    (houses.find(({ name }) => name === from)?.knows ?? []).some((next) => next === to || reaches(next, to));
  return houses.map((house) => ({
    ...house,
    knows: house.knows.filter((name) => !house.knows.some((other) => other !== name && reaches(other, name))),
  }));
}

function wrap(words: readonly string[], width: number): string[] {
  const most = Math.floor((width - 28) / CHARACTER);
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 3 <= most)
      lines[lines.length - 1] = `${last} · ${word}`;
    else lines.push(word);
  }
  return lines;
}

function place(houses: readonly House[]): Placed[] {
  const layers: House[][] = [];
  for (const house of houses) {
    const height = heightOf(house, houses);
    layers[height] = [...(layers[height] ?? []), house];
  }
  const placed: Placed[] = [];
  let y = MARGIN;
  for (const layer of layers.reverse()) {
    const width = Math.min(560, (WIDTH - 2 * MARGIN - GAP * (layer.length - 1)) / layer.length);
    const start = (WIDTH - layer.length * width - GAP * (layer.length - 1)) / 2;
    const wrapped = layer.map((house) => wrap(house.rooms, width));
    const height = HEADER + LINE * Math.max(...wrapped.map((lines) => lines.length)) + 12;
    layer.forEach((house, index) => {
      const x = start + index * (width + GAP);
      placed.push({ ...house, x, y, width, height, lines: wrapped[index] ?? [] });
    });
    y += height + LAYER_GAP;
  }
  return placed;
}

function drawHouse({ name, x, y, width, height, lines }: Placed): string {
  const fill = name.startsWith('packages/') ? '#eef4f2' : '#fbf3e8';
  const texts = lines.map(
    (line, index) => `<text x="${x + 14}" y="${y + HEADER + 12 + index * LINE}" class="rooms">${line}</text>`,
  );
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="10" fill="${fill}" stroke="#57534e"/>`,
    `<text x="${x + 14}" y="${y + 24}" class="name">${name}</text>`,
    `<text x="${x + 14}" y="${y + 42}" class="purpose">${PURPOSES[name]}</text>`,
    ...texts,
  ].join('\n');
}

function drawArrow(from: Placed, to: Placed, index: number, count: number): string {
  const x1 = from.x + (from.width * (index + 1)) / (count + 1);
  const y1 = from.y + from.height;
  const x2 = to.x + to.width / 2 + (x1 - (to.x + to.width / 2)) * 0.15;
  const bend = (to.y - y1) / 2;
  return `<path d="M${x1} ${y1} C${x1} ${y1 + bend} ${x2} ${to.y - bend} ${x2} ${to.y - 4}" class="arrow"/>`;
}

/** The picture as SVG. The same imports give the same picture, to the letter. */
export function drawHouses(): string {
  const placed = place(reduced(HOUSES.map(readHouse)));
  const height = Math.max(...placed.map((house) => house.y + house.height)) + MARGIN;
  const arrows = placed.flatMap((house) =>
    house.knows.flatMap((name, index) => {
      const target = placed.find((other) => other.name === name);
      return target ? drawArrow(house, target, index, house.knows.length) : [];
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="ui-sans-serif, system-ui, sans-serif">`,
    '<title>The houses of this repository, and what each imports</title>',
    '<style>.name{font-weight:700;font-size:15px}.purpose{font-size:12px;fill:#57534e}.rooms{font-size:12.5px}',
    '.arrow{fill:none;stroke:#57534e;stroke-width:1.4;marker-end:url(#tip)}</style>',
    '<marker id="tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#57534e"/></marker>',
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...arrows,
    ...placed.map(drawHouse),
    '</svg>\n',
  ].join('\n');
}

if (require.main === module) {
  noOptions('npm run house\n\nDraws docs/images/house.svg anew: what lies where, and what imports what.');
  writeFileSync(PICTURE, drawHouses());
  console.log(`drawn: ${PICTURE}`);
}
