// Starts and stops trainings for an operator. That no two runs work at once in a group is the controller's own care.
import {
  ListSolutionVersionsCommand,
  type PersonalizeClient,
  paginateListSolutions,
  StopSolutionVersionCreationCommand,
} from '@aws-sdk/client-personalize';
import { type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { type GroupRow, isGone, likesAwaited } from '../controller/group-row';
import { type RunsTable, readGroups, stopTrainings } from '../controller/rows';
import { endRecord } from '../controller/run-records';
import type { TrainingRequest, TrainingResponse } from '../shared/contract/schemas';
import { HttpProblem } from '../shared/http/problem';
import { unlessGone } from '../shared/personalize/life-cycle';

export interface TrainingOptions {
  readonly stepFunctions: Pick<SFNClient, 'send'>;
  readonly personalize: PersonalizeClient;
  readonly pipelineArn: string;
  readonly runs: RunsTable;
  /** The gallery's. */
  readonly datasetGroupArn: string;
  readonly now: () => number;
}

/** @throws HttpProblem for a dataset group that nobody looks after */
export async function controlTraining(
  options: TrainingOptions,
  { action, datasetGroup }: TrainingRequest,
): Promise<TrainingResponse> {
  const rows = await readGroups(options.runs);
  const row = rows.find((each) =>
    datasetGroup === undefined
      ? each.datasetGroup.arn === options.datasetGroupArn
      : each.datasetGroup.name === datasetGroup && !isGone(each),
  );
  if (datasetGroup !== undefined && !row)
    throw new HttpProblem(404, `there is no dataset group ${datasetGroup}`);
  return action === 'start'
    ? start(options, datasetGroup, row)
    : stop(options, row?.datasetGroup.arn ?? options.datasetGroupArn, row);
}

const nameOf = (executionArn = ''): string => executionArn.slice(executionArn.lastIndexOf(':') + 1);

/** The execution writes down that an operator asks; if another one ticks the group already, that one trains. */
async function start(
  { stepFunctions, pipelineArn }: TrainingOptions,
  datasetGroup: string | undefined,
  row: GroupRow | undefined,
): Promise<TrainingResponse> {
  const { executionArn } = await stepFunctions.send(
    new StartExecutionCommand({
      stateMachineArn: pipelineArn,
      input: JSON.stringify({ reason: 'operator', datasetGroup }),
    }),
  );
  const waiting = row ? likesAwaited(row) : [];
  return { executions: [nameOf(executionArn)], ...(waiting.length > 0 && { waiting }) };
}

/**
 * What was asked for until now is not trained any more; the wish is withdrawn first, so that the controller does not begin again. Campaigns
 * go on being kept as declared.
 */
async function stop(
  { personalize, runs, now }: TrainingOptions,
  datasetGroupArn: string,
  row: GroupRow | undefined,
): Promise<TrainingResponse> {
  const at = new Date(now()).toISOString();
  await stopTrainings(runs, datasetGroupArn, at);
  await stopVersions(personalize, datasetGroupArn);
  if (!row?.run) return { executions: [] };
  const result = { step: row.run.step ?? 'train', error: 'Stopped', reason: 'Stopped by an operator' };
  await endRecord(runs, datasetGroupArn, row.run.key, { outcome: 'failed', result, at });
  return { executions: [nameOf(row.execution)] };
}

/** A training goes on, and costs, when nobody waits for it any more. */
async function stopVersions(client: PersonalizeClient, datasetGroupArn: string): Promise<void> {
  for await (const { solutions = [] } of paginateListSolutions({ client }, { datasetGroupArn })) {
    for (const { solutionArn } of solutions) {
      const answer = await unlessGone(
        client.send(new ListSolutionVersionsCommand({ solutionArn, maxResults: 100 })),
      );
      for (const { solutionVersionArn, status = '' } of answer?.solutionVersions ?? []) {
        if (!/PENDING|IN_PROGRESS/.test(status)) continue;
        await unlessGone(client.send(new StopSolutionVersionCreationCommand({ solutionVersionArn })));
      }
    }
  }
}
