// How a model lies on disk: typed arrays as their raw little-endian bytes, and one small JSON buffer for scalars.
// Loading makes views on the bytes; nothing is parsed element by element.

export type Buffers = ReadonlyMap<string, Uint8Array>;

/** A buffer that the model's code expects is missing or has a length that cannot be right. */
export class CorruptModel extends Error {
  override readonly name = 'CorruptModel';
}

const updatePrefix = 'update.';

/** Name of a buffer that only an UPDATE training reads: it is stored with the model but does not serve. */
export const updateBuffer = (name: string): string => updatePrefix + name;

export const servesRequests = (name: string): boolean => !name.startsWith(updatePrefix);

type View = Float32Array | Float64Array | Int32Array | Uint32Array;
interface ViewConstructor<T extends View> {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

function view<T extends View>(buffers: Buffers, name: string, TypedArray: ViewConstructor<T>): T {
  const bytes = buffers.get(name);
  if (!bytes) throw new CorruptModel(`the model has no buffer ${name}`);
  const size = TypedArray.BYTES_PER_ELEMENT;
  if (bytes.byteLength % size !== 0)
    throw new CorruptModel(`buffer ${name} is not a multiple of ${size} bytes`);
  // Node serves small file reads out of a shared pool at any offset; a typed array needs an aligned one.
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  return new TypedArray(aligned.buffer, aligned.byteOffset, bytes.byteLength / size);
}

export const float32 = (buffers: Buffers, name: string): Float32Array => view(buffers, name, Float32Array);
export const float64 = (buffers: Buffers, name: string): Float64Array => view(buffers, name, Float64Array);
export const int32 = (buffers: Buffers, name: string): Int32Array => view(buffers, name, Int32Array);

/** The array's own bytes, not a copy. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

export function json<T>(buffers: Buffers, name: string): T {
  const bytes = buffers.get(name);
  if (!bytes) throw new CorruptModel(`the model has no buffer ${name}`);
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as T;
}

export const jsonBytes = (value: unknown): Uint8Array =>
  new Uint8Array(Buffer.from(JSON.stringify(value), 'utf8'));
