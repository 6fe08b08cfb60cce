// Typed arrays that grow: a million cells cost their bytes and nothing more.

/** Numbers of one kind; a cell that was never set is `missing`. */
class NumberVector<Cells extends Int32Array | Float64Array> {
  private count: number;

  protected constructor(
    private cells: Cells,
    private readonly missing: number,
    private readonly make: (length: number) => Cells,
  ) {
    this.count = cells.length;
  }

  get length(): number {
    return this.count;
  }

  push(value: number): void {
    if (this.count === this.cells.length) this.reserve(this.count + 1);
    this.cells[this.count++] = value;
  }

  /** The cell, or the missing one beyond the end. */
  at(index: number): number {
    return index < this.count ? (this.cells[index] as number) : this.missing;
  }

  /** Sets a cell; cells between the old end and it become missing. */
  set(index: number, value: number): void {
    if (index >= this.count) {
      this.reserve(index + 1);
      this.cells.fill(this.missing, this.count, index);
      this.count = index + 1;
    }
    this.cells[index] = value;
  }

  append(cells: Cells): void {
    this.reserve(this.count + cells.length);
    this.cells.set(cells, this.count);
    this.count += cells.length;
  }

  /** The cells, without copying; valid until the next push. */
  view(): Cells {
    return this.cells.subarray(0, this.count) as Cells;
  }

  private reserve(size: number): void {
    if (size <= this.cells.length) return;
    const grown = this.make(Math.max(size, 64, Math.ceil(this.cells.length * 1.5)));
    grown.set(this.view());
    this.cells = grown;
  }
}

/** Missing cells are -1. */
export class IntVector extends NumberVector<Int32Array> {
  constructor(cells: Int32Array = new Int32Array(0)) {
    super(cells, -1, (length) => new Int32Array(length));
  }
}

/** Missing cells are NaN. */
export class FloatVector extends NumberVector<Float64Array> {
  constructor(cells: Float64Array = new Float64Array(0)) {
    super(cells, Number.NaN, (length) => new Float64Array(length));
  }
}

/** Strings one after the other as UTF-8; a million impressions are then one buffer instead of a million objects. */
export class TextVector {
  private bytes: Buffer;
  private used: number;
  /** Start and end of each string, two cells a string; both -1 for undefined. */
  private readonly bounds: IntVector;

  constructor(bytes: Buffer = Buffer.alloc(0), bounds = new IntVector()) {
    this.bytes = bytes;
    this.used = bytes.length;
    this.bounds = bounds;
  }

  get length(): number {
    return this.bounds.length / 2;
  }

  push(text: string | undefined): void {
    this.set(this.length, text);
  }

  at(index: number): string | undefined {
    const start = this.bounds.at(2 * index);
    return start < 0 ? undefined : this.bytes.toString('utf8', start, this.bounds.at(2 * index + 1));
  }

  /** The bytes of a replaced string stay behind until the vector is written to a file and read again. */
  set(index: number, text: string | undefined): void {
    if (text === undefined) {
      this.bounds.set(2 * index, -1);
      this.bounds.set(2 * index + 1, -1);
      return;
    }
    const size = Buffer.byteLength(text);
    this.reserve(size);
    this.bytes.write(text, this.used);
    this.bounds.set(2 * index, this.used);
    this.used += size;
    this.bounds.set(2 * index + 1, this.used);
  }

  append(other: TextVector): void {
    const { bytes, bounds } = other.views();
    this.reserve(bytes.length);
    bytes.copy(this.bytes, this.used);
    const shift = this.used;
    this.bounds.append(bounds.map((bound) => (bound < 0 ? bound : bound + shift)));
    this.used += bytes.length;
  }

  private reserve(size: number): void {
    if (this.used + size <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.used + size, 256, Math.ceil(this.bytes.length * 1.5)));
    this.bytes.copy(grown, 0, 0, this.used);
    this.bytes = grown;
  }

  views(): { bytes: Buffer; bounds: Int32Array } {
    return { bytes: this.bytes.subarray(0, this.used), bounds: this.bounds.view() };
  }
}
