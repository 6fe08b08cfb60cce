// train: starts a training of a dataset group, or brings a configuration file where the controller looks for it; follows it to its end
// if asked to.
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { type GroupRow, likesAwaited } from '../../lambda/controller/group-row';
import { readGroups } from '../../lambda/controller/rows';
import type { Clients } from '../clients';
import { type Command, type Result, type Rim, UserError } from '../command';
import { readText } from '../files';
import { type FollowClients, follow, followedResult } from '../follow';
import { runsTable } from '../group-rows';
import { GROUP_OPTIONS, readTarget, type Target, type TargetClients } from '../target';
import { pollingInterval, waitFor } from '../wait-for';
import { readRightFile } from './config-check';
import { keyOf } from './plan';

type Used = TargetClients & FollowClients & Pick<Clients, 's3'>;

/** The controller looks each minute, and sooner when an event of Amazon S3 tells it. */
const START_WITHIN_MS = 120_000;

interface Started {
  readonly datasetGroup: string;
  readonly text: string;
  readonly json: object;
}

export function train(clients: Used): Command {
  return {
    name: 'train',
    summary: 'Starts a training, or hands a configuration file over. "wait" follows it.',
    options: {
      ...GROUP_OPTIONS,
      config: {
        type: 'string',
        value: 'FILE',
        description: 'a configuration file (default: what is declared already is trained anew)',
      },
      wait: { type: 'boolean', description: 'follow it to its end, and fail when it fails' },
    },
    async run(values, _, rim): Promise<Result> {
      const { config } = values;
      if (config !== undefined && values['dataset-group'] !== undefined) {
        throw new UserError('--config names its dataset group itself: leave --dataset-group out', true);
      }
      const target = await readTarget(clients, values);
      const right = config === undefined ? undefined : await readRightFile(String(config), target.passable);
      const begunAt = new Date(rim.now()).toISOString();
      const group = right?.configuration.datasetGroup?.serviceConfig.name ?? target.group;
      const started =
        config === undefined
          ? await start(clients, target)
          : await handOver(clients, target, { file: String(config), group }, rim);
      if (!values.wait) return started;
      rim.progress(started.text);
      const followed = await follow(clients, target, [started.datasetGroup], begunAt, rim);
      return followedResult(followed, started.json);
    },
  };
}

/** The execution writes down that an operator asks; if another one ticks the group already, that one trains. */
async function start(clients: Used, target: Target): Promise<Started> {
  const { stepFunctions } = clients;
  const { deployment, isGallery, group } = target;
  const rows = await readGroups(runsTable(clients, target));
  const waiting = rows.filter(({ datasetGroup }) => datasetGroup.name === group).flatMap(likesAwaited);
  const later = waiting.length > 0 ? `; it trains by itself, and waits for ${waiting.join(', ')}` : '';
  const { executionArn = '' } = await stepFunctions.send(
    new StartExecutionCommand({
      stateMachineArn: deployment.output('PipelineArn'),
      input: JSON.stringify({ reason: 'operator', ...(!isGallery && { datasetGroup: group }) }),
    }),
  );
  return {
    datasetGroup: group,
    text: `Started ${executionArn}${later}`,
    json: { executionArn, ...(waiting.length > 0 && { waiting }) },
  };
}

/** The upload starts it, as it does when somebody puts a file there by hand. */
async function handOver(
  clients: Used,
  target: Target,
  { file, group }: { readonly file: string; readonly group: string },
  rim: Rim,
): Promise<Started> {
  const key = keyOf(file);
  const place = `s3://${target.bucket}/${key}`;
  const rowOf = async (): Promise<GroupRow | undefined> =>
    (await readGroups(runsTable(clients, target))).find(({ datasetGroup }) => datasetGroup.name === group);
  const before = await rowOf();
  await clients.s3.send(
    new PutObjectCommand({
      ...{ Bucket: target.bucket, Key: key, Body: await readText(file) },
      ContentType: 'application/json',
    }),
  );
  const uploadedAt = rim.now();
  // Another execution may be at work in the group: it takes the file, too, at its next look.
  const isTaken = (row: GroupRow | undefined) =>
    row !== undefined && (row.execution !== before?.execution || row.observedAt !== before?.observedAt);
  const row = await waitFor(
    {
      look: rowOf,
      isDone: (seen) => isTaken(seen) || rim.now() - uploadedAt > START_WITHIN_MS,
      tell: (seen) => `uploaded to ${place}${isTaken(seen) ? '' : ', the controller is to look at it'}`,
      everyMs: pollingInterval(process.env.AWS_ENDPOINT_URL),
    },
    rim,
  );
  if (!isTaken(row)) {
    throw new UserError(
      `${place} is uploaded, but the controller has not looked at it within two minutes: see given-up-training-starts in docs/runbook.md`,
    );
  }
  const executionArn = row?.execution;
  return {
    datasetGroup: group,
    text: `Started ${executionArn} for ${place}`,
    json: { configuration: place, executionArn },
  };
}
