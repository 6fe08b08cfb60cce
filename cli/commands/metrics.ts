// metrics: the offline metrics of every solution version, newest first, side by side.
import {
  GetSolutionMetricsCommand,
  paginateListSolutions,
  paginateListSolutionVersions,
  ResourceNotFoundException,
} from '@aws-sdk/client-personalize';
import type { Clients } from '../clients';
import type { Command } from '../command';
import { DEPLOYMENT_OPTIONS } from '../deployment';
import { textTable } from '../table';
import { readTarget } from '../target';

interface VersionMetrics {
  readonly solution: string;
  readonly version: string;
  readonly trainedAt: string;
  readonly metrics: Readonly<Record<string, number>>;
}

export function metrics(clients: Pick<Clients, 'cloudFormation' | 'personalize'>): Command {
  return {
    name: 'metrics',
    summary: 'Compares the offline metrics of all trained versions.',
    options: DEPLOYMENT_OPTIONS,
    async run(values) {
      const { datasetGroupArn } = await readTarget(clients.cloudFormation, values);
      const versions = await trainedVersions(clients.personalize, datasetGroupArn);
      const keys = [...new Set(versions.flatMap((version) => Object.keys(version.metrics)))].sort();
      const rows = versions.map(({ solution, version, trainedAt, metrics: values }) => [
        solution,
        version.slice(version.lastIndexOf('/') + 1),
        trainedAt.slice(0, 16),
        ...keys.map((key) => values[key]?.toFixed(4) ?? '–'),
      ]);
      const header = ['solution', 'version', 'trained', ...keys.map(shortName)];
      return { text: rows.length > 0 ? textTable(header, rows) : 'Nothing was trained yet.', json: versions };
    },
  };
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
          found.push({ solution: name, version: solutionVersionArn, trainedAt, metrics: values });
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
