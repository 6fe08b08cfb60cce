// metrics: the offline metrics of every solution version, group by group, newest first, side by side.
import {
  GetSolutionMetricsCommand,
  type PersonalizeClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-personalize';
import type { Command } from '../command';
import { chosenRows, isGroup } from '../group-rows';
import { readyVersions, solutionsOf } from '../solutions';
import { textTable } from '../table';
import { GROUPS_OPTIONS, readTarget, type TargetClients } from '../target';

interface VersionMetrics {
  readonly datasetGroup: string;
  readonly solution: string;
  readonly version: string;
  readonly trainedAt: string;
  readonly metrics: Readonly<Record<string, number>>;
}

export function metrics(clients: TargetClients): Command {
  return {
    name: 'metrics',
    summary: 'Compares the offline metrics of all trained versions.',
    options: GROUPS_OPTIONS,
    async run(values) {
      const target = await readTarget(clients, values);
      const rows = (await chosenRows(clients, target, values)).filter(isGroup);
      const names = new Set([target.group, ...rows.map(({ datasetGroup }) => datasetGroup.name)]);
      const versions: VersionMetrics[] = [];
      for (const name of names) {
        versions.push(...(await trainedVersions(clients.personalize, name, target.groupArn(name))));
      }
      const keys = [...new Set(versions.flatMap((version) => Object.keys(version.metrics)))].sort();
      const cells = versions.map(({ datasetGroup, solution, version, trainedAt, metrics: values }) => [
        datasetGroup,
        solution,
        version.slice(version.lastIndexOf('/') + 1),
        trainedAt.slice(0, 16),
        ...keys.map((key) => values[key]?.toFixed(4) ?? '–'),
      ]);
      const header = ['dataset group', 'solution', 'version', 'trained', ...keys.map(shortName)];
      return {
        text: cells.length > 0 ? textTable(header, cells) : 'Nothing was trained yet.',
        json: versions,
      };
    },
  };
}

const shortName = (metric: string): string =>
  metric
    .replace('normalized_discounted_cumulative_gain', 'ndcg')
    .replace('mean_reciprocal_rank', 'mrr')
    .replace('_at_', '@');

async function trainedVersions(
  client: PersonalizeClient,
  datasetGroup: string,
  datasetGroupArn: string,
): Promise<VersionMetrics[]> {
  const found: VersionMetrics[] = [];
  for await (const { solution } of solutionsOf(client, datasetGroupArn)) {
    for (const { solutionVersionArn: version = '', creationDateTime } of await readyVersions(
      client,
      solution,
    )) {
      found.push({
        ...{ datasetGroup, solution: solution.name ?? '', version },
        trainedAt: creationDateTime?.toISOString() ?? '',
        metrics: await metricsOf(client, version),
      });
    }
  }
  return found.sort((a, b) => b.trainedAt.localeCompare(a.trainedAt));
}

/** Update trainings have no metrics. */
async function metricsOf(client: PersonalizeClient, solutionVersionArn: string) {
  try {
    const { metrics: values = {} } = await client.send(new GetSolutionMetricsCommand({ solutionVersionArn }));
    return values;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return {};
    throw error;
  }
}
