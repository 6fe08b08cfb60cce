// Fits EASE with metadata on a part of the catalogue.
import type { Compute } from '../../engine/compute';
import { type EaseWeights, solveEase } from '../../engine/ease';
import { gram } from '../../engine/gram';
import { paddedSize } from '../../engine/inverse';
import type { SparseMatrix } from '../../engine/sparse';
import { type Design, extendedMatrix, type Subset } from './design';
import type { FitParameters } from './parameters';

/** `sets` is users × items of the whole catalogue; the weights are by positions in the subset, then user tokens. */
export function fitEase(
  compute: Compute,
  design: Design,
  sets: SparseMatrix,
  subset: Subset,
  parameters: FitParameters,
): EaseWeights {
  const matrix = extendedMatrix(design, sets, subset, parameters);
  const rows = matrix.columnCount;
  const stride = paddedSize(rows);
  return compute.scope(() => {
    const at = compute.allocate(stride * stride);
    const fill = () => gram(compute, at, stride, matrix);
    const restore = () => {
      compute.floats.fill(0, at, at + stride * stride);
      fill();
    };
    fill();
    return solveEase(compute, at, { rows, columns: subset.items.length }, parameters.lambda, restore);
  });
}
