// What the personalization model is fitted with; found on an internal hold-out (tune.ts).
import type { SequenceOptions } from '../../engine/sequence-model';

export interface FitParameters {
  /** EASE's ridge. */
  readonly lambda: number;
  /** Weight of one shared metadata token between two items, in users. */
  readonly itemMetadata: number;
  /** Value of a user's metadata token among the items of the user. */
  readonly userMetadata: number;
  readonly sequence: SequenceOptions;
  /** Share of the sequence model's z-scores. */
  readonly blend: number;
  /** Added to the z-scores of items that the user had before: people of this data return to items, or do not. */
  readonly repeat: number;
}
