// describe: writes the configuration file that a dataset group as it is would have, whoever made it: for adopting it, or as a start.
import {
  DescribeCampaignCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeFilterCommand,
  DescribeRecommenderCommand,
  DescribeSchemaCommand,
  DescribeSolutionCommand,
  type PersonalizeClient,
  paginateListDatasets,
  paginateListEventTrackers,
  paginateListFilters,
  paginateListRecommenders,
  ResourceNotFoundException,
} from '@aws-sdk/client-personalize';
import { type Configuration, datasetTypes, sectionOf } from '../../lambda/shared/configuration/configuration';
import { readConfiguration } from '../../lambda/shared/configuration/read';
import { type Command, UserError } from '../command';
import { solutionsOf } from '../solutions';
import { GROUP_OPTIONS, readTarget, type Target, type TargetClients } from '../target';

export function describe(clients: TargetClients): Command {
  return {
    name: 'describe',
    summary: 'Writes a dataset group that is there as a configuration file.',
    options: { ...GROUP_OPTIONS, 'dataset-group': { ...GROUP_OPTIONS['dataset-group'], required: true } },
    async run(values) {
      const target = await readTarget(clients, values);
      const described = await describeGroup(clients.personalize, target.datasetGroupArn);
      const configuration = target.isGallery ? besideTheGallery(described, target) : described;
      const text = JSON.stringify(configuration, null, 2);
      const read = readConfiguration(text);
      if (!read.ok) {
        const faults = read.problems.map(({ path, message }) => `${path}: ${message}`);
        throw new UserError(`${target.group} cannot be said by a configuration file:\n${faults.join('\n')}`);
      }
      return { text, json: configuration };
    },
  };
}

type Described = Readonly<Record<string, unknown>>;

interface Named {
  readonly serviceConfig: { readonly name?: string };
}

/**
 * What files may have made in the gallery's own group: the rest is declared by the stacks and the settings.
 *
 * @throws UserError when there is nothing else
 */
function besideTheGallery(
  { filters = [], recommenders = [], solutions = [] }: Described,
  { group }: Pick<Target, 'group'>,
): Described {
  const kept = Object.entries({ filters, recommenders, solutions }).flatMap(([section, all]) => {
    const others = (all as Named[]).filter(
      ({ serviceConfig }) => !serviceConfig.name?.startsWith(`${group}-`),
    );
    return others.length > 0 ? [[section, others]] : [];
  });
  if (kept.length > 0) return Object.fromEntries(kept);
  throw new UserError(
    `${group} has nothing that the stacks and the settings do not declare: no file is needed`,
  );
}

/** Members that are there, without what the service adds by itself. */
function members(resource: object, names: readonly string[]): Described {
  const entries = Object.entries(resource).filter(
    ([name, value]) => names.includes(name) && value !== undefined && value !== null,
  );
  return Object.fromEntries(entries);
}

/** @throws UserError when there is no such group */
export async function describeGroup(client: PersonalizeClient, datasetGroupArn: string): Promise<Described> {
  const group = await client.send(new DescribeDatasetGroupCommand({ datasetGroupArn })).catch((error) => {
    if (error instanceof ResourceNotFoundException) throw new UserError(`there is no ${datasetGroupArn}`);
    throw error;
  });
  const eventTracker = await trackerOf(client, datasetGroupArn);
  const filters = await filtersOf(client, datasetGroupArn);
  const recommenders = await recommendersOf(client, datasetGroupArn);
  const solutions = await describedSolutions(client, datasetGroupArn);
  return {
    datasetGroup: {
      serviceConfig: members(group.datasetGroup ?? {}, ['name', 'domain', 'roleArn', 'kmsKeyArn']),
    },
    datasets: await datasetsOf(client, datasetGroupArn),
    ...(eventTracker && { eventTracker }),
    ...(filters.length > 0 && { filters }),
    ...(recommenders.length > 0 && { recommenders }),
    ...(solutions.length > 0 && { solutions }),
  } satisfies { [Section in keyof Configuration]?: unknown };
}

async function datasetsOf(client: PersonalizeClient, datasetGroupArn: string): Promise<Described> {
  const datasets: Record<string, unknown> = {};
  for await (const page of paginateListDatasets({ client }, { datasetGroupArn })) {
    for (const { datasetArn } of page.datasets ?? []) {
      const { dataset } = await client.send(new DescribeDatasetCommand({ datasetArn }));
      const type = datasetTypes.find((known) => known.toUpperCase() === dataset?.datasetType?.toUpperCase());
      // A tracker's own dataset of old is nothing that one declares.
      if (!type) continue;
      const { schema } = await client.send(new DescribeSchemaCommand({ schemaArn: dataset?.schemaArn }));
      datasets[sectionOf(type)] = {
        serviceConfig: { name: dataset?.name },
        schema: { serviceConfig: { name: schema?.name, schema: JSON.parse(schema?.schema ?? '{}') } },
      };
    }
  }
  return datasets;
}

async function trackerOf(client: PersonalizeClient, datasetGroupArn: string) {
  for await (const { eventTrackers = [] } of paginateListEventTrackers({ client }, { datasetGroupArn })) {
    for (const { name } of eventTrackers) return { serviceConfig: { name } };
  }
  return undefined;
}

async function filtersOf(client: PersonalizeClient, datasetGroupArn: string) {
  const found: Described[] = [];
  for await (const { Filters = [] } of paginateListFilters({ client }, { datasetGroupArn })) {
    for (const { filterArn } of Filters) {
      const { filter = {} } = await client.send(new DescribeFilterCommand({ filterArn }));
      found.push({ serviceConfig: members(filter, ['name', 'filterExpression']) });
    }
  }
  return found;
}

async function recommendersOf(client: PersonalizeClient, datasetGroupArn: string) {
  const found: Described[] = [];
  for await (const page of paginateListRecommenders({ client }, { datasetGroupArn })) {
    for (const { recommenderArn } of page.recommenders ?? []) {
      const { recommender = {} } = await client.send(new DescribeRecommenderCommand({ recommenderArn }));
      found.push({ serviceConfig: members(recommender, ['name', 'recipeArn', 'recommenderConfig']) });
    }
  }
  return found;
}

async function describedSolutions(client: PersonalizeClient, datasetGroupArn: string) {
  const found: Described[] = [];
  for await (const { solution: summary, campaigns: summaries } of solutionsOf(client, datasetGroupArn)) {
    const { solution } = await client.send(new DescribeSolutionCommand({ solutionArn: summary.solutionArn }));
    // What AutoML chose is no setting.
    const { recipeArn, ...rest } = solution ?? {};
    const given = solution?.performAutoML ? rest : { ...rest, recipeArn };
    const campaigns: Described[] = [];
    for (const { campaignArn } of summaries) {
      const { campaign = {} } = await client.send(new DescribeCampaignCommand({ campaignArn }));
      campaigns.push({ serviceConfig: members(campaign, ['name', 'minProvisionedTPS', 'campaignConfig']) });
    }
    found.push({
      serviceConfig: members(given, [
        'name',
        'performHPO',
        'performAutoML',
        'performAutoTraining',
        'performIncrementalUpdate',
        'recipeArn',
        'eventType',
        'solutionConfig',
      ]),
      // What is adopted is not trained for it.
      ...(solution?.latestSolutionVersion && { workflowConfig: { maxAge: '365 days' } }),
      ...(campaigns.length > 0 && { campaigns }),
    });
  }
  return found;
}
