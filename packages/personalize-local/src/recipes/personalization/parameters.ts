// What the personalization model is fitted with; found on an internal hold-out (tune.ts).
import type { SequenceOptions } from '../../engine/sequence-model';
import type { Ranking } from './ranking';

export interface FitParameters {
  /** EASE's ridge. */
  readonly lambda: number;
  /** Weight of one shared metadata token between two items, in users. */
  readonly itemMetadata: number;
  /** Value of a user's metadata token among the items of the user. */
  readonly userMetadata: number;
  readonly sequence: SequenceOptions;
  /** False: the order of events has no part in the model. */
  readonly ordered: boolean;
  readonly ranking: Ranking;
}
