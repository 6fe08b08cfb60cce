// The test users of the offline metrics: a fit on everybody scores them as if it had not seen them, without being made twice.
import type { Compute } from '../../engine/compute';
import type { EaseWeights } from '../../engine/ease';
import { NotPositiveDefinite } from '../../engine/inverse';
import { isQuickerToLeaveOut, type LeftOutRow, scoreLeftOut } from '../../engine/leave-out';
import type { SparseMatrix } from '../../engine/sparse';
import { topK } from '../../engine/top-k';
import { transitionsOf } from '../../engine/transitions';
import type { DataSnapshot } from '../../model/recipe';
import { listLength, type TestUser, testUsers } from '../evaluation/user-split';
import { AffinityModel } from './affinity-model';
import { type Design, everyItem, extendedMatrix, setsOf, withoutUsers } from './design';
import { type Fit, fitFlat } from './fit';
import type { Reading } from './history-reader';
import type { FitParameters } from './parameters';

/** Who is tested, and the data without their events. */
export interface Unseen {
  readonly test: readonly TestUser[];
  readonly known: Design;
}

/** Undefined when nobody can be tested, or nobody else is left to learn from. */
export function unseenOf(data: DataSnapshot, design: Design, seed: number): Unseen | undefined {
  const test = testUsers(data, seed);
  const known = withoutUsers(design, new Set(test.map(({ user }) => user)));
  return test.length > 0 && known.timelines.items.length > 0 ? { test, known } : undefined;
}

/** What each test user is recommended, best first, by the fit without the test users. */
export function listsOf(
  compute: Compute,
  design: Design,
  { parts, ease, unseenHead }: Fit,
  { test, known }: Unseen,
  limit: number,
): string[][] {
  const { parameters } = parts.settings;
  const transitions = parameters.ordered
    ? transitionsOf(known.timelines, known.itemCount)
    : parts.transitions;
  const model = new AffinityModel({ ...parts, counts: known.counts, transitions });
  const readings = test.map(({ history }) => model.reader.read(history));
  const lists: string[][] = [];
  const head = (at: number) => {
    const size = parts.sequenceItems.length;
    return unseenHead?.subarray(at * size, (at + 1) * size);
  };
  const visit = (at: number, flat: Float32Array) => {
    const logits = model.together(readings[at]!, flat, head(at));
    lists[at] = Array.from(topK(logits, listLength), (index) => model.idAt(index));
  };
  if (ease) {
    const rows = leftOutRows(design, test, readings, parameters);
    const others = extendedMatrix(known, known.sets, everyItem(known.itemCount), parameters);
    if (leaveOut(compute, ease, rows, others, visit)) return lists;
  }
  const { weights } = fitFlat(compute, known, parameters, limit);
  const second = new AffinityModel({ ...model.parts, weights });
  for (const [at, reading] of readings.entries()) visit(at, second.flatScores(reading));
  return lists;
}

/** False where another fit is quicker, or where this one cannot do without so much of itself. */
function leaveOut(
  compute: Compute,
  ease: EaseWeights,
  rows: readonly LeftOutRow[],
  others: SparseMatrix,
  visit: (at: number, flat: Float32Array) => void,
): boolean {
  if (!isQuickerToLeaveOut(rows, others)) return false;
  try {
    scoreLeftOut(compute, ease, rows, visit);
    return true;
  } catch (error) {
    if (error instanceof NotPositiveDefinite) return false;
    throw error;
  }
}

function leftOutRows(
  design: Design,
  test: readonly TestUser[],
  readings: readonly Reading[],
  parameters: FitParameters,
): LeftOutRow[] {
  const users = new Set(test.map(({ user }) => user));
  const sets = setsOf(design.sets, (user) => users.has(user));
  const weights = { itemMetadata: 0, userMetadata: parameters.userMetadata };
  const matrix = extendedMatrix(design, sets, everyItem(design.itemCount), weights);
  return readings.map(({ had, tokens }, at) => ({
    row: rowOf(matrix, test[at]!.user),
    input: {
      columns: [...had.keys(), ...tokens.map((token) => design.itemCount + token)],
      values: [...had.values(), ...tokens.map(() => parameters.userMetadata)],
    },
  }));
}

function rowOf({ offsets, columns, values }: SparseMatrix, row: number): LeftOutRow['row'] {
  const [from, to] = [offsets[row]!, offsets[row + 1]!];
  return {
    columns: columns.subarray(from, to),
    values: values?.subarray(from, to) ?? new Float32Array(to - from).fill(1),
  };
}
