// Fits EASE with metadata on a part of the catalogue.
import type { Compute } from '../../engine/compute';
import { type EaseWeights, solveEase } from '../../engine/ease';
import { isQuickerByUsers, solveEaseByUsers } from '../../engine/ease-by-users';
import { gram } from '../../engine/gram';
import { paddedSize } from '../../engine/inverse';
import type { SparseMatrix } from '../../engine/sparse';
import { type Design, extendedMatrix, type Subset } from './design';
import type { FitParameters } from './parameters';

type EaseParameters = Pick<FitParameters, 'lambda' | 'itemMetadata' | 'userMetadata'>;

/** Gram matrices by metadata weights, for fits that differ in λ alone. */
export type GramCache = Map<string, Float32Array>;

/** `sets` is users × items of the whole catalogue; the weights are by positions in the subset, then user tokens. */
export function fitEase(
  compute: Compute,
  design: Design,
  sets: SparseMatrix,
  subset: Subset,
  parameters: EaseParameters,
  cache?: GramCache,
): EaseWeights {
  const matrix = extendedMatrix(design, sets, subset, parameters);
  if (isQuickerByUsers(matrix)) {
    return solveEaseByUsers(compute, matrix, subset.items.length, parameters.lambda);
  }
  return compute.scope(() => {
    const { at, rows, restore } = gramOf(compute, design, sets, subset, parameters, cache);
    return solveEase(compute, at, { rows, columns: subset.items.length }, parameters.lambda, restore);
  });
}

function gramOf(
  compute: Compute,
  design: Design,
  sets: SparseMatrix,
  subset: Subset,
  parameters: EaseParameters,
  cache: GramCache | undefined,
): { at: number; rows: number; restore: () => void } {
  const tokens = parameters.userMetadata > 0 ? design.userFeatures.size : 0;
  const rows = subset.items.length + tokens;
  const stride = paddedSize(rows);
  const at = compute.allocate(stride * stride);
  const key = `${parameters.itemMetadata} ${parameters.userMetadata}`;
  const restore = () => {
    const known = cache?.get(key);
    if (known) {
      compute.floats.set(known, at);
      return;
    }
    compute.floats.fill(0, at, at + stride * stride);
    gram(compute, at, stride, extendedMatrix(design, sets, subset, parameters));
    cache?.set(key, compute.floats.slice(at, at + stride * stride));
  };
  restore();
  return { at, rows, restore };
}
