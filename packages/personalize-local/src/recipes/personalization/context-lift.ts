// Contextual metadata: how much more often an item is chosen in a context (a device, a time of day) than otherwise. A
// request that names its context gets these lifts added to its logits; as scores are softmaxes of logits, that is Bayes'
// rule: P(item | person, context) ∝ P(item | person) · P(context | item) ÷ P(context).
import { type Buffers, bytesOf, float32 } from '../../engine/buffers';
import { Features } from '../../engine/features';
import type { InteractionTable } from '../../model/recipe';

/** Contexts that are told apart, the most frequent first. */
const mostTokens = 50;
/** Events to learn from at most; further ones would change little and cost memory. */
const mostEvents = 500_000;
/** An item is taken to have been chosen so many times in the average context, so that chance lifts nothing far. */
const prior = 10;

export class ContextLift {
  private constructor(
    private readonly features: Features,
    /** Logarithms, contexts × items. */
    private readonly lifts: Float32Array,
    private readonly itemCount: number,
  ) {}

  /** Learns from the contextual columns of the interactions. */
  static learn(table: InteractionTable, itemCount: number): ContextLift {
    const step = Math.max(1, Math.ceil(table.item.length / mostEvents));
    const rows = Int32Array.from({ length: Math.ceil(table.item.length / step) }, (_, i) => i * step);
    const columns = table.columns.map((column) => {
      if (column.kind === 'categorical') return { ...column, codes: rows.map((row) => column.codes[row]!) };
      if (column.kind === 'numeric')
        return { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) };
      return column;
    });
    const features = Features.from({ ids: Array.from(rows, String), columns }, mostTokens);
    return new ContextLift(features.ofNobody(), liftsOf(table, rows, features, itemCount), itemCount);
  }

  /** Adds the lifts of each part of the context that the training has seen; others say nothing. */
  addTo(logits: Float32Array, context: Readonly<Record<string, string>>): void {
    for (const token of this.features.encode(context)) {
      const start = token * this.itemCount;
      for (let item = 0; item < this.itemCount; item++) logits[item]! += this.lifts[start + item]!;
    }
  }

  save(buffers: Map<string, Uint8Array>): void {
    this.features.save(buffers, 'context-features');
    buffers.set('context-lifts', bytesOf(this.lifts));
  }

  static load(buffers: Buffers, itemCount: number): ContextLift {
    const features = Features.load(buffers, 'context-features');
    return new ContextLift(features, float32(buffers, 'context-lifts'), itemCount);
  }
}

/** log of P(context | item) ÷ P(context); 0 for items without events. */
function liftsOf(
  table: InteractionTable,
  rows: Int32Array,
  features: Features,
  itemCount: number,
): Float32Array {
  const together = new Float32Array(features.size * itemCount);
  const ofItem = new Float64Array(itemCount);
  const ofToken = new Float64Array(features.size);
  for (const [event, row] of rows.entries()) {
    const item = table.item[row]!;
    ofItem[item]!++;
    for (const token of features.tokensOf(event)) {
      ofToken[token]!++;
      together[token * itemCount + item]!++;
    }
  }
  return together.map((count, at) => {
    const share = ofToken[Math.floor(at / itemCount)]! / rows.length;
    return Math.log((count + prior * share) / ((ofItem[at % itemCount]! + prior) * share));
  });
}
