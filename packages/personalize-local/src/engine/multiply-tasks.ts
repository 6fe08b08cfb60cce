// The threads' share in the dense product (multiply.ts).
import type { Lane } from './compute';
import { packRows } from './inverse-tasks';
import { tileColumns as columnsOfTile, tileRows as rowsOfTile } from './kernel/multiply-add';

// Own copies: an imported binding is looked up anew in every turn of a loop where modules are transpiled (tests).
const tileColumns = columnsOfTile;
const tileRows = rowsOfTile;

const cachedTiles = 64;

/** Packs columns k0 .. k0 + depth of the left matrix. parameters: matrix, rows, stride, k0, depth, packed. */
export function packLeft(lane: Lane, parameters: readonly number[]): void {
  const [matrix, rows, stride, k0, depth, packed] = parameters as [
    ...[number, number, number, number, number, number],
  ];
  for (let i = lane.index * tileRows; i < rows; i += lane.lanes * tileRows) {
    packRows(lane.floats, matrix + i * stride + k0, stride, depth, packed + i * depth, 1);
  }
}

/** Packs rows k0 .. k0 + depth of the right matrix. parameters: matrix, columns, k0, depth, packed. */
export function packRight(lane: Lane, parameters: readonly number[]): void {
  const [matrix, columns, k0, depth, packed] = parameters as [number, number, number, number, number];
  const { floats } = lane;
  for (let k = lane.index; k < depth; k += lane.lanes) {
    const row = matrix + (k0 + k) * columns;
    for (let column = 0; column < columns; column += tileColumns) {
      const tile = packed + column * depth + k * tileColumns;
      for (let j = 0; j < tileColumns; j++) floats[tile + j] = floats[row + column + j]!;
    }
  }
}

/** result += left · right of one depth block. parameters: result, rows, columns, depth, left, right. */
export function multiplyPacked(lane: Lane, parameters: readonly number[]): void {
  const [result, rows, columns, depth, left, right] = parameters as [
    ...[number, number, number, number, number, number],
  ];
  const blockColumns = cachedTiles * tileColumns;
  for (let column = 0; column < columns; column += blockColumns) {
    const tiles = Math.min(cachedTiles, (columns - column) / tileColumns);
    for (let i = lane.index * tileRows; i < rows; i += lane.lanes * tileRows) {
      lane.multiplyAdd(
        ...([result + i * columns + column, columns, left + i * depth, right + column * depth] as const),
        ...([depth, tiles] as const),
      );
    }
  }
}
