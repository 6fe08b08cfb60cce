// The dataset group that bench:personalize makes in its server, and what is done with it.
import { REGION } from '../test/local/calls';
import type { StandaloneServer } from './standalone-server';

export const ACCOUNT = '000000000000';
const arn = (id: string) => `arn:aws:personalize:${REGION}:${ACCOUNT}:${id}`;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/Personalize`;
const GROUP = arn('dataset-group/bench');
const DATASET = arn('dataset/bench/INTERACTIONS');

const SCHEMA = JSON.stringify({
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  fields: [
    { name: 'USER_ID', type: 'string' },
    { name: 'ITEM_ID', type: 'string' },
    { name: 'TIMESTAMP', type: 'long' },
    { name: 'EVENT_TYPE', type: 'string' },
  ],
  version: '1.0',
});

/** A solution version and the campaign that serves it. */
export interface Served {
  readonly solutionVersionArn: string;
  readonly campaignArn: string;
}

/** The tracking ID. */
export async function makeGroup(server: StandaloneServer): Promise<string> {
  await server.call('CreateDatasetGroup', { name: 'bench' });
  await server.settle('DescribeDatasetGroup', { datasetGroupArn: GROUP });
  const { schemaArn } = await server.call('CreateSchema', { name: 'bench', schema: SCHEMA });
  await server.call('CreateDataset', {
    name: 'bench',
    datasetType: 'Interactions',
    datasetGroupArn: GROUP,
    schemaArn,
  });
  await server.settle('DescribeDataset', { datasetArn: DATASET });
  const { eventTrackerArn, trackingId } = await server.call('CreateEventTracker', {
    name: 'bench',
    datasetGroupArn: GROUP,
  });
  await server.settle('DescribeEventTracker', { eventTrackerArn });
  return trackingId as string;
}

/** Imports `s3://bucket/<job name>.csv`. */
export async function importFile(server: StandaloneServer, jobName: string): Promise<void> {
  const { datasetImportJobArn } = await server.call('CreateDatasetImportJob', {
    jobName,
    datasetArn: DATASET,
    roleArn: ROLE,
    dataSource: { dataLocation: `s3://bucket/${jobName}.csv` },
  });
  await server.settle('DescribeDatasetImportJob', { datasetImportJobArn });
}

export async function makeCampaign(server: StandaloneServer, recipe: string): Promise<Served> {
  const { solutionArn } = await server.call('CreateSolution', {
    name: recipe,
    datasetGroupArn: GROUP,
    recipeArn: `arn:aws:personalize:::recipe/${recipe}`,
    performAutoTraining: false,
  });
  await server.settle('DescribeSolution', { solutionArn });
  const { solutionVersionArn } = await server.call('CreateSolutionVersion', { solutionArn });
  await server.settle('DescribeSolutionVersion', { solutionVersionArn });
  const { campaignArn } = await server.call('CreateCampaign', { name: recipe, solutionVersionArn });
  await server.settle('DescribeCampaign', { campaignArn });
  return { solutionVersionArn: solutionVersionArn as string, campaignArn: campaignArn as string };
}
