// metrics: the offline metrics of every solution version, group by group, newest first, side by side.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetSolutionMetricsCommand,
  paginateListSolutions,
  paginateListSolutionVersions,
  ResourceNotFoundException,
} from '@aws-sdk/client-personalize';
import { readGroups } from '../../lambda/controller/rows';
import type { Clients } from '../clients';
import type { Command, Values } from '../command';
import { textTable } from '../table';
import { GROUP_OPTIONS, readTarget, type Target } from '../target';

interface VersionMetrics {
  readonly datasetGroup: string;
  readonly solution: string;
  readonly version: string;
  readonly trainedAt: string;
  readonly metrics: Readonly<Record<string, number>>;
}

export function metrics(clients: Pick<Clients, 'cloudFormation' | 'dynamodb' | 'personalize'>): Command {
  return {
    name: 'metrics',
    summary: 'Compares the offline metrics of all trained versions.',
    options: GROUP_OPTIONS,
    async run(values) {
      const target = await readTarget(clients.cloudFormation, values);
      const versions: VersionMetrics[] = [];
      for (const arn of await groupsOf(clients.dynamodb, target, values)) {
        versions.push(...(await trainedVersions(clients.personalize, arn)));
      }
      const keys = [...new Set(versions.flatMap((version) => Object.keys(version.metrics)))].sort();
      const rows = versions.map(({ datasetGroup, solution, version, trainedAt, metrics: values }) => [
        datasetGroup,
        solution,
        version.slice(version.lastIndexOf('/') + 1),
        trainedAt.slice(0, 16),
        ...keys.map((key) => values[key]?.toFixed(4) ?? '–'),
      ]);
      const header = ['dataset group', 'solution', 'version', 'trained', ...keys.map(shortName)];
      return { text: rows.length > 0 ? textTable(header, rows) : 'Nothing was trained yet.', json: versions };
    },
  };
}

/** The group that is meant, or all that the deployment looks after. */
async function groupsOf(dynamodb: DynamoDBClient, target: Target, values: Values): Promise<string[]> {
  if (values['dataset-group'] !== undefined) return [target.datasetGroupArn];
  const rows = await readGroups({ dynamodb, table: target.deployment.output('RunsTableName') });
  // A row may stand for a file at fault, or for a group that is gone.
  const declared = rows.filter(
    ({ sources, datasetGroup }) => sources.length > 0 && !datasetGroup.name.includes('/'),
  );
  return [...new Set([target.datasetGroupArn, ...declared.map(({ datasetGroup }) => datasetGroup.arn)])];
}

const shortName = (metric: string): string =>
  metric
    .replace('normalized_discounted_cumulative_gain', 'ndcg')
    .replace('mean_reciprocal_rank', 'mrr')
    .replace('_at_', '@');

async function trainedVersions(
  client: Clients['personalize'],
  datasetGroupArn: string,
): Promise<VersionMetrics[]> {
  const found: VersionMetrics[] = [];
  for await (const { solutions = [] } of paginateListSolutions({ client }, { datasetGroupArn })) {
    for (const { solutionArn, name = '' } of solutions) {
      for await (const { solutionVersions = [] } of paginateListSolutionVersions(
        { client },
        { solutionArn },
      )) {
        for (const { solutionVersionArn = '', status, creationDateTime } of solutionVersions) {
          if (status !== 'ACTIVE') continue;
          const trainedAt = creationDateTime?.toISOString() ?? '';
          const values = await metricsOf(client, solutionVersionArn);
          found.push({
            datasetGroup: datasetGroupArn.slice(datasetGroupArn.indexOf('/') + 1),
            solution: name,
            version: solutionVersionArn,
            trainedAt,
            metrics: values,
          });
        }
      }
    }
  }
  return found.sort((a, b) => b.trainedAt.localeCompare(a.trainedAt));
}

/** Update trainings have no metrics. */
async function metricsOf(client: Clients['personalize'], solutionVersionArn: string) {
  try {
    const { metrics: values = {} } = await client.send(new GetSolutionMetricsCommand({ solutionVersionArn }));
    return values;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return {};
    throw error;
  }
}
