// Trains in a worker thread of its own, so that the service keeps answering; the thread and all its memory end with the
// training. An abort ends the thread at once.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type DataSnapshot, TrainingFailed, type TrainingOptions } from '../../model/recipe';
import type { Trained, Trainer, TrainerOptions } from '../../model/trainer';
import { workerSource } from './worker-source';

/** What the worker is started with. */
export interface TrainingJob {
  readonly recipe: string;
  readonly data: DataSnapshot;
  readonly options: TrainerOptions;
  readonly threads: number;
  /** The worker's own source, from which it starts its helpers. */
  readonly source: string;
}

export type TrainingReply =
  | { readonly trained: Trained }
  | { readonly failed: { readonly message: string; readonly stack?: string; readonly expected: boolean } };

/** Rejects with TrainingFailed, with the signal's reason, or with the error that ended the worker. */
export async function trainInWorker(
  recipe: string,
  { readsContext = false }: Trainer,
  data: DataSnapshot,
  options: TrainingOptions,
): Promise<Trained> {
  const { signal, ...rest } = options;
  signal?.throwIfAborted();
  const source = await workerSource();
  signal?.throwIfAborted();
  const job: TrainingJob = {
    recipe,
    data: withoutUnused(data, readsContext),
    options: rest,
    threads: availableParallelism(),
    source,
  };
  const worker = new Worker(source, { eval: true, workerData: { job }, execArgv: [] });
  try {
    const reply = await replyOf(worker, signal);
    if ('trained' in reply) return reply.trained;
    if (reply.failed.expected) throw new TrainingFailed(reply.failed.message);
    throw new Error(`training ${recipe} failed: ${reply.failed.stack ?? reply.failed.message}`);
  } finally {
    await worker.terminate();
  }
}

/** No trainer reads event values (they are filtered by before), few the contextual columns: what is not read is not copied. */
function withoutUnused(data: DataSnapshot, readsContext: boolean): DataSnapshot {
  const columns = readsContext ? data.interactions.columns : [];
  return { ...data, interactions: { ...data.interactions, value: new Float64Array(0), columns } };
}

function replyOf(worker: Worker, signal?: AbortSignal): Promise<TrainingReply> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal?.reason);
    signal?.addEventListener('abort', aborted, { once: true });
    const settle = () => signal?.removeEventListener('abort', aborted);
    worker.once('message', (reply: TrainingReply) => {
      settle();
      resolve(reply);
    });
    worker.once('error', (error) => {
      settle();
      reject(error);
    });
    worker.once('exit', (code) => {
      settle();
      reject(new Error(`the training worker ended with code ${code} before it answered`));
    });
  });
}
