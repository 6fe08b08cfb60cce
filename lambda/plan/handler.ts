// Plans a run of the training pipeline: reads the configuration file that it was started for, or takes the gallery's own
// configuration, and spells out what there is to do. A configuration with problems is refused before anything is made.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { clientLimits } from '../shared/clients';
import type { Configuration } from '../shared/configuration/configuration';
import { readConfiguration } from '../shared/configuration/read';
import { readTotals } from '../shared/data/totals';
import type { Plan, QualityGate } from '../shared/pipeline/plan';
import { requireEnv } from '../shared/require-env';
import { sleep } from '../shared/retry';
import {
  BASELINE,
  galleryConfiguration,
  galleryImports,
  type ServableSolution,
  servableSolutions,
  testUsersOf,
} from './gallery';
import { planFor, type Surroundings } from './planner';

export interface PlanRequest {
  readonly reason: string;
  /** Key of a configuration file in the gallery bucket. */
  readonly configurationKey?: string;
  /** The schedule of the file that the run was started by: only what is due then is planned. */
  readonly schedule?: string;
}

/** What is wrong with a configuration file: each problem on a line of its own, with its place. */
export class ConfigurationRefused extends Error {
  override readonly name = 'ConfigurationRefused';
}

const s3 = new S3Client({});
const dynamodb = new DynamoDBClient(clientLimits());
const bucket = requireEnv('GALLERY_BUCKET');
const totalsTable = requireEnv('TOTALS_TABLE');
const datasetGroupArn = requireEnv('DATASET_GROUP_ARN');
const [, partition = '', , region = '', accountId = '', resource = ''] = datasetGroupArn.split(':');
const datasetGroup = { name: resource.slice('dataset-group/'.length), arn: datasetGroupArn };

const bars: QualityGate = {
  metric: requireEnv('GATE_METRIC'),
  minimumRatioToBaseline: Number(requireEnv('GATE_RATIO_TO_BASELINE')),
  minimumRatioToServed: Number(requireEnv('GATE_RATIO_TO_SERVED')),
  standardErrors: Number(requireEnv('GATE_STANDARD_ERRORS')),
};

const surroundings: Omit<Surroundings, 'now' | 'gate'> = {
  partition,
  region,
  accountId,
  bucket,
  datasetGroup,
  serviceRoleArn: requireEnv('SERVICE_ROLE_ARN'),
};

const served = requireEnv('CAMPAIGNS')
  .split(',')
  .filter((name): name is ServableSolution => servableSolutions.some((known) => known === name));

async function configurationAt(key: string): Promise<Configuration> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const result = readConfiguration((await Body?.transformToString('utf-8')) ?? '');
  if (result.ok) return result.configuration;
  const lines = result.problems.map(
    ({ path, line, column, message }) => `${key}:${line}:${column} ${path || 'file'}: ${message}`,
  );
  throw new ConfigurationRefused(lines.join('\n'));
}

/** The gate of the gallery's own dataset group, whose people the totals count; those of a bulk import are not among them. */
async function galleryGate(): Promise<QualityGate> {
  const { qualifiedUsers } = await readTotals(dynamodb, totalsTable, { random: Math.random, sleep });
  return { ...bars, ...testUsersOf(qualifiedUsers) };
}

export async function handler({ configurationKey, schedule }: PlanRequest): Promise<Plan> {
  const around: Surroundings = { ...surroundings, gate: await galleryGate(), now: Date.now() };
  if (configurationKey) return planFor(await configurationAt(configurationKey), around, schedule);
  const baselineSolutionArn = `arn:${partition}:personalize:${region}:${accountId}:solution/${datasetGroup.name}-${BASELINE}`;
  const gate = { ...around.gate, baselineSolutionArn };
  const plan = planFor(galleryConfiguration(datasetGroup.name, served), { ...around, gate });
  return { ...plan, imports: galleryImports(around) };
}
