// wait: follows the newest run of the training pipeline until it ends, step by step.
import { DescribeExecutionCommand, type ExecutionStatus, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { readRuns } from '../../lambda/status/runs';
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import { DEPLOYMENT_OPTIONS } from '../deployment';
import { readTarget } from '../target';
import { pollingInterval, waitFor } from '../wait-for';

type Used = Pick<Clients, 'cloudFormation' | 'dynamodb' | 'stepFunctions'>;

interface Seen {
  readonly status: ExecutionStatus | undefined;
  readonly step: string;
  readonly cause?: string;
}

export function wait(clients: Used): Command {
  return {
    name: 'wait',
    summary: 'Follows the newest training until it ends; fails when it fails.',
    options: DEPLOYMENT_OPTIONS,
    async run(values, _, rim) {
      const target = await readTarget(clients.cloudFormation, values);
      const runsTable = target.deployment.output('RunsTableName');
      const executionArn = await newestExecution(
        clients.stepFunctions,
        target.deployment.output('PipelineArn'),
      );
      const look = async (): Promise<Seen> => {
        const execution = await clients.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
        const [run] = await readRuns(clients.dynamodb, runsTable, target.datasetGroupArn);
        const step = run ? [run.step, run.detail].filter(Boolean).join(' ') : 'plan';
        return { status: execution.status, step, cause: execution.cause };
      };
      const end = await waitFor(
        {
          look,
          isDone: ({ status }) => status !== 'RUNNING',
          tell: ({ status, step }) => (status === 'RUNNING' ? step : (status ?? '').toLowerCase()),
          everyMs: pollingInterval(process.env.AWS_ENDPOINT_URL),
        },
        rim,
      );
      if (end.status !== 'SUCCEEDED')
        throw new UserError(`the training ended as ${end.status}: ${end.cause ?? ''}`);
      return { text: `The training succeeded: ${executionArn}`, json: { executionArn, status: end.status } };
    },
  };
}

async function newestExecution(client: Clients['stepFunctions'], stateMachineArn: string): Promise<string> {
  const { executions = [] } = await client.send(
    new ListExecutionsCommand({ stateMachineArn, maxResults: 1 }),
  );
  const [newest] = executions;
  if (!newest?.executionArn) throw new UserError('no training was started yet; "train" starts one');
  return newest.executionArn;
}
