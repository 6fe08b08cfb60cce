// Rows of a CSV file with a header, as a stream. Wrong rows are counted, and the first of them named by file and line.
import { CsvTokenizer, MalformedCsv } from '@emotion-gallery/personalize-rules/csv';
import { type Rim, UserError } from '../command';
import { sizeOf } from '../files';
import { both, joined, type Text } from '../text';
import { textOf } from './decode';
import { Progress } from './progress';

/** The array is reused for the next row. */
export type TakeRow = (cells: readonly string[], line: number) => void;

export interface Problems {
  count: number;
  readonly first: string[];
}

const NAMED = 10;

export const noProblems = (): Problems => ({ count: 0, first: [] });

export function addProblem(problems: Problems, file: string, line: number, text: string): void {
  problems.count++;
  if (problems.first.length < NAMED) problems.first.push(`${file}, line ${line}: ${text}`);
}

/** @throws UserError that names the first problems, when there are any */
export function refuseProblems({ count, first }: Problems, consequence: Text): void {
  if (count === 0) return;
  const left = count - first.length;
  const more = left > 0 ? [both(`… and ${left} more`, `… 외 ${left}개`)] : [];
  throw new UserError(joined([...first, ...more, consequence], '\n'));
}

/**
 * @param begin gets the header's names, trimmed, and returns what takes the rows
 * @returns the number of rows that were taken; those with too few or many cells are problems and left out
 * @throws UserError when the file cannot be read, is no CSV, or has no rows
 */
export async function readRows(
  file: string,
  begin: (header: readonly string[]) => TakeRow,
  problems: Problems,
  rim: Rim,
): Promise<number> {
  const progress = new Progress(rim, `reading ${file}`, await sizeOf(file));
  let take: TakeRow | undefined;
  let width = 0;
  let rows = 0;
  const tokenizer = new CsvTokenizer((cells, line) => {
    if (take === undefined) {
      const header = cells.map((name) => name.trim());
      const repeated = header.find((name, index) => header.indexOf(name) !== index);
      if (repeated !== undefined) {
        throw new UserError(
          both(
            `${file}, line ${line}: the column ${repeated} is there twice`,
            `${file}, ${line}행: ${repeated} 열이 두 번 있습니다`,
          ),
        );
      }
      width = header.length;
      take = begin(header);
    } else if (cells.length !== width) {
      addProblem(problems, file, line, `${cells.length} cells, the header has ${width}`);
    } else {
      rows++;
      take(cells, line);
    }
  });
  try {
    for await (const { text, bytes } of textOf(file)) {
      tokenizer.push(text);
      progress.at(bytes, rows);
    }
    tokenizer.end();
  } catch (error) {
    if (error instanceof MalformedCsv) throw new UserError(`${file}: ${error.message}`);
    throw error;
  }
  if (rows === 0 && problems.count === 0)
    throw new UserError(
      both(`${file} has a header row and nothing below it`, `${file}에 헤더 행만 있고 데이터가 없습니다`),
    );
  return rows;
}
