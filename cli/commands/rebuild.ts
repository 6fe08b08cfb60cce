// rebuild: writes what DynamoDB knows and a new dataset group cannot have yet as CSV files where the pipeline imports from, and starts it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import { DEPLOYMENT_OPTIONS } from '../deployment';
import { tickedGroups } from '../executions';
import { collect } from '../rebuild/collect';
import { readDataset } from '../rebuild/dataset';
import { report } from '../rebuild/report';
import { sparingProgress } from '../rebuild/sparing';
import { streamLikes } from '../rebuild/stream-likes';
import { refuseOtherFiles, upload } from '../rebuild/upload';
import { readTarget, type Target } from '../target';

type Used = Pick<Clients, 'cloudFormation' | 'dynamodb' | 'personalize' | 'events' | 's3' | 'stepFunctions'>;

export function rebuild(clients: Used): Command {
  return {
    name: 'rebuild',
    summary:
      'Fills a new dataset group from DynamoDB: pictures, visitors, and the likes that it cannot have yet.',
    options: {
      ...DEPLOYMENT_OPTIONS,
      'dry-run': { type: 'boolean', description: 'count and check, and touch nothing' },
      'no-train': { type: 'boolean', description: 'do not start the pipeline, which imports the files' },
    },
    async run(values, _, rim) {
      const target = await readTarget(clients, values);
      const { deployment } = target;
      const datasets = {
        Items: await readDataset(clients.personalize, target.datasetArn('ITEMS')),
        Users: await readDataset(clients.personalize, target.datasetArn('USERS')),
        Interactions: await readDataset(clients.personalize, target.datasetArn('INTERACTIONS')),
      };
      await refuseOtherFiles(clients.s3, target);
      const starts = !values['dry-run'] && !values['no-train'];
      if (starts) await refuseWhileRunning(clients.stepFunctions, target);
      const folder = await mkdtemp(join(tmpdir(), 'gallery-rebuild-'));
      try {
        const collected = await collect({ dynamodb: clients.dynamodb, deployment, datasets, folder }, rim);
        const shown = report(target, collected, datasets.Interactions.madeAt);
        if (values['dry-run']) return { ...shown, text: `${shown.text}\n\nNothing was touched.` };
        await upload(clients.s3, target, collected, rim);
        if (collected.fewLikes) {
          const trackingId = deployment.output('TrackingId');
          const tell = sparingProgress(rim);
          await streamLikes(clients.events, trackingId, collected.fewLikes, (sent) => {
            tell(`streamed ${sent} likes`);
          });
        }
        if (!starts) {
          return { ...shown, text: `${shown.text}\n\n"npm run gallery -- train" imports the files.` };
        }
        const { executionArn } = await clients.stepFunctions.send(
          new StartExecutionCommand({
            stateMachineArn: deployment.output('PipelineArn'),
            input: JSON.stringify({ reason: 'operator' }),
          }),
        );
        const text = `${shown.text}\n\nStarted ${executionArn}, which imports and trains. "wait" follows it.`;
        return { text, json: { ...shown.json, executionArn } };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** What is imported while it is uploaded would be half of it. @throws UserError */
async function refuseWhileRunning(
  client: Clients['stepFunctions'],
  { deployment, galleryGroup }: Target,
): Promise<void> {
  const ticked = await tickedGroups(client, deployment.output('PipelineArn'));
  if (!ticked.has(undefined) && !ticked.has(galleryGroup)) return;
  throw new UserError(
    `the pipeline is running in ${galleryGroup}: "wait" follows it to its end, or use --no-train. Nothing was uploaded.`,
  );
}
