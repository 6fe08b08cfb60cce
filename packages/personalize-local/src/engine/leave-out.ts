// EASE without some people, from the fit that knows them. With G' = G − UᵀU, where the rows of U are theirs, and P = G⁻¹, the
// Woodbury identity (Woodbury 1950, "Inverting modified matrices") gives P' = P + (U·P)ᵀ·(I − U·P·Uᵀ)⁻¹·(U·P). Their scores are
// those of a second fit on the others, up to single precision, for people² · items operations instead of items³.
import type { Compute } from './compute';
import type { EaseWeights } from './ease';
import { fitCost, kernelGain } from './ease-by-users';
import { inverseScratch, invert, NotPositiveDefinite, paddedSize } from './inverse';
import { multiply, multiplyScratch } from './multiply';
import type { SparseMatrix } from './sparse';

/** Entries of one row of X; columns are items, then user tokens. */
export interface Row {
  readonly columns: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** Somebody whose row the fit must not know. */
export interface LeftOutRow {
  /** As the fit has it. */
  readonly row: Row;
  /** What the person is scored by. */
  readonly input: Row;
}

/** People that are scored at a time. */
const block = 256;
/** Errors of the fit's single precision grow so many times at most; beyond, the people are nearly all that holds it up. */
const largestGrowth = 1000;

/** True where this way is quicker than a fit on the `others`; many people in a small catalogue are not worth it. */
export function isQuickerToLeaveOut(people: readonly LeftOutRow[], others: SparseMatrix): boolean {
  const t = people.length;
  const entries = people.reduce((sum, { row }) => sum + row.columns.length, 0);
  // As for a fit: an inverse of n rows is n³, half of what a product of that size takes.
  const kernel = t ** 3 + 4 * t ** 2 * others.columnCount;
  return kernel / kernelGain + (entries * t) / 2 < fitCost(others);
}

/** Cells that `scoreLeftOut` allocates. */
export function leaveOutScratch(people: number, rows: number): number {
  const [t, m] = [paddedSize(people), paddedSize(rows)];
  return 2 * t * (m + t) + block * m + inverseScratch(t) + multiplyScratch(t, m) + 256;
}

/**
 * Visits everybody with their scores by item.
 * @throws NotPositiveDefinite where single precision cannot take so much out of the fit; nobody has been visited then
 */
export function scoreLeftOut(
  compute: Compute,
  ease: EaseWeights,
  people: readonly LeftOutRow[],
  visit: (at: number, scores: Float32Array) => void,
): void {
  const { floats } = compute;
  const [t, m] = [paddedSize(people.length), paddedSize(ease.rows)];
  const differences = people.map(({ row, input }) => difference(row, input));
  compute.scope(() => {
    const projected = compute.allocate(t * m);
    for (const [at, { row }] of people.entries()) project(ease, row, floats, projected + at * m);
    const inner = compute.allocate(t * t);
    const byInput = compute.allocate(t * t);
    innerProducts(floats, { projected, inner, m, t }, people);
    inputProducts(floats, { projected, inner, byInput, m, t }, differences);
    for (let a = 0; a < t; a++) {
      for (let b = 0; b < t; b++) floats[inner + a * t + b] = Number(a === b) - floats[inner + a * t + b]!;
    }
    invert(compute, inner, t);
    checkGrowth(floats, inner, t);
    const solved = compute.allocate(t * m);
    multiply(compute, solved, inner, projected, { rows: t, inner: t, columns: m });
    const precision = precisionWithout(floats, ease, { projected, solved, m, people: people.length });
    for (let from = 0; from < people.length; from += block) {
      const count = Math.min(block, people.length - from);
      compute.scope(() => {
        const result = compute.allocate(paddedSize(count) * m);
        for (let at = 0; at < count; at++) {
          const target = result + at * m;
          project(ease, differences[from + at]!, floats, target);
          const source = projected + (from + at) * m;
          for (let j = 0; j < ease.rows; j++) floats[target + j] = floats[source + j]! - floats[target + j]!;
        }
        multiply(compute, result, byInput + from * t, solved, {
          ...{ rows: paddedSize(count), inner: t, columns: m },
        });
        for (let at = 0; at < count; at++) {
          visit(from + at, scoresOf(floats, result + at * m, precision, people[from + at]!.input));
        }
      });
    }
  });
}

/** The largest eigenvalue of the inverse is at least its largest diagonal entry. */
function checkGrowth(floats: Float32Array, inverse: number, t: number): void {
  for (let a = 0; a < t; a++) {
    const growth = floats[inverse + a * (t + 1)]!;
    if (!(growth <= largestGrowth)) {
      throw new NotPositiveDefinite(`taking row ${a} out of the fit multiplies its errors by ${growth}`);
    }
  }
}

/** one − other, without zeros. */
function difference(one: Row, other: Row): Row {
  const entries = new Map<number, number>();
  for (let e = 0; e < one.columns.length; e++) entries.set(one.columns[e]!, one.values[e]!);
  for (let e = 0; e < other.columns.length; e++) {
    const column = other.columns[e]!;
    entries.set(column, (entries.get(column) ?? 0) - other.values[e]!);
  }
  const kept = [...entries].filter(([, value]) => value !== 0);
  return { columns: kept.map(([column]) => column), values: kept.map(([, value]) => value) };
}

/** x·P at `target`, of which P's entries are read back from B: Pᵢⱼ = −Bᵢⱼ·Pⱼⱼ. */
function project(ease: EaseWeights, { columns, values }: Row, floats: Float32Array, target: number): void {
  const { rows, columns: items, weights, precision, corner } = ease;
  const sums = floats.subarray(target, target + items);
  addRows(sums, weights, columns, values);
  for (let j = 0; j < items; j++) sums[j]! *= -precision[j]!;
  const tokens = rows - items;
  for (let e = 0; e < columns.length; e++) {
    const column = columns[e]!;
    const value = values[e]!;
    if (column < items) sums[column]! += value * precision[column]!;
    for (let token = 0; token < tokens; token++) {
      const entry =
        column < items
          ? -weights[(items + token) * items + column]! * precision[column]!
          : corner[(column - items) * tokens + token]!;
      floats[target + items + token]! += value * entry;
    }
  }
}

/** sums += Σ value · (row of the weights), four rows at a time: the sums are read and written less often. */
function addRows(
  sums: Float32Array,
  weights: Float32Array,
  rows: ArrayLike<number>,
  values: ArrayLike<number>,
): void {
  const width = sums.length;
  let e = 0;
  for (; e + 4 <= rows.length; e += 4) {
    const [r0, r1, r2, r3] = [rows[e]!, rows[e + 1]!, rows[e + 2]!, rows[e + 3]!];
    const [a, b, c, d] = [r0 * width, r1 * width, r2 * width, r3 * width];
    const [va, vb, vc, vd] = [values[e]!, values[e + 1]!, values[e + 2]!, values[e + 3]!];
    for (let j = 0; j < width; j++) {
      sums[j]! += va * weights[a + j]! + vb * weights[b + j]! + vc * weights[c + j]! + vd * weights[d + j]!;
    }
  }
  for (; e < rows.length; e++) {
    const row = rows[e]! * width;
    const value = values[e]!;
    for (let j = 0; j < width; j++) sums[j]! += value * weights[row + j]!;
  }
}

/** Places in the shared memory: people × columns of X (m), people × people (t). */
interface Places {
  readonly projected: number;
  readonly inner: number;
  readonly m: number;
  readonly t: number;
}

/** inner = U·P·Uᵀ. One row of U·P at a time stays in the cache while all people pass by. */
function innerProducts(
  floats: Float32Array,
  { projected, inner, m, t }: Places,
  people: readonly LeftOutRow[],
): void {
  for (let b = 0; b < people.length; b++) {
    for (let a = b; a < people.length; a++) {
      const product = sparseProduct(floats, projected + b * m, people[a]!.row);
      floats[inner + a * t + b] = product;
      floats[inner + b * t + a] = product;
    }
  }
}

/** byInput = (U − D)·P·Uᵀ, where D is what the rows have more than the inputs. */
function inputProducts(
  floats: Float32Array,
  { projected, inner, byInput, m, t }: Places & { readonly byInput: number },
  differences: readonly Row[],
): void {
  for (let b = 0; b < differences.length; b++) {
    for (const [a, missing] of differences.entries()) {
      const product = sparseProduct(floats, projected + b * m, missing);
      floats[byInput + a * t + b] = floats[inner + a * t + b]! - product;
    }
  }
}

function sparseProduct(floats: Float32Array, row: number, { columns, values }: Row): number {
  let sum = 0;
  for (let e = 0; e < columns.length; e++) sum += values[e]! * floats[row + columns[e]!]!;
  return sum;
}

/** The diagonal of P' by item. */
function precisionWithout(
  floats: Float32Array,
  { precision }: EaseWeights,
  places: Readonly<Record<'projected' | 'solved' | 'm' | 'people', number>>,
): Float64Array {
  const { projected, solved, m, people } = places;
  const without = Float64Array.from(precision);
  for (let at = 0; at < people; at++) {
    const row = at * m;
    for (let j = 0; j < without.length; j++) {
      without[j]! += floats[projected + row + j]! * floats[solved + row + j]!;
    }
  }
  return without;
}

/** x·B' = x − (x·P')ⱼ ÷ P'ⱼⱼ by item. */
function scoresOf(floats: Float32Array, result: number, precision: Float64Array, input: Row): Float32Array {
  const scores = new Float32Array(precision.length);
  for (let j = 0; j < scores.length; j++) scores[j] = -floats[result + j]! / precision[j]!;
  for (let e = 0; e < input.columns.length; e++) {
    const column = input.columns[e]!;
    if (column < scores.length) scores[column]! += input.values[e]!;
  }
  return scores;
}
