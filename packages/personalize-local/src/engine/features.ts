// Metadata as tokens: every categorical value (multi-valued cells split at `|`) and every tenth of a numeric column is
// one token. Tokens that one entity alone has, or nearly all, say nothing about likeness and are left out.

import { type Buffers, bytesOf, int32, json, jsonBytes } from './buffers';
import { IdTable } from './id-table';
import type { Column, EntityTable } from './snapshot';
import { groupBy } from './sparse';

interface NumericScale {
  readonly name: string;
  /** Ascending upper bounds of all bins but the last. */
  readonly edges: readonly number[];
}

type Metadata = Readonly<Record<string, string | number>>;

const bins = 10;
const tokenOf = (column: string, value: string): string => `${column}\u0000${value}`;

/** Tokens of a fixed set of entities, and the means to read the tokens of new ones. */
export class Features {
  private constructor(
    readonly vocabulary: IdTable,
    private readonly scales: readonly NumericScale[],
    /** Tokens of entity e: `tokens[offsets[e] .. offsets[e + 1])`. */
    readonly offsets: Int32Array,
    readonly tokens: Int32Array,
  ) {}

  /** Keeps the `limit` most frequent tokens. */
  static from({ ids, columns }: EntityTable, limit: number): Features {
    const scales = columns.flatMap((column) =>
      column.kind === 'numeric' ? [{ name: column.name, edges: quantiles(column.values) }] : [],
    );
    const entities: number[] = [];
    const texts: string[] = [];
    const add = (entity: number, text: string) => {
      entities.push(entity);
      texts.push(text);
    };
    for (const column of columns) addTokens(column, scales, add);
    const counts = new Map<string, number>();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    const common = [...counts]
      .filter(([, count]) => count > 1 && count < 0.95 * ids.length)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, limit)
      .map(([text]) => text);
    const vocabulary = new Map(common.map((text, index) => [text, index]));
    const known = texts.flatMap((text, i) => {
      const token = vocabulary.get(text);
      return token === undefined ? [] : [{ entity: entities[i]!, token }];
    });
    const { offsets, order } = groupBy(
      Int32Array.from(known, ({ entity }) => entity),
      ids.length,
    );
    return new Features(
      IdTable.from(common),
      scales,
      offsets,
      order.map((at) => known[at]!.token),
    );
  }

  static load(buffers: Buffers, name: string): Features {
    const scales = json<NumericScale[]>(buffers, `${name}.scales`);
    const offsets = int32(buffers, `${name}.offsets`);
    return new Features(
      IdTable.load(buffers, `${name}.vocabulary`),
      scales,
      offsets,
      int32(buffers, `${name}.tokens`),
    );
  }

  save(buffers: Map<string, Uint8Array>, name: string): void {
    this.vocabulary.save(buffers, `${name}.vocabulary`);
    buffers.set(`${name}.scales`, jsonBytes(this.scales));
    buffers.set(`${name}.offsets`, bytesOf(this.offsets));
    buffers.set(`${name}.tokens`, bytesOf(this.tokens));
  }

  /** The same vocabulary and scales, without the entities that they were found on. */
  ofNobody(): Features {
    return new Features(this.vocabulary, this.scales, new Int32Array(1), new Int32Array(0));
  }

  /** Number of different tokens. */
  get size(): number {
    return this.vocabulary.length;
  }

  tokensOf(entity: number): Int32Array {
    return this.tokens.subarray(this.offsets[entity]!, this.offsets[entity + 1]!);
  }

  /** Tokens of an entity that was not there; columns and values that are not known say nothing. */
  encode(metadata: Metadata): number[] {
    const found = Object.entries(metadata).flatMap(([name, value]) => {
      const scale = this.scales.find((candidate) => candidate.name === name);
      if (scale) return [tokenOf(name, binOf(scale, Number(value)))];
      return String(value)
        .split('|')
        .map((part) => tokenOf(name, part));
    });
    return found.map((text) => this.vocabulary.indexOf(text)).filter((token) => token >= 0);
  }
}

function addTokens(
  column: Column,
  scales: readonly NumericScale[],
  add: (entity: number, text: string) => void,
): void {
  if (column.kind === 'categorical') {
    const tokens = column.values.map((value) =>
      [...new Set(value.split('|'))].map((part) => tokenOf(column.name, part)),
    );
    for (const [entity, code] of column.codes.entries()) {
      if (code >= 0) for (const token of tokens[code]!) add(entity, token);
    }
  } else if (column.kind === 'numeric') {
    const scale = scales.find(({ name }) => name === column.name)!;
    for (const [entity, value] of column.values.entries()) {
      if (!Number.isNaN(value)) add(entity, tokenOf(column.name, binOf(scale, value)));
    }
  }
}

function quantiles(values: Float64Array): number[] {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const edges = Array.from(
    { length: bins - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)],
  );
  return [...new Set(edges.filter((edge) => edge !== undefined))];
}

function binOf({ edges }: NumericScale, value: number): string {
  const bin = edges.findIndex((edge) => value < edge);
  return `bin ${bin < 0 ? edges.length : bin}`;
}
