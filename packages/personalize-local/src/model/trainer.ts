// What a recipe's own code is asked to do inside the training worker: data in, buffers and metrics out.
import type { Buffers } from '../engine/buffers';
import type { DataSnapshot, Model, TrainingOptions } from './recipe';

/** TrainingOptions as they cross the thread boundary. */
export type TrainerOptions = Omit<TrainingOptions, 'signal'>;

export interface Trained {
  readonly buffers: Map<string, Uint8Array>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tuned?: Readonly<Record<string, string>>;
  readonly note?: string;
}

/** What the host gives to a training. */
export interface Host {
  readonly threads: number;
  /** Program for helper threads. */
  readonly source?: string;
}

export interface Trainer {
  /** Runs in a worker thread and may block it. Throws TrainingFailed for what the customer should read. */
  train(data: DataSnapshot, options: TrainerOptions, host: Host): Trained;
  load(buffers: Buffers): Model;
  /** Contextual columns of the interactions are read; otherwise they are not handed over. */
  readonly readsContext?: boolean;
}
