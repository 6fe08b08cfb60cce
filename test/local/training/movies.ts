// Films, people and ratings in the manner of MovieLens: people of a gender and an age, each with a taste for two genres.
const GENRES = ['Drama', 'Comedy', 'Action', 'Horror', 'Romance', 'War'] as const;
const FILMS = 120;
const PEOPLE = 60;
const RATINGS = 30;
const START = Date.UTC(2003, 1, 1) / 1000;

export const genreOf = (film: number) => GENRES[film % GENRES.length] ?? 'Drama';

export const tastesOf = (person: number) =>
  [person % GENRES.length, (person + 2) % GENRES.length].map((genre) => GENRES[genre]);

const ratingsOf = (person: number) =>
  Array.from({ length: RATINGS }, (_, n) => {
    const taste = n % 5 === 4 ? person + n : n % 2 ? person : person + 2;
    const film = (taste % GENRES.length) + GENRES.length * ((n * 3 + person) % (FILMS / GENRES.length));
    return { film, at: START + person * 100_000 + n * 60 };
  });

const people = Array.from({ length: PEOPLE }, (_, person) => person);
const csv = (header: string, rows: readonly string[]) => `${[header, ...rows].join('\n')}\n`;

export const interactionsCsv = csv(
  'USER_ID,ITEM_ID,TIMESTAMP',
  people.flatMap((person) => ratingsOf(person).map(({ film, at }) => `${person},${film},${at}`)),
);

export const usersCsv = csv(
  'USER_ID,GENDER,AGE',
  people.map((person) => `${person},${person % 2 ? 'F' : 'M'},${18 + (person % 40)}`),
);

export const itemsCsv = csv(
  'ITEM_ID,GENRE',
  Array.from({ length: FILMS }, (_, film) => `${film},${genreOf(film)}`),
);

const watches = people.flatMap((person) => ratingsOf(person).map(({ film, at }) => ({ person, film, at })));

/** As a VIDEO_ON_DEMAND group wants them: events of a type, all of them watches unless it is said how many. */
export const watchesCsv = (watched = watches.length) =>
  csv(
    'USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE',
    watches.map(({ person, film, at }, n) => `${person},${film},${at},${n < watched ? 'Watch' : 'Click'}`),
  );

export const watchedBy = (someone: number): number[] =>
  watches.filter(({ person }) => person === someone).map(({ film }) => film);

/** Films with genres and the time when they came. */
export const filmsCsv = csv(
  'ITEM_ID,GENRES,CREATION_TIMESTAMP',
  Array.from({ length: FILMS }, (_, film) => `${film},${genreOf(film)},${START - film * 86_400}`),
);
