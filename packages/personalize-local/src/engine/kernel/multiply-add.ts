// The one kernel that all dense algebra runs on: C += A·B for a strip of 4 rows, in 4 × 8 tiles that stay in registers.
// Two versions with the same order of operations in single precision, so that they agree bit for bit: SIMD
// WebAssembly, and plain JavaScript for hosts without it.
import { assemble, type Code, op, valueType } from './assembler';

/** Rows and columns of a tile. Packed A holds 4 values a step, a packed tile of B 8. */
export const tileRows = 4;
export const tileColumns = 8;
/** The inner loop is unrolled this often; depths are multiples of it. */
const unroll = 4;

/**
 * Adds A·B to `tiles` neighbouring tiles of C. All positions are in floats from the start of the memory: `c` a row-major
 * matrix with rows `stride` apart; `a` packed as depth × 4; `b` packed as tiles × depth × 8. `depth` is a multiple of 4.
 */
export type MultiplyAdd = (
  c: number,
  stride: number,
  a: number,
  b: number,
  depth: number,
  tiles: number,
) => void;

const [c, stride, a, b, depth, tiles, aEnd, aAt, row] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const sums = 9;
const left = sums + 8;
const right = left + 1;
const splat = right + 1;

function step(index: number): Code {
  const code: number[] = [
    ...[...op.get(b), ...op.loadVector(index * 32), ...op.set(left)],
    ...[...op.get(b), ...op.loadVector(index * 32 + 16), ...op.set(right)],
  ];
  for (let r = 0; r < tileRows; r++) {
    code.push(...op.get(aAt), ...op.loadSplat(index * 16 + r * 4), ...op.set(splat));
    for (const [half, column] of [left, right].entries()) {
      const sum = sums + r * 2 + half;
      code.push(...op.get(sum), ...op.get(splat), ...op.get(column), ...op.multiplyVector);
      code.push(...op.addVector, ...op.set(sum));
    }
  }
  return code;
}

function advance(pointer: number, bytes: number): Code {
  return [...op.get(pointer), ...op.constant(bytes), ...op.add, ...op.set(pointer)];
}

function body(): Code {
  const toBytes = [c, stride, a, b].flatMap((pointer) => [
    ...[...op.get(pointer), ...op.constant(4), ...op.multiply, ...op.set(pointer)],
  ]);
  const clear = Array.from({ length: 8 }, (_, i) => [...op.zeroVector, ...op.set(sums + i)]).flat();
  const inner = op.repeatWhile([
    ...Array.from({ length: unroll }, (_, i) => step(i)).flat(),
    ...[...advance(aAt, unroll * 16), ...advance(b, unroll * 32)],
    ...[...op.get(aAt), ...op.get(aEnd), ...op.lessUnsigned],
  ]);
  const store: number[] = [...op.get(c), ...op.set(row)];
  for (let r = 0; r < tileRows; r++) {
    for (const half of [0, 1]) {
      store.push(...op.get(row), ...op.get(row), ...op.loadVector(half * 16));
      store.push(...op.get(sums + r * 2 + half), ...op.addVector, ...op.storeVector(half * 16));
    }
    store.push(...op.get(row), ...op.get(stride), ...op.add, ...op.set(row));
  }
  const outer = op.repeatWhile([
    ...[...clear, ...op.get(a), ...op.set(aAt), ...inner, ...store, ...advance(c, 32)],
    ...[...op.get(tiles), ...op.constant(1), ...op.subtract, ...op.set(tiles)],
    ...[...op.constant(0), ...op.get(tiles), ...op.lessUnsigned],
  ]);
  const end = [
    ...op.get(depth),
    ...op.constant(16),
    ...op.multiply,
    ...op.get(a),
    ...op.add,
    ...op.set(aEnd),
  ];
  return [...toBytes, ...end, ...outer];
}

/** The kernel as a WebAssembly module. */
export function kernelBytes(): Uint8Array<ArrayBuffer> {
  return assemble({
    exportName: 'multiplyAdd',
    parameters: 6,
    locals: [
      { count: 3, type: valueType.i32 },
      { count: 11, type: valueType.v128 },
    ],
    body: body(),
  });
}

/** Bound to a shared memory. Throws where the host has no SIMD or no shared WebAssembly memory. */
export function wasmMultiplyAdd(memory: WebAssembly.Memory): MultiplyAdd {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(kernelBytes()), { env: { memory } });
  return instance.exports.multiplyAdd as MultiplyAdd;
}

/** The same on a plain array; some twenty times slower. */
export function plainMultiplyAdd(memory: Float32Array): MultiplyAdd {
  const tile = new Float32Array(tileRows * tileColumns);
  return (cAt, cStride, packedA, packedB, steps, count) => {
    for (let t = 0; t < count; t++) {
      tile.fill(0);
      const tileB = packedB + t * steps * tileColumns;
      for (let k = 0; k < steps; k++) {
        for (let r = 0; r < tileRows; r++) {
          const factor = memory[packedA + k * tileRows + r]!;
          for (let j = 0; j < tileColumns; j++) {
            const product = Math.fround(factor * memory[tileB + k * tileColumns + j]!);
            tile[r * tileColumns + j]! += product;
          }
        }
      }
      for (let r = 0; r < tileRows; r++) {
        const at = cAt + r * cStride + t * tileColumns;
        for (let j = 0; j < tileColumns; j++) memory[at + j]! += tile[r * tileColumns + j]!;
      }
    }
  };
}
