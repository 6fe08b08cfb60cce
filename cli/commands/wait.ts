// wait: follows a run of the training pipeline until it ends, step by step.
import { GetObjectCommand, NoSuchKey } from '@aws-sdk/client-s3';
import type { ExecutionStatus } from '@aws-sdk/client-sfn';
import { readConfiguration } from '../../lambda/shared/configuration/read';
import { readRuns } from '../../lambda/status/runs';
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import { DEPLOYMENT_OPTIONS } from '../deployment';
import { configurationKeyOf, describeExecution, newestExecutions } from '../executions';
import { readTarget, type Target } from '../target';
import { pollingInterval, waitFor } from '../wait-for';

type Used = Pick<Clients, 'cloudFormation' | 'dynamodb' | 's3' | 'stepFunctions'>;

interface Seen {
  readonly status: ExecutionStatus | undefined;
  readonly step: string;
  readonly cause?: string;
  readonly output?: string;
}

export function wait(clients: Used): Command {
  return {
    name: 'wait',
    summary:
      'Follows the training that is under way, or else the newest one, until it ends; fails when it fails.',
    options: DEPLOYMENT_OPTIONS,
    async run(values, _, rim) {
      const target = await readTarget(clients.cloudFormation, values);
      const runsTable = target.deployment.output('RunsTableName');
      const executionArn = await executionToFollow(
        clients.stepFunctions,
        target.deployment.output('PipelineArn'),
      );
      const execution = await describeExecution(clients.stepFunctions, executionArn);
      const group = await groupOf(clients.s3, target, configurationKeyOf(execution));
      const startedAt = execution.startDate?.toISOString();
      const look = async (): Promise<Seen> => {
        const { status, cause, output } = await describeExecution(clients.stepFunctions, executionArn);
        const runs = await readRuns(clients.dynamodb, runsTable, group);
        const run = runs.find((each) => each.startedAt === startedAt);
        // Until it has its turn, a run has no record.
        const step = run ? [run.step, run.detail].filter(Boolean).join(' ') : 'plan';
        return { status, step, cause, output };
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
      const { outcome } = JSON.parse(end.output ?? '{}') as { outcome?: string };
      const text =
        outcome === 'skipped'
          ? `Another training was under way, so that this one stepped back: ${executionArn}`
          : `The training succeeded: ${executionArn}`;
      return { text, json: { executionArn, status: end.status, outcome } };
    },
  };
}

async function executionToFollow(client: Clients['stepFunctions'], pipelineArn: string): Promise<string> {
  const [running] = await newestExecutions(client, pipelineArn, { statusFilter: 'RUNNING' });
  const [newest] = running === undefined ? await newestExecutions(client, pipelineArn) : [running];
  if (newest === undefined) throw new UserError('no training was started yet; "train" starts one');
  return newest;
}

/** The dataset group that a run is recorded under: that of its file, if the file is there, is right and names one. */
async function groupOf(client: Clients['s3'], target: Target, key: string | undefined): Promise<string> {
  if (key === undefined) return target.datasetGroupArn;
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: target.bucket, Key: key }));
    const file = readConfiguration((await Body?.transformToString('utf-8')) ?? '');
    const name = file.ok ? file.configuration.datasetGroup?.serviceConfig.name : undefined;
    return name === undefined ? target.datasetGroupArn : target.groupArn(name);
  } catch (error) {
    if (error instanceof NoSuchKey) return target.datasetGroupArn;
    throw error;
  }
}
