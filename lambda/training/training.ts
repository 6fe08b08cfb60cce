// Starts and stops runs of the training pipeline for an operator. That no two runs work at once is the pipeline's own care.
import type { PersonalizeClient } from '@aws-sdk/client-personalize';
import {
  ListExecutionsCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { TrainingRequest, TrainingResponse } from '../shared/contract/schemas';
import { stopTraining } from './stop-training';
import { endStoppedRuns, type RunRecords } from './stopped-runs';

export interface TrainingOptions {
  readonly stepFunctions: Pick<SFNClient, 'send'>;
  readonly personalize: Pick<PersonalizeClient, 'send'>;
  readonly pipelineArn: string;
  readonly runs: RunRecords;
}

export function controlTraining(
  options: TrainingOptions,
  { action }: TrainingRequest,
): Promise<TrainingResponse> {
  return action === 'start' ? start(options) : stop(options);
}

const nameOf = (executionArn: string | undefined) => executionArn?.split(':').at(-1) ?? '';

async function start({ stepFunctions, pipelineArn }: TrainingOptions): Promise<TrainingResponse> {
  const { executionArn } = await stepFunctions.send(
    new StartExecutionCommand({
      stateMachineArn: pipelineArn,
      input: JSON.stringify({ reason: 'operator' }),
    }),
  );
  return { executions: [nameOf(executionArn)] };
}

/** The run first, so that it does not take the end of its training for a failure. */
async function stop({
  stepFunctions,
  personalize,
  pipelineArn,
  runs,
}: TrainingOptions): Promise<TrainingResponse> {
  const { executions = [] } = await stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn: pipelineArn, statusFilter: 'RUNNING' }),
  );
  for (const { executionArn } of executions) {
    await stepFunctions.send(new StopExecutionCommand({ executionArn, cause: 'Stopped by an operator' }));
  }
  const inTraining = await endStoppedRuns(
    runs,
    executions.map(({ executionArn }) => executionArn ?? ''),
  );
  const base = runs.datasetGroupArn.slice(0, runs.datasetGroupArn.lastIndexOf(':'));
  for (const solution of inTraining) await stopTraining(personalize, `${base}:solution/${solution}`);
  return { executions: executions.map(({ executionArn }) => nameOf(executionArn)) };
}
