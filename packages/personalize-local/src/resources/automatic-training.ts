// Automatic training: within an hour after a solution has become active, then on its schedule, and only when there are new
// interactions since the last training.

import type { SolutionRecord } from '../state/records';
import type { Context } from './context';
import { findResource } from './lookup';
import { startTraining } from './solution-versions';

export function trainAutomatically(solution: SolutionRecord, context: Context): Partial<SolutionRecord> {
  if (needsTraining(solution, context)) startTraining(context, solution, { trainingType: 'AUTOMATIC' });
  return nextAutoTraining(solution, context);
}

/** What a solution becomes when its next automatic training is a whole interval away. */
export function nextAutoTraining(solution: SolutionRecord, context: Context): Partial<SolutionRecord> {
  return {
    autoTrainingRound: solution.autoTrainingRound + 1,
    autoTrainingSince: context.clock.now(),
  };
}

function needsTraining(solution: SolutionRecord, context: Context): boolean {
  const versions = context.store.all('solution-version').filter((v) => v.solutionArn === solution.arn);
  const latest = versions.at(-1);
  if (!latest) return true;
  // A version that was made by hand within the first hour takes the place of the first automatic one.
  if (solution.autoTrainingRound === 0) return false;
  const { latest: arrivals } = context.data
    .of(findResource(context, 'dataset-group', solution.datasetGroupArn))
    .arrivals();
  const arrived = arrivals.INTERACTIONS ?? arrivals.ACTION_INTERACTIONS;
  return arrived !== undefined && arrived > latest.creationDateTime;
}
