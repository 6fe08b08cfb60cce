// Inverse of a symmetric positive definite matrix in place, by blocks: the sweep operator (Goodnight 1979, "A tutorial on
// the SWEEP operator") on one block column after the other. Almost all work is one rank-`depth` update of the lower
// triangle per block, which runs on the kernel: n³ operations instead of 2n³.
import type { Compute } from './compute';
import { copyPanel, foldBack, mirrorLower, solvePanel, subtractPanel } from './inverse-tasks';
import { tileColumns as columnsOfTile } from './kernel/multiply-add';

// Own copies: an imported binding is looked up anew in every turn of a loop where modules are transpiled (tests).
const tileColumns = columnsOfTile;

const largestBlock = 128;

/** Small matrices take small blocks: the diagonal block is inverted outside the kernel. */
const blockFor = (n: number): number => (n <= 512 ? 32 : n <= 2048 ? 64 : largestBlock);

/** The matrix is not positive definite, at least not in single precision. */
export class NotPositiveDefinite extends Error {
  override readonly name = 'NotPositiveDefinite';
}

/** Matrices are stored with this many rows and columns: n rounded up to whole tiles. */
export const paddedSize = (n: number): number => Math.ceil(n / tileColumns) * tileColumns;

/** Cells that `invert` allocates besides the matrix. */
export const inverseScratch = (n: number): number => 4 * n * largestBlock + 4 * largestBlock * largestBlock;

/**
 * Replaces the n × n matrix at `matrix` (row-major, n a multiple of 8, lower triangle read) by its inverse, both triangles.
 * Padding rows must have a 1 on the diagonal.
 * @throws NotPositiveDefinite
 */
export function invert(compute: Compute, matrix: number, n: number): void {
  const blockSize = blockFor(n);
  compute.scope(() => {
    const [panel, solution, left, right] = [0, 1, 2, 3].map(() => compute.allocate(n * blockSize));
    const inverse = compute.allocate(blockSize * blockSize);
    const pivot = compute.allocate(blockSize * blockSize);
    for (let k0 = 0; k0 < n; k0 += blockSize) {
      const depth = Math.min(blockSize, n - k0);
      compute.run(copyPanel, matrix, n, k0, depth, panel!);
      invertPivot(compute.floats, panel! + k0 * depth, depth, inverse, pivot);
      compute.run(solvePanel, n, depth, panel!, pivot, solution!, left!, right!);
      compute.run(subtractPanel, matrix, n, depth, left!, right!);
      compute.run(foldBack, matrix, n, k0, depth, solution!, inverse);
    }
    compute.run(mirrorLower, matrix, n, -1);
  });
}

/**
 * Inverts the diagonal block in double precision. The panel's block may come from a matrix that was swept before: it is
 * positive definite still. Writes it row-major to `inverse` and as right tiles to `pivot`.
 */
function invertPivot(
  floats: Float32Array,
  block: number,
  size: number,
  inverse: number,
  pivot: number,
): void {
  const work = Float64Array.from(floats.subarray(block, block + size * size));
  for (let k = 0; k < size; k++) {
    const diagonal = work[k * size + k]!;
    if (!(diagonal > 0)) throw new NotPositiveDefinite(`pivot ${k} of a block is ${diagonal}`);
    const factor = 1 / diagonal;
    for (let j = 0; j < size; j++) work[k * size + j]! *= factor;
    work[k * size + k] = factor;
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const multiple = work[i * size + k]!;
      if (multiple === 0) continue;
      work[i * size + k] = 0;
      for (let j = 0; j < size; j++) work[i * size + j]! -= multiple * work[k * size + j]!;
    }
  }
  floats.set(work, inverse);
  packRightTiles(floats, work, size, pivot);
}

/** Writes a size × size matrix (row-major, size a multiple of 8) as right tiles of that depth. */
export function packRightTiles(
  floats: Float32Array,
  matrix: Float64Array,
  size: number,
  packed: number,
): void {
  for (let tile = 0; tile < size / tileColumns; tile++) {
    for (let k = 0; k < size; k++) {
      for (let j = 0; j < tileColumns; j++) {
        floats[packed + (tile * size + k) * tileColumns + j] = matrix[k * size + tile * tileColumns + j]!;
      }
    }
  }
}
