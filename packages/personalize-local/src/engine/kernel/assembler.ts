// A small assembler for WebAssembly: just the instructions that the kernel uses, encoded as the core specification says
// (https://webassembly.github.io/spec/core/binary/). The kernel's source is TypeScript and its bytes are made at start,
// so there is no binary in the repository and nothing to rebuild.

export type Code = readonly number[];

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** Signed LEB128, 32 bits. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

/** All accesses are 4-byte aligned at least; the alignment hint (log2) says so. */
const memoryArgument = (offset: number): number[] => [2, ...unsigned(offset)];
const simd = (opcode: number, ...rest: number[]): number[] => [0xfd, ...unsigned(opcode), ...rest];

export const valueType = { i32: 0x7f, v128: 0x7b } as const;

export const op = {
  get: (local: number): number[] => [0x20, ...unsigned(local)],
  set: (local: number): number[] => [0x21, ...unsigned(local)],
  constant: (value: number): number[] => [0x41, ...signed(value)],
  add: [0x6a],
  subtract: [0x6b],
  multiply: [0x6c],
  lessUnsigned: [0x49],
  /** A loop whose body ends by branching to its start while the condition on the stack holds. */
  repeatWhile: (body: Code): number[] => [0x03, 0x40, ...body, 0x0d, 0x00, 0x0b],
  loadVector: (offset: number): number[] => simd(0x00, ...memoryArgument(offset)),
  loadSplat: (offset: number): number[] => simd(0x09, ...memoryArgument(offset)),
  storeVector: (offset: number): number[] => simd(0x0b, ...memoryArgument(offset)),
  zeroVector: simd(0x0c, ...new Array<number>(16).fill(0)),
  addVector: simd(0xe4),
  multiplyVector: simd(0xe6),
} as const;

const section = (id: number, content: Code): number[] => [id, ...unsigned(content.length), ...content];
const name = (text: string): number[] => [...unsigned(text.length), ...Buffer.from(text, 'ascii')];

export interface FunctionSource {
  readonly exportName: string;
  /** All parameters are i32; nothing is returned. */
  readonly parameters: number;
  /** Further locals by type, in index order after the parameters. */
  readonly locals: ReadonlyArray<{ readonly count: number; readonly type: number }>;
  readonly body: Code;
}

/** A module with one function and an imported shared memory `env.memory` of up to 4 GiB. */
export function assemble(source: FunctionSource): Uint8Array<ArrayBuffer> {
  const type = [0x60, ...unsigned(source.parameters), ...new Array(source.parameters).fill(valueType.i32), 0];
  const sharedMemory = [...name('env'), ...name('memory'), 0x02, 0x03, ...unsigned(0), ...unsigned(65536)];
  const locals = source.locals.flatMap(({ count, type: kind }) => [...unsigned(count), kind]);
  const code = [...unsigned(source.locals.length), ...locals, ...source.body, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, ...type]),
    ...section(2, [1, ...sharedMemory]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name(source.exportName), 0x00, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}
