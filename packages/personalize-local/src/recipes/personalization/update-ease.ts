// EASE brought up to date from an earlier fit with the same parameters: only the people and metadata tokens whose rows have
// changed are worked in. Exact up to single precision.

import type { Compute } from '../../engine/compute';
import { type EaseWeights, restoreInverse, weightsOf } from '../../engine/ease';
import { fitCost, kernelGain } from '../../engine/ease-by-users';
import type { Features } from '../../engine/features';
import { distinctItems } from '../../engine/histories';
import { NotPositiveDefinite, paddedSize } from '../../engine/inverse';
import { type RowChange, updateInverse } from '../../engine/inverse-update';
import type { SparseMatrix } from '../../engine/sparse';
import { type Design, everyItem, extendedMatrix } from './design';
import type { Previous } from './fit-state';
import type { Matching } from './matching';
import type { FitParameters } from './parameters';

export interface UpdatedEase extends EaseWeights {
  readonly changedRows: number;
}

/** Undefined where a new fit is quicker, or where something that the earlier fit covered is gone. */
export function updateEase(
  compute: Compute,
  design: Design,
  previous: Previous,
  matching: Matching,
  parameters: FitParameters,
): UpdatedEase | undefined {
  const before = matrixBefore(previous, parameters);
  const after = extendedMatrix(design, design.sets, everyItem(design.itemCount), parameters);
  const places = columnPlaces(before, after, design, previous, matching);
  const earlier = earlierWeights(previous, before);
  if (!places || !earlier) return undefined;
  const changes = rowChanges(before, after, places, rowPairs(before, after, design, previous, matching));
  if (!changes) return undefined;
  const sizes = { rows: after.columnCount, columns: design.itemCount };
  try {
    return compute.scope(() => {
      const n = paddedSize(sizes.rows);
      const matrix = compute.allocate(n * n);
      restoreInverse(compute.floats, matrix, sizes.rows, earlier, places);
      updateInverse(compute, { matrix, n }, changes);
      const updated = weightsOf(compute.floats, matrix, sizes, earlier.lambda);
      return updated.precision.every((value) => value > 0)
        ? { ...updated, changedRows: changes.length }
        : undefined;
    });
  } catch (error) {
    if (error instanceof NotPositiveDefinite) return undefined;
    throw error;
  }
}

function matrixBefore({ parts, state }: Previous, parameters: FitParameters): SparseMatrix {
  const { itemFeatures, userFeatures, ids } = parts;
  const itemCount = ids.length;
  const sets = distinctItems(state.timelines, itemCount);
  return extendedMatrix({ itemCount, itemFeatures, userFeatures }, sets, everyItem(itemCount), parameters);
}

function earlierWeights({ parts, state }: Previous, { columnCount }: SparseMatrix): EaseWeights | undefined {
  const { weights } = parts.weights;
  const columns = parts.ids.length;
  return weights && { rows: columnCount, columns, weights, precision: parts.precision, ...state.ease };
}

const textsOf = ({ vocabulary }: Features): string[] =>
  Array.from({ length: vocabulary.length }, (_, token) => vocabulary.at(token));

/** Column after by column before; undefined when one is gone. */
function columnPlaces(
  before: SparseMatrix,
  after: SparseMatrix,
  { itemCount, userFeatures }: Design,
  { parts }: Previous,
  { items }: Matching,
): Int32Array | undefined {
  const tokens = before.columnCount > items.length ? textsOf(parts.userFeatures) : [];
  const withTokens = after.columnCount > itemCount;
  const places = Int32Array.from([
    ...items,
    ...tokens.map((text) => {
      const token = withTokens ? userFeatures.vocabulary.indexOf(text) : -1;
      return token < 0 ? -1 : itemCount + token;
    }),
  ]);
  return places.includes(-1) ? undefined : places;
}

type RowPair = readonly [before: number, after: number];

/** Rows that belong to the same person or item token; -1 where it is not there. */
function rowPairs(
  before: SparseMatrix,
  after: SparseMatrix,
  design: Design,
  { parts, state }: Previous,
  { users, usersGone }: Matching,
): RowPair[] {
  const pairs: RowPair[] = Array.from(users, (old, user) => [old, user] as const);
  for (const old of usersGone) pairs.push([old, -1]);
  const usersBefore = state.timelines.users;
  const usersAfter = design.timelines.users;
  const tokensAfter = after.rows > usersAfter ? textsOf(design.itemFeatures) : [];
  const tokensBefore = before.rows > usersBefore ? textsOf(parts.itemFeatures) : [];
  for (const [token, text] of tokensAfter.entries()) {
    const old = tokensBefore.length > 0 ? parts.itemFeatures.vocabulary.indexOf(text) : -1;
    pairs.push([old < 0 ? -1 : usersBefore + old, usersAfter + token]);
  }
  for (const [token, text] of tokensBefore.entries()) {
    const known = tokensAfter.length > 0 && design.itemFeatures.vocabulary.indexOf(text) >= 0;
    if (!known) pairs.push([usersBefore + token, -1]);
  }
  return pairs;
}

/** Rows that went and rows that came; undefined when they are so many that a fit is quicker. */
function rowChanges(
  before: SparseMatrix,
  after: SparseMatrix,
  places: Int32Array,
  pairs: readonly RowPair[],
): RowChange[] | undefined {
  const n = after.columnCount;
  // Each row passes over the matrix one and a half times, with the mirroring; the rest of the work is some three passes.
  const budget = fitCost(after) - 3 * n * n;
  const changes: RowChange[] = [];
  let cost = 0;
  const add = (change: RowChange) => {
    if (change.columns.length === 0) return;
    changes.push(change);
    cost += (1.5 * n * n) / kernelGain + change.columns.length * n;
  };
  for (const [old, now] of pairs) {
    const [went, came] = [rowOf(before, old, places), rowOf(after, now)];
    if (sameRow(went, came)) continue;
    add({ sign: 1, ...came });
    add({ sign: -1, ...went });
    if (cost > budget) return undefined;
  }
  return changes;
}

type Row = Pick<RowChange, 'values'> & { readonly columns: Int32Array };

/** -1: an empty row. Columns ascend, by their places where those are given. */
function rowOf({ offsets, columns, values }: SparseMatrix, row: number, places?: Int32Array): Row {
  if (row < 0) return { columns: new Int32Array(0) };
  const [from, to] = [offsets[row]!, offsets[row + 1]!];
  const own = { columns: columns.subarray(from, to), values: values?.subarray(from, to) };
  if (!places) return own;
  const placed = own.columns.map((column) => places[column]!);
  if (placed.every((column, e) => e === 0 || placed[e - 1]! < column)) return { ...own, columns: placed };
  const order = Int32Array.from(placed.keys()).sort((a, b) => placed[a]! - placed[b]!);
  return {
    columns: order.map((e) => placed[e]!),
    values: own.values && Float32Array.from(order, (e) => own.values![e]!),
  };
}

function sameRow(one: Row, other: Row): boolean {
  if (one.columns.length !== other.columns.length) return false;
  for (let e = 0; e < one.columns.length; e++) {
    if (one.columns[e] !== other.columns[e]) return false;
    if ((one.values?.[e] ?? 1) !== (other.values?.[e] ?? 1)) return false;
  }
  return true;
}
