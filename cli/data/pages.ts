// A long list of numbers that grows without copying what is there, and without room that is not used.

const PAGE_BITS = 16;
const PAGE = 1 << PAGE_BITS;

type Page = Int32Array | Float64Array;

export class Pages {
  private readonly pages: Page[] = [];
  length = 0;

  /** @param kind what a number takes: Int32Array or Float64Array */
  constructor(private readonly kind: new (length: number) => Page) {}

  push(value: number): void {
    const place = this.length++;
    if (place >> PAGE_BITS === this.pages.length) this.pages.push(new this.kind(PAGE));
    (this.pages[place >> PAGE_BITS] as Page)[place & (PAGE - 1)] = value;
  }

  /** @param index 0 to length - 1 */
  at(index: number): number {
    return (this.pages[index >> PAGE_BITS] as Page)[index & (PAGE - 1)] as number;
  }
}
