// wait: follows what is under way in a dataset group until it rests, step by step.
import type { GroupRow } from '../../lambda/controller/group-row';
import { readGroups } from '../../lambda/controller/rows';
import { readRuns } from '../../lambda/status/runs';
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import { DEPLOYMENT_OPTIONS } from '../deployment';
import { describeExecution, groupNameOf, newestExecutions } from '../executions';
import { readTarget } from '../target';
import { pollingInterval, waitFor } from '../wait-for';

type Used = Pick<Clients, 'cloudFormation' | 'dynamodb' | 'stepFunctions'>;

interface Seen {
  /** Of the execution, as AWS Step Functions says it. */
  readonly status?: string;
  readonly row?: GroupRow;
}

export function wait(clients: Used): Command {
  return {
    name: 'wait',
    summary: 'Follows the training that is under way, or else tells of the newest one; fails when it failed.',
    options: DEPLOYMENT_OPTIONS,
    async run(values, _, rim) {
      const target = await readTarget(clients.cloudFormation, values);
      const table = { dynamodb: clients.dynamodb, table: target.deployment.output('RunsTableName') };
      const executionArn = await executionToFollow(
        clients.stepFunctions,
        target.deployment.output('PipelineArn'),
      );
      const execution = await describeExecution(clients.stepFunctions, executionArn);
      const name = groupNameOf(execution);
      const group = name === undefined ? target.datasetGroupArn : target.groupArn(name);
      const look = async (): Promise<Seen> => {
        // Another execution may have been handed what this one was for.
        const [running] = await newestExecutions(
          clients.stepFunctions,
          target.deployment.output('PipelineArn'),
          {
            statusFilter: 'RUNNING',
          },
        );
        const { status } = await describeExecution(clients.stepFunctions, running ?? executionArn);
        const row = (await readGroups(table)).find(({ datasetGroup }) => datasetGroup.arn === group);
        return { status, row };
      };
      const { row, status } = await waitFor(
        {
          look,
          isDone: ({ status: now, row: seen }) =>
            now !== 'RUNNING' && seen?.state !== 'working' && !isAsked(seen),
          tell: (seen) => inWords(seen.row),
          everyMs: pollingInterval(process.env.AWS_ENDPOINT_URL),
        },
        rim,
      );
      if (status !== 'SUCCEEDED') throw new UserError(`the execution ended as ${status}: ${executionArn}`);
      const [newest] = await readRuns(clients.dynamodb, table.table, group);
      if (!newest) throw new UserError(whyNothing(row));
      if (newest.outcome === 'failed') {
        throw new UserError(`the training ended as FAILED: ${JSON.stringify(newest.result)}`);
      }
      return {
        text: `The training succeeded: ${executionArn}`,
        json: { executionArn, datasetGroup: group, run: newest, state: row?.state },
      };
    },
  };
}

/** A training was asked for, and nobody has looked yet: the sweep of the next minute does. */
const isAsked = (row: GroupRow | undefined): boolean =>
  row?.trainingAskedAt !== undefined && row.trainingAskedAt > row.observedAt;

function whyNothing(row: GroupRow | undefined): string {
  const [first] = row?.waiting ?? [];
  return first ? `nothing was trained: ${first.message}` : 'no training was started yet; "train" starts one';
}

function inWords(row: GroupRow | undefined): string {
  if (!row) return 'plan';
  const { state, run, waiting } = row;
  const [first] = waiting;
  return [run?.step ?? state, first?.message].filter(Boolean).join(': ');
}

async function executionToFollow(client: Clients['stepFunctions'], pipelineArn: string): Promise<string> {
  const [running] = await newestExecutions(client, pipelineArn, { statusFilter: 'RUNNING' });
  const [newest] = running === undefined ? await newestExecutions(client, pipelineArn) : [running];
  if (newest === undefined) throw new UserError('no training was started yet; "train" starts one');
  return newest;
}
