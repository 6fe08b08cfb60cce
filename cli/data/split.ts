// The hold-outs of an evaluation: which rows of a file of interactions are kept for the test.
import { seededRandom, shuffle } from '@emotion-gallery/local-kit/random';
import { type Rim, UserError } from '../command';
import { sizeOf } from '../files';
import { both } from '../text';
import { cellCheck } from './cell-checks';
import { Ids } from './ids';
import { kindOf } from './kinds';
import { Pages } from './pages';
import { Progress } from './progress';
import { rawRowsOf } from './raw-rows';
import { addProblem, noProblems, readRows, refuseProblems } from './rows';
import type { OutputFile } from './write';

export const METHODS = ['last-share', 'time', 'leave-last-out'] as const;
export type Method = (typeof METHODS)[number];

/** Which items are cold: some by chance, or those that appeared last, as new ones would. */
export const COLD_KINDS = ['chance', 'newest'] as const;
export type ColdKind = (typeof COLD_KINDS)[number];

export interface SplitSettings {
  readonly method: Method;
  /** Of rows, 0 to 1; nothing to leave-last-out. */
  readonly share: number;
  /** Share of items that training shall know nothing of: their rows are apart. 0: none. */
  readonly coldItems: number;
  readonly coldKind: ColdKind;
  /** Chooses cold items by chance. */
  readonly seed: number;
}

/** Where a row goes. */
export const PARTS = ['train', 'test', 'cold'] as const;
type Part = 0 | 1 | 2;

interface Read {
  readonly header: readonly string[];
  readonly users: Ids;
  readonly items: Ids;
  /** By row. */
  readonly user: Pages;
  readonly item: Pages;
  /** Seconds since 1970, by row. */
  readonly time: Pages;
}

/** @throws UserError for a file with any wrong row, or that is not of interactions */
export async function readForSplit(file: string, rim: Rim): Promise<Read> {
  const [users, items, problems] = [new Ids(), new Ids(), noProblems()];
  const [user, item, time] = [new Pages(Int32Array), new Pages(Int32Array), new Pages(Float64Array)];
  let names: readonly string[] = [];
  await readRows(
    file,
    (header) => {
      if (kindOf(file, header) !== 'INTERACTIONS') {
        throw new UserError(
          both(
            `${file} has no interactions: only they are split`,
            `${file}은(는) 상호작용 파일이 아닙니다. 상호작용만 나눌 수 있습니다`,
          ),
        );
      }
      names = header;
      const [userAt, itemAt, timeAt] = ['USER_ID', 'ITEM_ID', 'TIMESTAMP'].map((name) =>
        header.indexOf(name),
      ) as [number, number, number];
      const checks = header.map((name) => cellCheck('INTERACTIONS', name, undefined));
      return (cells, line) => {
        for (let i = 0; i < checks.length; i++) {
          const problem = checks[i]?.(cells[i] as string);
          if (problem !== undefined) addProblem(problems, file, line, problem);
        }
        user.push(users.add(cells[userAt] as string));
        item.push(items.add(cells[itemAt] as string));
        time.push(Number(cells[timeAt]));
      };
    },
    problems,
    rim,
  );
  refuseProblems(problems, both('Nothing was written.', '아무것도 쓰지 않았습니다.'));
  return { header: names, users, items, user, item, time };
}

/** By row: 0 train, 1 test, 2 cold. */
export function assign(read: Read, settings: SplitSettings): Uint8Array {
  const { method, share, coldItems } = settings;
  const { item, items } = read;
  const parts = new Uint8Array(item.length);
  const cold = new Uint8Array(items.size);
  const order = coldItems > 0 ? coldOrder(read, settings) : new Int32Array(0);
  for (const one of order.subarray(0, Math.round(items.size * coldItems))) cold[one] = 1;
  for (let row = 0; row < parts.length; row++) if (cold[item.at(row)] === 1) parts[row] = 2;
  if (method === 'time') assignByTime(read, share, parts);
  else assignByUser(read, share, method === 'leave-last-out', parts);
  return parts;
}

/** Items, those first that are to be cold first; of items that appeared in one second, those that came later in the file. */
function coldOrder({ item, items, time }: Read, { coldKind, seed }: SplitSettings): Int32Array {
  const all = Int32Array.from({ length: items.size }, (_, index) => index);
  if (coldKind === 'chance') return shuffle(all, seededRandom(seed));
  const appeared = new Float64Array(items.size).fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < item.length; row++) {
    const one = item.at(row);
    appeared[one] = Math.min(appeared[one] as number, time.at(row));
  }
  return all.sort((a, b) => (appeared[b] as number) - (appeared[a] as number) || b - a);
}

/** The latest rows of all; rows of one second stay together, in training. */
function assignByTime({ time }: Read, share: number, parts: Uint8Array): void {
  const warm = new Float64Array(parts.reduce((count, part) => count + Number(part === 0), 0));
  let next = 0;
  for (let row = 0; row < parts.length; row++) if (parts[row] === 0) warm[next++] = time.at(row);
  warm.sort();
  const limit = warm[Math.max(0, Math.ceil(warm.length * (1 - share)) - 1)] ?? Number.POSITIVE_INFINITY;
  for (let row = 0; row < parts.length; row++) {
    if (parts[row] === 0 && time.at(row) > limit) parts[row] = 1;
  }
}

/** The latest rows of each user, in whole numbers upwards; the earliest always stays in training. Ties go by the order of the file. */
function assignByUser({ user, time, users }: Read, share: number, isOne: boolean, parts: Uint8Array): void {
  const ends = new Int32Array(users.size + 1);
  for (let row = 0; row < user.length; row++) {
    const next = user.at(row) + 1;
    if (parts[row] === 0) ends[next] = (ends[next] as number) + 1;
  }
  for (let one = 1; one <= users.size; one++) ends[one] = (ends[one] as number) + (ends[one - 1] as number);
  const places = ends.slice(0, users.size);
  const rows = new Int32Array(ends[users.size] as number);
  for (let row = 0; row < user.length; row++) {
    if (parts[row] !== 0) continue;
    const one = user.at(row);
    rows[places[one] as number] = row;
    places[one] = (places[one] as number) + 1;
  }
  for (let one = 0; one < users.size; one++) {
    const own = rows.subarray(ends[one], ends[one + 1]);
    own.sort((a, b) => time.at(a) - time.at(b) || a - b);
    const held = Math.min(own.length - 1, isOne ? 1 : Math.ceil(own.length * share - 1e-9));
    for (let i = own.length - held; i < own.length; i++) parts[own[i] as number] = 1;
  }
}

/**
 * Reads the file again and deals its rows out, as they are.
 *
 * @returns rows by part
 */
export async function deal(
  file: string,
  parts: Uint8Array,
  outputs: readonly OutputFile[],
  rim: Rim,
): Promise<readonly number[]> {
  const progress = new Progress(rim, 'writing', await sizeOf(file));
  const counts = [0, 0, 0];
  let row = -1;
  for await (const { rows, bytes } of rawRowsOf(file)) {
    for (const bytesOfRow of rows) {
      if (row < 0) for (const output of outputs) output.addBytes(bytesOfRow);
      else {
        const part = parts[row] as Part;
        counts[part] = (counts[part] as number) + 1;
        outputs[part]?.addBytes(bytesOfRow);
      }
      row++;
    }
    for (const output of outputs) if (output.isFull) await output.flush();
    progress.at(bytes, row);
  }
  return counts;
}
