// Ids by index and index by id, as flat buffers: UTF-8 bytes, offsets, and an open-addressing hash table.
// A table of a million ids opens without building a Map.
import { type Buffers, bytesOf, CorruptModel, int32 } from './buffers';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash ^= hash >>> 15;
  return hash >>> 0;
}

/** An immutable list of distinct ids. */
export class IdTable {
  private readonly decoded: (string | undefined)[];

  private constructor(
    private readonly text: Uint8Array,
    /** length + 1 entries: id i is `text[offsets[i] .. offsets[i + 1])`. */
    private readonly offsets: Int32Array,
    /** A power of two of slots; an index, or -1. */
    private readonly slots: Int32Array,
  ) {
    this.decoded = new Array(offsets.length - 1);
  }

  static from(ids: readonly string[]): IdTable {
    const encoded = ids.map((id) => encoder.encode(id));
    const offsets = new Int32Array(ids.length + 1);
    for (const [i, bytes] of encoded.entries()) offsets[i + 1] = offsets[i]! + bytes.length;
    const text = new Uint8Array(offsets[ids.length]!);
    for (const [i, bytes] of encoded.entries()) text.set(bytes, offsets[i]!);
    const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, ids.length * 2)))).fill(-1);
    for (let i = 0; i < ids.length; i++) {
      let slot = hashBytes(text, offsets[i]!, offsets[i + 1]!) & (slots.length - 1);
      while (slots[slot] !== -1) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = i;
    }
    return new IdTable(text, offsets, slots);
  }

  static load(buffers: Buffers, name: string): IdTable {
    const text = buffers.get(`${name}.text`);
    if (!text) throw new CorruptModel(`the model has no buffer ${name}.text`);
    return new IdTable(text, int32(buffers, `${name}.offsets`), int32(buffers, `${name}.slots`));
  }

  save(buffers: Map<string, Uint8Array>, name: string): void {
    buffers.set(`${name}.text`, this.text);
    buffers.set(`${name}.offsets`, bytesOf(this.offsets));
    buffers.set(`${name}.slots`, bytesOf(this.slots));
  }

  get length(): number {
    return this.decoded.length;
  }

  /** The id at an index in range. */
  at(index: number): string {
    const known = this.decoded[index];
    if (known !== undefined) return known;
    const id = decoder.decode(this.text.slice(this.offsets[index]!, this.offsets[index + 1]!));
    this.decoded[index] = id;
    return id;
  }

  /** The index of an id, or -1. */
  indexOf(id: string): number {
    const bytes = encoder.encode(id);
    let slot = hashBytes(bytes, 0, bytes.length) & (this.slots.length - 1);
    for (;;) {
      const index = this.slots[slot]!;
      if (index === -1) return -1;
      if (this.equals(index, bytes)) return index;
      slot = (slot + 1) & (this.slots.length - 1);
    }
  }

  private equals(index: number, bytes: Uint8Array): boolean {
    const from = this.offsets[index]!;
    if (this.offsets[index + 1]! - from !== bytes.length) return false;
    for (let i = 0; i < bytes.length; i++) if (this.text[from + i] !== bytes[i]) return false;
    return true;
  }
}
