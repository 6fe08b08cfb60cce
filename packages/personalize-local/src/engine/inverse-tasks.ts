// The threads' share in the blocked inverse (inverse.ts). The matrix is n × n, row-major, lower triangle in use; the panel
// is the block column k0 .. k0 + depth of the whole symmetric matrix, n × depth.
import type { Lane } from './compute';
import { tileColumns as columnsOfTile, tileRows as rowsOfTile } from './kernel/multiply-add';

// Own copies: an imported binding is looked up anew in every turn of a loop where modules are transpiled (tests).
const tileColumns = columnsOfTile;
const tileRows = rowsOfTile;

/** Rows are dealt out in groups of this many, in turns, which balances the triangle. */
const groupRows = 32;
/** Column tiles that are kept in the second-level cache while all rows pass by. */
const cachedTiles = 64;

/** This thread's groups of rows. */
export function* ownGroups({ index, lanes }: Lane, rows: number): Generator<[from: number, to: number]> {
  for (let from = index * groupRows; from < rows; from += lanes * groupRows) {
    yield [from, Math.min(rows, from + groupRows)];
  }
}

/** parameters: matrix, n, k0, depth, panel. */
export function copyPanel(lane: Lane, [matrix, n, k0, depth, panel]: readonly number[]): void {
  const { floats } = lane;
  for (const [from, to] of ownGroups(lane, n!)) {
    for (let i = from; i < to; i++) {
      for (let k = 0; k < depth!; k++) {
        const column = k0! + k;
        const at = i >= column ? i * n! + column : column * n! + i;
        floats[panel! + i * depth! + k] = floats[matrix! + at]!;
      }
    }
  }
}

/**
 * solution = panel · D, where `pivot` is D packed as right tiles; packs −solution as left tiles and the panel as right
 * tiles. parameters: n, depth, panel, pivot, solution, packedLeft, packedRight.
 */
export function solvePanel(lane: Lane, parameters: readonly number[]): void {
  const [n, depth, panel, pivot, solution, packedLeft, packedRight] = parameters as [
    ...[number, number, number, number, number, number, number],
  ];
  const { floats, multiplyAdd } = lane;
  for (const [from, to] of ownGroups(lane, n)) {
    for (let i = from; i < to; i += tileRows) {
      const left = packedLeft + i * depth;
      packRows(floats, panel + i * depth, depth, depth, left, 1);
      floats.fill(0, solution + i * depth, solution + (i + tileRows) * depth);
      multiplyAdd(solution + i * depth, depth, left, pivot, depth, depth / tileColumns);
      packRows(floats, solution + i * depth, depth, depth, left, -1);
    }
    for (let i = from; i < to; i += tileColumns) {
      for (let k = 0; k < depth; k++) {
        for (let j = 0; j < tileColumns; j++) {
          floats[packedRight + i * depth + k * tileColumns + j] = floats[panel + (i + j) * depth + k]!;
        }
      }
    }
  }
}

/** Four rows, `stride` apart, as one left tile of depth × 4, times a sign. */
export function packRows(
  floats: Float32Array,
  rows: number,
  stride: number,
  depth: number,
  tile: number,
  sign: number,
): void {
  for (let k = 0; k < depth; k++) {
    for (let r = 0; r < tileRows; r++)
      floats[tile + k * tileRows + r] = sign * floats[rows + r * stride + k]!;
  }
}

/** matrix += left · right on and below the diagonal. parameters: matrix, n, depth, packedLeft, packedRight. */
export function subtractPanel(lane: Lane, parameters: readonly number[]): void {
  const [matrix, n, depth, left, right] = parameters as [number, number, number, number, number];
  const blockColumns = cachedTiles * tileColumns;
  for (let column = 0; column < n; column += blockColumns) {
    for (const [from, to] of ownGroups(lane, n)) {
      for (let i = from; i < to; i += tileRows) {
        const tiles = Math.floor((i + tileRows - 1) / tileColumns) + 1 - column / tileColumns;
        if (tiles <= 0) continue;
        lane.multiplyAdd(
          ...([matrix + i * n + column, n, left + i * depth, right + column * depth] as const),
          ...([depth, Math.min(tiles, cachedTiles)] as const),
        );
      }
    }
  }
}

/** Writes the solution into the block row and column. parameters: matrix, n, k0, depth, solution, inverse of the pivot. */
export function foldBack(lane: Lane, parameters: readonly number[]): void {
  const [matrix, n, k0, depth, solution, inverse] = parameters as [
    ...[number, number, number, number, number, number],
  ];
  const { floats } = lane;
  const end = k0 + depth;
  for (const [from, to] of ownGroups(lane, n)) {
    for (let i = from; i < to; i++) {
      if (i >= end) {
        const row = solution + i * depth;
        floats.copyWithin(matrix + i * n + k0, row, row + depth);
      } else if (i >= k0) {
        for (let j = 0; j < k0; j++) floats[matrix + i * n + j] = floats[solution + j * depth + (i - k0)]!;
        for (let k = 0; k < depth; k++)
          floats[matrix + i * n + k0 + k] = -floats[inverse + (i - k0) * depth + k]!;
      }
    }
  }
}

/** Copies the lower triangle to the upper one, times a sign on everything. parameters: matrix, n, sign. */
export function mirrorLower(lane: Lane, [matrix, n, sign]: readonly number[]): void {
  const { floats } = lane;
  for (const [from, to] of ownGroups(lane, n!)) {
    // Own rows below the diagonal are read whole; the transposed writes stay within one group of columns.
    for (let j = 0; j < to; j++) {
      for (let i = Math.max(from, j); i < to; i++) {
        const value = sign! * floats[matrix! + i * n! + j]!;
        floats[matrix! + i * n! + j] = value;
        floats[matrix! + j * n! + i] = value;
      }
    }
  }
}
