// The training worker's entry: trains one model, hands back its buffers, and is ended by whoever started it. The same
// program is a helper thread when it is started as one.
import { platform, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { type HelperData, runHelper } from '../../engine/compute';
import { TrainingFailed } from '../../model/recipe';
import type { TrainingJob, TrainingReply } from './train-in-worker';
import { trainers } from './trainers';

function train({ recipe, data, options, threads, source }: TrainingJob): TrainingReply {
  try {
    const trainer = trainers[recipe];
    if (!trainer) throw new Error(`no trainer for ${recipe}`);
    return { trained: trainer.train(data, options, { threads, source }) };
  } catch (error) {
    const { message, stack } = error as Error;
    return { failed: { message, stack, expected: error instanceof TrainingFailed } };
  }
}

/** The model's memory changes hands; a copy would double it. */
function transferable(buffers: ReadonlyMap<string, Uint8Array>): ArrayBuffer[] {
  const owned = [...buffers.values()]
    .map(({ buffer }) => buffer)
    .filter((buffer) => buffer instanceof ArrayBuffer);
  return [...new Set(owned)];
}

/** Niceness: a training takes the computing time that answering requests leaves. */
const PRIORITY = 10;
// On Linux this is the priority of the thread, elsewhere it would be that of the whole process.
if (platform() === 'linux') setPriority(PRIORITY);

const started = workerData as { readonly helper?: HelperData; readonly job?: TrainingJob };
if (started.helper) runHelper(started.helper);
if (started.job) {
  const reply = train(started.job);
  parentPort?.postMessage(reply, 'trained' in reply ? transferable(reply.trained.buffers) : []);
}
