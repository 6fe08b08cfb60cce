// Distinct strings, each with a small number of its own.
import type { IdDictionary } from './views';

export class Dictionary implements IdDictionary {
  private readonly codes = new Map<string, number>();
  private readonly texts: string[] = [];
  /** Codes by each part of a multi-valued text (`a|b` has the parts `a`, `b`); built when a filter first asks. */
  private readonly parts = new Map<string, number[]>();
  private indexed = 0;

  get size(): number {
    return this.texts.length;
  }

  code(text: string): number | undefined {
    return this.codes.get(text);
  }

  id(code: number): string {
    const text = this.texts[code];
    if (text === undefined) throw new RangeError(`No text has code ${code}`);
    return text;
  }

  /** The text's code; a new one when it was not known. */
  add(text: string): number {
    const known = this.codes.get(text);
    if (known !== undefined) return known;
    // A copy: a slice of a CSV chunk would keep the whole chunk in memory.
    const own = text.length > 12 ? Buffer.from(text).toString() : text;
    const code = this.texts.length;
    this.codes.set(own, code);
    this.texts.push(own);
    return code;
  }

  values(): readonly string[] {
    return this.texts;
  }

  /** 1 at the code of each text that is one of these values or has one of them between bars. */
  marks(values: Iterable<string>): Uint8Array {
    for (; this.indexed < this.texts.length; this.indexed++) this.indexParts(this.indexed);
    const marks = new Uint8Array(this.texts.length);
    for (const value of values) for (const code of this.parts.get(value) ?? []) marks[code] = 1;
    return marks;
  }

  private indexParts(code: number): void {
    const text = this.id(code);
    const parts = text.includes('|') ? new Set([text, ...text.split('|')]) : [text];
    for (const part of parts) {
      const codes = this.parts.get(part);
      if (codes) codes.push(code);
      else this.parts.set(part, [code]);
    }
  }
}
