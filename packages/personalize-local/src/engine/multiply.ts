// Dense product on the kernel, by blocks of the inner dimension.
import type { Compute } from './compute';
import { multiplyPacked, packLeft, packRight } from './multiply-tasks';

const blockDepth = 128;

/** Cells that `multiply` allocates. */
export const multiplyScratch = (rows: number, columns: number): number => (rows + columns) * blockDepth + 64;

/** result (rows × columns, zeroed) += left (rows × inner) · right (inner × columns); all sizes are multiples of 8. */
export function multiply(
  compute: Compute,
  result: number,
  left: number,
  right: number,
  sizes: { readonly rows: number; readonly inner: number; readonly columns: number },
): void {
  const { rows, inner, columns } = sizes;
  compute.scope(() => {
    const packedLeft = compute.allocate(rows * blockDepth);
    const packedRight = compute.allocate(columns * blockDepth);
    for (let k0 = 0; k0 < inner; k0 += blockDepth) {
      const depth = Math.min(blockDepth, inner - k0);
      compute.run(packLeft, left, rows, inner, k0, depth, packedLeft);
      compute.run(packRight, right, columns, k0, depth, packedRight);
      compute.run(multiplyPacked, result, rows, columns, depth, packedLeft, packedRight);
    }
  });
}
