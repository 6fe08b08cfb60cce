// Lines of a text file with their numbers, for formats that are no CSV.
import type { Rim } from '../../command';
import { sizeOf } from '../../files';
import { type Encoding, textOf } from '../decode';
import { Progress } from '../progress';

export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/** Those that are not blank. */
export async function* linesOf(file: string, rim: Rim, encoding?: Encoding): AsyncGenerator<readonly Line[]> {
  const progress = new Progress(rim, `reading ${file}`, await sizeOf(file));
  let rest = '';
  let number = 0;
  const numbered = (lines: readonly string[]): Line[] =>
    lines.flatMap((line) => {
      number++;
      const text = line.endsWith('\r') ? line.slice(0, -1) : line;
      return text === '' ? [] : [{ text, number }];
    });
  for await (const { text, bytes } of textOf(file, encoding)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield numbered(lines);
    progress.at(bytes, number);
  }
  yield numbered([rest]);
}
