// Numbers ids in the order in which they appear, and counts them.

/** A copy without the chunk of the file that a slice would keep in memory. */
const detached = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');

export class Ids {
  private readonly numbers = new Map<string, number>();
  private counted = new Int32Array(1024);

  get size(): number {
    return this.numbers.size;
  }

  /** Occurrences by number. */
  get counts(): Int32Array {
    return this.counted.subarray(0, this.size);
  }

  /** Counts one more of `id`. */
  add(id: string): number {
    const known = this.numbers.get(id);
    if (known !== undefined) {
      this.counted[known] = (this.counted[known] as number) + 1;
      return known;
    }
    const number = this.numbers.size;
    this.numbers.set(detached(id), number);
    this.counted = roomFor(this.counted, number);
    this.counted[number] = 1;
    return number;
  }

  find(id: string): number | undefined {
    return this.numbers.get(id);
  }

  names(): IterableIterator<string> {
    return this.numbers.keys();
  }
}

/** Large arrays grow by less: what is not used of them counts. */
const GROWTH = (length: number): number => Math.ceil(length * (length < 1 << 20 ? 2 : 1.3));

/** The array itself, or a longer copy when `index` is beyond its end. */
export function roomFor<T extends Int32Array | Float64Array>(array: T, index: number): T {
  if (index < array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(
    Math.max(index + 1, GROWTH(array.length)),
  );
  larger.set(array);
  return larger;
}
