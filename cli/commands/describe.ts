// describe: writes the configuration file that a dataset group as it is would have, whoever made it: for adopting it, or as a start.
import {
  type CampaignSummary,
  DescribeCampaignCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeFilterCommand,
  DescribeRecommenderCommand,
  DescribeSchemaCommand,
  DescribeSolutionCommand,
  type PersonalizeClient,
  paginateListCampaigns,
  paginateListDatasets,
  paginateListEventTrackers,
  paginateListFilters,
  paginateListRecommenders,
  paginateListSolutions,
  ResourceNotFoundException,
} from '@aws-sdk/client-personalize';
import { type Configuration, datasetTypes, sectionOf } from '../../lambda/shared/configuration/configuration';
import { readConfiguration } from '../../lambda/shared/configuration/read';
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import { GROUP_OPTIONS, readTarget } from '../target';

export function describe(clients: Pick<Clients, 'cloudFormation' | 'personalize'>): Command {
  return {
    name: 'describe',
    summary: 'Writes a dataset group that is there as a configuration file.',
    options: { ...GROUP_OPTIONS, 'dataset-group': { ...GROUP_OPTIONS['dataset-group'], required: true } },
    async run(values) {
      const target = await readTarget(clients.cloudFormation, values);
      const configuration = await describeGroup(clients.personalize, target.datasetGroupArn);
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
  const solutions = await solutionsOf(client, datasetGroupArn);
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

async function solutionsOf(client: PersonalizeClient, datasetGroupArn: string) {
  const found: Described[] = [];
  for await (const page of paginateListSolutions({ client }, { datasetGroupArn })) {
    for (const { solutionArn } of page.solutions ?? []) {
      const { solution } = await client.send(new DescribeSolutionCommand({ solutionArn }));
      // What AutoML chose is no setting.
      const { recipeArn, ...rest } = solution ?? {};
      const given = solution?.performAutoML ? rest : { ...rest, recipeArn };
      const campaigns = await campaignsOf(client, solutionArn);
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
        ...(campaigns.length > 0 && { campaigns }),
      });
    }
  }
  return found;
}

async function campaignsOf(client: PersonalizeClient, solutionArn: string | undefined) {
  const summaries: CampaignSummary[] = [];
  for await (const { campaigns = [] } of paginateListCampaigns({ client }, { solutionArn })) {
    summaries.push(...campaigns);
  }
  const found: Described[] = [];
  for (const { campaignArn } of summaries) {
    const { campaign = {} } = await client.send(new DescribeCampaignCommand({ campaignArn }));
    found.push({ serviceConfig: members(campaign, ['name', 'minProvisionedTPS', 'campaignConfig']) });
  }
  return found;
}
