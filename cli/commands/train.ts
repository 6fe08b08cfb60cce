// train: starts the training pipeline, for the gallery's own configuration or for a configuration file.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import { DEPLOYMENT_OPTIONS } from '../deployment';
import { configurationKeyOf, describeExecution, newestExecutions } from '../executions';
import { readTarget } from '../target';
import { pollingInterval, waitFor } from '../wait-for';
import { readRightFile } from './config-check';

type Used = Pick<Clients, 'cloudFormation' | 's3' | 'stepFunctions'>;

/** An event of Amazon S3 takes a second or two. */
const START_WITHIN_MS = 60_000;

export function train(clients: Used): Command {
  return {
    name: 'train',
    summary: 'Starts a training. "wait" follows it.',
    options: {
      ...DEPLOYMENT_OPTIONS,
      config: {
        type: 'string',
        value: 'FILE',
        description: 'a configuration file (default: the gallery’s own solutions)',
      },
    },
    async run(values, _, rim) {
      const target = await readTarget(clients.cloudFormation, values);
      if (typeof values.config === 'string') {
        await readRightFile(values.config, target.passable);
        // The upload starts the pipeline, as it does when somebody puts a file there by hand.
        const key = `personalize/config/${basename(values.config)}`;
        const pipelineArn = target.deployment.output('PipelineArn');
        const before = await newestExecutions(clients.stepFunctions, pipelineArn);
        await clients.s3.send(
          new PutObjectCommand({
            Bucket: target.bucket,
            Key: key,
            Body: await readFile(values.config),
            ContentType: 'application/json',
          }),
        );
        const place = `s3://${target.bucket}/${key}`;
        const uploadedAt = rim.now();
        const executionArn = await waitFor(
          {
            look: () => startedFor(clients.stepFunctions, pipelineArn, key, before),
            isDone: (found) => found !== undefined || rim.now() - uploadedAt > START_WITHIN_MS,
            tell: (found) => `uploaded to ${place}${found ? '' : ', the pipeline is to start'}`,
            everyMs: pollingInterval(process.env.AWS_ENDPOINT_URL),
          },
          rim,
        );
        if (!executionArn) {
          throw new UserError(
            `${place} is uploaded, but the pipeline has not started within a minute: see given-up-training-starts in docs/runbook.md`,
          );
        }
        return { text: `Started ${executionArn} for ${place}`, json: { configuration: place, executionArn } };
      }
      const { executionArn = '' } = await clients.stepFunctions.send(
        new StartExecutionCommand({
          stateMachineArn: target.deployment.output('PipelineArn'),
          input: JSON.stringify({ reason: 'operator' }),
        }),
      );
      return { text: `Started ${executionArn}`, json: { executionArn } };
    },
  };
}

/** The execution of this file that was not there before. */
async function startedFor(
  client: Clients['stepFunctions'],
  pipelineArn: string,
  key: string,
  before: readonly string[],
): Promise<string | undefined> {
  for (const executionArn of await newestExecutions(client, pipelineArn)) {
    if (before.includes(executionArn)) continue;
    if (configurationKeyOf(await describeExecution(client, executionArn)) === key) return executionArn;
  }
  return undefined;
}
