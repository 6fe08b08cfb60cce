// A small data set to learn with, made by a seed: films that nobody made, and people with tastes. Nothing is downloaded, and it may be
// used for anything.
import { type Random, seededRandom } from '@emotion-gallery/local-kit/random';
import { csvLine } from './write';

const GENRES = ['Drama', 'Comedy', 'Thriller', 'Adventure', 'Science Fiction', 'Romance'] as const;
const FIRST = [
  'Quiet',
  'Last',
  'Hidden',
  'Northern',
  'Paper',
  'Silver',
  'Second',
  'Distant',
  'Open',
  'Winter',
];
const SECOND = [
  'River',
  'Letter',
  'Garden',
  'Station',
  'Harbour',
  'Mirror',
  'Summer',
  'Orchard',
  'Bridge',
  'Lantern',
];
const AGES = ['18-24', '25-34', '35-49', '50+'];

const FILMS = 300;
const PEOPLE = 250;
/** 1 October 2025, and ninety days from then. */
const BEGIN = 1_759_276_800;
const DAY = 86_400;
const DAYS = 90;
/** How much likelier a person watches a film of a genre that they love. */
const LOVE = 12;
const LIKE_SHARE = 0.3;

interface Film {
  readonly id: string;
  readonly title: string;
  readonly genres: readonly number[];
  readonly year: number;
  readonly appears: number;
  readonly weight: number;
}

function films(random: Random): Film[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return Array.from({ length: FILMS }, (_, index) => {
    const first = Math.floor(random() * GENRES.length);
    const second = Math.floor(random() * GENRES.length);
    return {
      id: `f${String(index + 1).padStart(3, '0')}`,
      title: `${pick(FIRST)} ${pick(SECOND)} ${index + 1}`,
      genres: first === second || random() < 0.6 ? [first] : [first, second],
      year: 1960 + Math.floor(random() * 66),
      // Most are there from the beginning; one in eight comes later.
      appears: random() < 0.125 ? BEGIN + Math.floor(random() * DAYS * DAY) : BEGIN - 30 * DAY,
      weight: 1 / (1 + index * 0.12),
    };
  });
}

export interface Sample {
  readonly interactions: string;
  readonly items: string;
  readonly users: string;
}

/** As CSV files. The same seed gives the same files on every machine. */
export function makeSample(seed: number): Sample {
  const random = seededRandom(seed);
  const all = films(random);
  const users: string[] = [csvLine(['USER_ID', 'AGE_GROUP', 'FAVOURITE'])];
  const events: { readonly time: number; readonly cells: readonly string[] }[] = [];
  for (let index = 0; index < PEOPLE; index++) {
    const id = `u${String(index + 1).padStart(3, '0')}`;
    const love = Math.floor(random() * GENRES.length);
    users.push(csvLine([id, AGES[Math.floor(random() * AGES.length)] ?? '', GENRES[love] ?? '']));
    events.push(...watched(id, love, all, random));
  }
  events.sort((a, b) => a.time - b.time);
  return {
    interactions:
      csvLine(['USER_ID', 'ITEM_ID', 'TIMESTAMP', 'EVENT_TYPE']) +
      events.map(({ cells }) => csvLine(cells)).join(''),
    items:
      csvLine(['ITEM_ID', 'TITLE', 'GENRES', 'YEAR', 'CREATION_TIMESTAMP']) +
      all
        .map(({ id, title, genres, year, appears }) =>
          csvLine([id, title, genres.map((genre) => GENRES[genre]).join('|'), String(year), String(appears)]),
        )
        .join(''),
    users: users.join(''),
  };
}

/** A person's films, each once, in the order of time. */
function watched(id: string, love: number, all: readonly Film[], random: Random) {
  const count = 12 + Math.floor(random() * 50);
  const start = BEGIN + Math.floor(random() * 60 * DAY);
  const left = new Set(all);
  return Array.from({ length: count }, (_, step) => {
    const time = start + Math.floor(((step + random()) / count) * (BEGIN + DAYS * DAY - start));
    const there = [...left].filter(({ appears }) => appears <= time);
    const weights = there.map(({ genres, weight }) => weight * (genres.includes(love) ? LOVE : 1));
    let at = random() * weights.reduce((sum, weight) => sum + weight, 0);
    let chosen = there[0] as Film;
    for (const [index, film] of there.entries()) {
      chosen = film;
      at -= weights[index] as number;
      if (at <= 0) break;
    }
    left.delete(chosen);
    const type = random() < LIKE_SHARE ? 'like' : 'view';
    return { time, cells: [id, chosen.id, String(time), type] };
  });
}
