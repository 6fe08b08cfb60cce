// MovieLens in each of its forms, from the folder that a person has: ml-100k (u.data), ml-1m and ml-10m (ratings.dat), and
// ml-latest, -small, ml-20m, -25m, -32m (ratings.csv).
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CsvTokenizer } from '@emotion-gallery/personalize-rules/csv';
import { type Rim, UserError } from '../../command';
import { both } from '../../text';
import type { Encoding } from '../decode';
import type { Kind } from '../kinds';
import type { OutputFile } from '../write';
import { linesOf } from './lines';
import { Table, wrong } from './tables';

const GENRES_100K =
  'unknown|Action|Adventure|Animation|Children|Comedy|Crime|Documentary|Drama|Fantasy|Film-Noir|Horror|Musical|Mystery|Romance|Sci-Fi|Thriller|War|Western'.split(
    '|',
  );

interface Source {
  readonly kind: Kind;
  readonly file: string;
  readonly encoding?: Encoding;
  readonly separator: string;
  readonly hasHeader?: boolean;
  readonly header: readonly string[];
  /** Undefined: the row is of no use. Throws for a line that is none of the format. */
  readonly cells: (parts: readonly string[]) => readonly string[];
  readonly width: number;
}

const INTERACTIONS = ['USER_ID', 'ITEM_ID', 'TIMESTAMP', 'EVENT_TYPE', 'EVENT_VALUE'];
const rating = ([user = '', item = '', value = '', time = '']: readonly string[]) => [
  user,
  item,
  time,
  'rating',
  value,
];
const ITEMS = ['ITEM_ID', 'TITLE', 'GENRES', 'YEAR'];
const item = (id: string, title: string, genres: string) => [
  id,
  title,
  genres.replace('(no genres listed)', ''),
  /\((\d{4})\)\s*$/.exec(title)?.[1] ?? '',
];
const three = ([id = '', title = '', genres = '']: readonly string[]) => item(id, title, genres);

const FORMS: readonly (readonly Source[])[] = [
  [
    { kind: 'INTERACTIONS', file: 'u.data', separator: '\t', header: INTERACTIONS, cells: rating, width: 4 },
    {
      kind: 'ITEMS',
      file: 'u.item',
      encoding: 'latin1',
      separator: '|',
      header: ITEMS,
      width: 24,
      cells: (parts) =>
        item(
          parts[0] ?? '',
          parts[1] ?? '',
          GENRES_100K.filter((_, index) => parts[5 + index] === '1').join('|'),
        ),
    },
    {
      kind: 'USERS',
      file: 'u.user',
      separator: '|',
      header: ['USER_ID', 'AGE', 'GENDER', 'OCCUPATION'],
      width: 5,
      cells: (parts) => parts.slice(0, 4),
    },
  ],
  [
    {
      kind: 'INTERACTIONS',
      file: 'ratings.dat',
      separator: '::',
      header: INTERACTIONS,
      cells: rating,
      width: 4,
    },
    {
      kind: 'ITEMS',
      file: 'movies.dat',
      encoding: 'latin1',
      separator: '::',
      header: ITEMS,
      cells: three,
      width: 3,
    },
    {
      kind: 'USERS',
      file: 'users.dat',
      separator: '::',
      header: ['USER_ID', 'GENDER', 'AGE', 'OCCUPATION'],
      width: 5,
      cells: (parts) => parts.slice(0, 4),
    },
  ],
  [
    {
      kind: 'INTERACTIONS',
      file: 'ratings.csv',
      separator: ',',
      hasHeader: true,
      header: INTERACTIONS,
      cells: rating,
      width: 4,
    },
    {
      kind: 'ITEMS',
      file: 'movies.csv',
      separator: ',',
      hasHeader: true,
      header: ITEMS,
      cells: three,
      width: 3,
    },
  ],
];

/** The files of a folder of MovieLens; undefined for another folder. */
export function movielensIn(folder: string): readonly Source[] | undefined {
  const form = FORMS.find(([first]) => first && existsSync(join(folder, first.file)));
  return form?.filter(({ file }) => existsSync(join(folder, file)));
}

export async function convertMovielens(
  folder: string,
  sources: readonly Source[],
  outputs: readonly OutputFile[],
  rim: Rim,
): Promise<Table[]> {
  const tables: Table[] = [];
  for (const [index, source] of sources.entries()) {
    const output = outputs[index];
    if (!output) throw new Error(`no output for ${source.file}`);
    const table = new Table(source.kind, source.header, output);
    const path = join(folder, source.file);
    for await (const lines of linesOf(path, rim, source.encoding)) {
      for (const { text, number } of lines) {
        if (number === 1 && (source.hasHeader || isHeader(text))) continue;
        const parts = partsOf(text, source.separator);
        if (parts.length < source.width) {
          throw wrong(path, number, `${parts.length} values instead of ${source.width}`);
        }
        table.add(source.cells(parts));
      }
      if (output.isFull) await output.flush();
    }
    if (table.rows === 0)
      throw new UserError(
        both(
          `${path} has no rows. Nothing was written.`,
          `${path}에 행이 없습니다. 아무것도 쓰지 않았습니다.`,
        ),
      );
    tables.push(table);
  }
  return tables;
}

/** Some copies of ml-100k have one. */
const isHeader = (text: string): boolean => /^\s*(user|item|movie)[_ ]?(id)?\b/i.test(text);

function partsOf(text: string, separator: string): readonly string[] {
  if (separator !== ',' || !text.includes('"')) return text.split(separator);
  let parts: readonly string[] = [];
  const tokenizer = new CsvTokenizer((cells) => {
    parts = [...cells];
  });
  tokenizer.push(text);
  tokenizer.end();
  return parts;
}
