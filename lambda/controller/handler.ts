// The controller's two functions. `handler` is one tick of one dataset group, for the state machine; `sweep` runs each minute, and when
// something happened, and starts the state machine for every group where something is due and nothing runs.
import { randomUUID } from 'node:crypto';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { clientLimits } from '../shared/clients';
import { readList } from '../shared/configuration/passable';
import { readTotals, type TotalsReading } from '../shared/data/totals';
import { neededBy } from '../shared/minimum';
import { requireCount, requireEnv } from '../shared/require-env';
import { sleep } from '../shared/retry';
import { paced, personalizeApi } from './api';
import { confirmMinimum, countDelivered } from './delivered-likes';
import { type ExecutionPorts, tickOf } from './execution';
import { executions } from './executions';
import { fileReader, filesOf, listFiles } from './files';
import { galleryDeclaration, type ServableModel, servableModels } from './gallery';
import { type Memo, observe } from './observe';
import { askForTraining, readGroups, rowStore } from './rows';
import { sharedPace } from './shared-pace';
import { sweepGroups } from './sweep';
import { teller } from './tell';
import type { TickInput, TickOutput } from './tick-output';
import { wantedOf } from './wanted';

const datasetGroupArn = requireEnv('DATASET_GROUP_ARN');
const arnBase = datasetGroupArn.slice(0, datasetGroupArn.lastIndexOf(':'));
const galleryGroup = datasetGroupArn.slice(datasetGroupArn.indexOf('/') + 1);
const bucket = requireEnv('GALLERY_BUCKET');
const totalsTable = requireEnv('TOTALS_TABLE');
const minimum = { users: requireCount('MINIMUM_USERS'), interactions: requireCount('MINIMUM_INTERACTIONS') };
const serviceRoleArn = requireEnv('SERVICE_ROLE_ARN');
const gate = {
  metric: requireEnv('GATE_METRIC'),
  minimumRatioToBaseline: Number(requireEnv('GATE_RATIO_TO_BASELINE')),
  minimumRatioToServed: Number(requireEnv('GATE_RATIO_TO_SERVED')),
  standardErrors: Number(requireEnv('GATE_STANDARD_ERRORS')),
};
const served = requireEnv('CAMPAIGNS')
  .split(',')
  .filter((name): name is ServableModel => servableModels.some((known) => known === name));

const dynamodb = new DynamoDBClient(clientLimits());
const s3 = new S3Client({});
const table = { dynamodb, table: requireEnv('RUNS_TABLE') };
// The SDK's own retries would come within a second.
const clock = { now: Date.now, sleep };
const api = paced(personalizeApi({ maxAttempts: 1 }), { ...clock, others: sharedPace(table, clock) });
const memo: Memo = new Map();
const likes = {
  ...{ dynamodb, events: new PersonalizeEventsClient(clientLimits()), totalsTable, now: Date.now },
  likesTable: requireEnv('LIKES_TABLE'),
  undeliveredTable: requireEnv('UNDELIVERED_TABLE'),
  trackingId: requireEnv('TRACKING_ID'),
  minimum,
};
const gallery = galleryDeclaration({
  ...{ datasetGroup: galleryGroup, served, schedule: requireEnv('TRAINING_SCHEDULE') },
  ...{ gate, minimum, bucket, serviceRoleArn },
});
const passable = {
  galleryGroup,
  roles: readList(requireEnv('ROLES_FOR_FILES')),
  keys: readList(requireEnv('KEYS_FOR_FILES')),
};
const readFile = fileReader(s3, bucket, passable);
const declared = { gallery, gate, bucket, serviceRoleArn, readFile, listFiles: () => listFiles(s3, bucket) };
const runs = executions(new SFNClient(clientLimits()), requireEnv('PIPELINE_ARN'));
const tell = teller({
  ...{ table, topicArn: requireEnv('TOPIC_ARN'), now: Date.now },
  sns: new SNSClient(clientLimits()),
  eventBridge: new EventBridgeClient(clientLimits()),
  cloudWatch: new CloudWatchClient(clientLimits()),
});

const totals = () => readTotals(dynamodb, totalsTable, { random: Math.random, sleep });

/** What was accepted, whether Amazon Personalize counts it or not. */
const accepted = ({ users, interactions, qualifiedUsers, uncounted }: TotalsReading) => ({
  users,
  interactions: interactions + uncounted.interactions,
  qualifiedUsers: qualifiedUsers + uncounted.qualifiedUsers,
});

/** Before the first training, and once there may be enough, what counts is counted. What has been trained had enough. */
async function progress(isTrained: boolean) {
  const counted = await totals();
  if (!neededBy(accepted(counted), minimum).isEnough) return counted;
  if (!isTrained) return countDelivered(likes, counted);
  if (!counted.confirmed) await confirmMinimum(likes);
  return counted;
}

const execution: ExecutionPorts = {
  ...{ galleryGroup, arnBase, api, now: Date.now, uniqueId: randomUUID, store: rowStore(table) },
  ...tell,
  isRunning: runs.isRunning,
  askForTraining: (arn, at) => askForTraining(table, arn, at),
  wanted: (name, row) => wantedOf(declared, name, row),
  observe: (declaration, { schemas }) =>
    observe(
      { ...{ api, memo, arnBase, schemas, progress }, filesOf: (each) => filesOf(s3, each) },
      declaration,
    ),
};

export const handler = (input: TickInput): Promise<TickOutput> => tickOf(execution, input);

interface SweepEvent {
  readonly 'detail-type'?: string;
  /** Of an event of Amazon S3. */
  readonly detail?: { readonly object?: { readonly key?: string } };
}

/** Events only make it sooner: it finds by itself what is due. */
export async function sweep({
  detail,
  'detail-type': type,
}: SweepEvent): Promise<{ readonly started: readonly string[] }> {
  return sweepGroups({
    ...{ fileKey: detail?.object?.key, hasCome: type === 'Object Created' },
    tellMisplaced: tell.misplaced,
    ...{ galleryGroup, arnBase, declared, runs, now: Date.now() },
    rows: await readGroups(table),
    isEnough: async () => {
      const counted = await totals();
      // What was on its way when they were counted may have arrived.
      return neededBy(counted.undelivered > 0 ? accepted(counted) : counted, minimum).isEnough;
    },
  });
}
