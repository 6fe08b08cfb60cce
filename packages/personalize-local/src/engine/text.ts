// Text as weighted words: TF-IDF with unit length, so that the product of two texts is their cosine.
import type { SparseMatrix } from './sparse';

/** Lower-case words and numbers of two characters or more, in any script. */
export function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [];
}

export interface TextIndex {
  readonly vocabulary: readonly string[];
  /** Inverse document frequency by word. */
  readonly idf: Float32Array;
  /** Texts × vocabulary, rows of length 1 (or empty). */
  readonly vectors: SparseMatrix & { readonly values: Float32Array };
}

/** Weighs the words of one text; unknown ones are dropped. Ascending word indices, unit length. */
export function weigh(
  text: readonly string[],
  indexOf: (word: string) => number,
  idf: Float32Array,
): { columns: number[]; values: number[] } {
  const counts = new Map<number, number>();
  for (const word of text) {
    const index = indexOf(word);
    if (index >= 0) counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  const columns = [...counts.keys()].sort((a, b) => a - b);
  const values = columns.map((index) => (1 + Math.log(counts.get(index)!)) * idf[index]!);
  const length = Math.hypot(...values) || 1;
  return { columns, values: values.map((value) => value / length) };
}

/** Keeps the `limit` most frequent words that are not in every text. */
export function indexTexts(texts: ReadonlyArray<readonly string[]>, limit: number): TextIndex {
  const frequency = new Map<string, number>();
  for (const text of texts)
    for (const word of new Set(text)) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const kept = [...frequency]
    .filter(([, count]) => count < texts.length || texts.length === 1)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, limit);
  const vocabulary = kept.map(([word]) => word);
  const idf = Float32Array.from(kept, ([, count]) => Math.log((1 + texts.length) / count));
  const index = new Map(vocabulary.map((word, at) => [word, at]));
  const rows = texts.map((text) => weigh(text, (word) => index.get(word) ?? -1, idf));
  const offsets = new Int32Array(texts.length + 1);
  for (const [at, { columns }] of rows.entries()) offsets[at + 1] = offsets[at]! + columns.length;
  return {
    vocabulary,
    idf,
    vectors: {
      rows: texts.length,
      columnCount: vocabulary.length,
      offsets,
      columns: Int32Array.from(rows.flatMap(({ columns }) => columns)),
      values: Float32Array.from(rows.flatMap(({ values }) => values)),
    },
  };
}
