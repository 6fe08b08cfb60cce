// The training worker's entry: trains one model, hands back its buffers, and is ended by whoever started it.
import { parentPort, workerData } from 'node:worker_threads';
import { openCompute } from '../../engine/compute';
import { TrainingFailed } from '../recipe';
import { trainers } from '../trainers';
import type { TrainingJob, TrainingReply } from './train-in-worker';

const job = workerData as TrainingJob;

function run(): TrainingReply {
  const compute = openCompute();
  try {
    const trainer = trainers[job.recipe];
    if (!trainer) throw new Error(`no trainer for ${job.recipe}`);
    return { trained: trainer.train(job.data, job.options, compute) };
  } catch (error) {
    const { message, stack } = error as Error;
    return { failed: { message, stack, expected: error instanceof TrainingFailed } };
  } finally {
    compute.close();
  }
}

parentPort?.postMessage(run());
