// train: starts the training pipeline, for the gallery's own configuration or for a configuration file.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Clients } from '../clients';
import type { Command } from '../command';
import { DEPLOYMENT_OPTIONS } from '../deployment';
import { readTarget } from '../target';
import { configCheck } from './config-check';

type Used = Pick<Clients, 'cloudFormation' | 's3' | 'stepFunctions'>;

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
        await configCheck.run({}, [values.config], rim);
        // The upload starts the pipeline, as it does when somebody puts a file there by hand.
        const key = `personalize/config/${basename(values.config)}`;
        await clients.s3.send(
          new PutObjectCommand({
            Bucket: target.bucket,
            Key: key,
            Body: await readFile(values.config),
            ContentType: 'application/json',
          }),
        );
        const place = `s3://${target.bucket}/${key}`;
        return { text: `Uploaded to ${place}: the pipeline starts.`, json: { configuration: place } };
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
