// Tells how far a long reading is: nothing in the first two seconds, then a line every two.
import type { Rim } from '../command';

const EVERY_MS = 2000;

export class Progress {
  private toldAt: number;

  /** @param what `reading ratings.csv`. @param size in bytes */
  constructor(
    private readonly rim: Rim,
    private readonly what: string,
    private readonly size: number,
  ) {
    this.toldAt = rim.now();
  }

  at(bytes: number, rows: number): void {
    const now = this.rim.now();
    if (now - this.toldAt < EVERY_MS) return;
    this.toldAt = now;
    const share = this.size === 0 ? 100 : Math.floor((100 * bytes) / this.size);
    this.rim.progress(`${this.what}: ${share} %, ${rows.toLocaleString('en')} rows`);
  }
}
