// Remembers rows by 64 bits of hash, eight bytes a row, to tell repeated ones: of ten million different rows one is taken for a
// repetition with a chance of three in a million.

const FULLEST = 0.7;

export class SeenRows {
  private table = new Uint32Array(2 << 12);
  private size = 0;

  /** Whether the row was there before; it is from now on. */
  repeats(user: number, item: number, timestamp: number, type: number): boolean {
    const seconds = timestamp >>> 0;
    const high = Math.floor(timestamp / 2 ** 32);
    const a = mixed(mixed(mixed(user, 0x9e3779b9), item), seconds ^ Math.imul(type + 1, 0x85ebca6b)) || 1;
    const b = mixed(mixed(mixed(item, 0xc2b2ae35), seconds), user ^ high ^ Math.imul(type + 1, 0x27d4eb2f));
    if ((this.size + 1) * 2 > this.table.length * FULLEST) this.grow();
    return !this.insert(a, b);
  }

  /** False when it is there already. `a` is never 0: that is an empty place. */
  private insert(a: number, b: number): boolean {
    const { table } = this;
    const mask = table.length / 2 - 1;
    for (let place = (a ^ b) & mask; ; place = (place + 1) & mask) {
      const found = table[place * 2];
      if (found === 0) {
        table[place * 2] = a;
        table[place * 2 + 1] = b;
        this.size++;
        return true;
      }
      if (found === a && table[place * 2 + 1] === b) return false;
    }
  }

  private grow(): void {
    const before = this.table;
    this.table = new Uint32Array(before.length * 2);
    this.size = 0;
    for (let i = 0; i < before.length; i += 2) {
      if (before[i] !== 0) this.insert(before[i] as number, before[i + 1] as number);
    }
  }
}

/** Murmur3's round and finish, 32 bits, unsigned. */
function mixed(value: number, seed: number): number {
  let bits = Math.imul(value ^ seed ^ (seed << 13), 0xcc9e2d51);
  bits = Math.imul(bits ^ (bits >>> 15), 0x1b873593) ^ seed;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
