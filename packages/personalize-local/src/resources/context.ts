// What every operation and every life-cycle step works with.
import type { Clock } from '@emotion-gallery/local-kit/clock';
import type { Lock } from '../data/locks';
import type { Faults } from '../faults';
import type { Recipe } from '../model/recipe';
import type { Arns } from '../protocol/arns';
import type { ObjectStore } from '../service';
import type { OpenDatasetGroups } from '../state/dataset-groups';
import type { ModelStore } from '../state/model-store';
import type { LifeCycles } from './life-cycles';
import type { Rates } from './rates';
import type { RecommendationSources } from './recommendation-ids';
import type { RegionalResources } from './regional-resources';

export interface Context {
  readonly accountId: string;
  /** Of one region, which has a context of its own. */
  readonly store: RegionalResources;
  readonly clock: Clock;
  readonly arns: Arns;
  readonly data: OpenDatasetGroups;
  readonly models: ModelStore;
  readonly objectStore: ObjectStore;
  readonly recipes: readonly Recipe[];
  /** Whether resource limits and rates hold. */
  readonly quotas: boolean;
  readonly rates: Rates;
  /** What shall fail, for testing clients. */
  readonly faults: Faults;
  readonly lifeCycles: LifeCycles;
  /** Trainings run one after the other: each may use all cores. */
  readonly trainings: Lock;
  /** Which campaign gave which recommendation id. */
  readonly recommendationSources: RecommendationSources;
  readonly log: (line: string) => void;
  readonly putMetric: (name: string, value: number, unit: string, dimensions: Record<string, string>) => void;
}

/** Input of an operation after validation, to its output; members that the output does not declare are not sent. */
export type Operations = Readonly<
  Record<string, (input: never, context: Context) => object | Promise<object>>
>;
