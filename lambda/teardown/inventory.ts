// What is left of a dataset group in Amazon Personalize: everything that its deletion has to go through, with statuses.
import {
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  type PersonalizeClient,
  paginateListCampaigns,
  paginateListDatasetImportJobs,
  paginateListDatasets,
  paginateListEventTrackers,
  paginateListFilters,
  paginateListMetricAttributions,
  paginateListRecommenders,
  paginateListSolutions,
  paginateListSolutionVersions,
} from '@aws-sdk/client-personalize';
import { isInProgress, unlessGone } from '../shared/personalize/life-cycle';

export const kinds = [
  'campaign',
  'recommender',
  'solution version',
  'solution',
  'event tracker',
  'metric attribution',
  'filter',
  'import job',
  'dataset',
  'dataset group',
  'schema',
] as const;
export type Kind = (typeof kinds)[number];

export interface Remaining {
  readonly kind: Kind;
  readonly arn: string;
  /** As the service spells it; schemas have none and are always ACTIVE here. */
  readonly status: string;
}

async function list<Page, Row extends { readonly status?: string }>(
  kind: Kind,
  pages: AsyncIterable<Page>,
  rows: (page: Page) => readonly Row[] | undefined,
  arnOf: (row: Row) => string | undefined,
): Promise<Remaining[]> {
  const found: Remaining[] = [];
  for await (const page of pages) {
    for (const row of rows(page) ?? []) {
      const arn = arnOf(row);
      if (arn) found.push({ kind, arn, status: row.status ?? 'ACTIVE' });
    }
  }
  return found;
}

/** Everything trained in the group: campaigns, recommenders, solutions and the versions still in training. */
export async function listTrained(client: PersonalizeClient, datasetGroupArn: string): Promise<Remaining[]> {
  const solutions = await list(
    'solution',
    paginateListSolutions({ client }, { datasetGroupArn }),
    (page) => page.solutions,
    (row) => row.solutionArn,
  );
  const below: Remaining[] = [];
  for (const { arn: solutionArn } of solutions) {
    below.push(
      ...(await list(
        'campaign',
        paginateListCampaigns({ client }, { solutionArn }),
        (page) => page.campaigns,
        (row) => row.campaignArn,
      )),
    );
    const versions = await unlessGone(
      list(
        'solution version',
        paginateListSolutionVersions({ client }, { solutionArn }),
        (page) => page.solutionVersions,
        (row) => row.solutionVersionArn,
      ),
    );
    below.push(...(versions ?? []).filter(({ status }) => isInProgress(status)));
  }
  const recommenders = await list(
    'recommender',
    paginateListRecommenders({ client }, { datasetGroupArn }),
    (page) => page.recommenders,
    (row) => row.recommenderArn,
  );
  return [...below, ...recommenders, ...solutions];
}

/** The group's datasets, the one that an event tracker made by itself included, and the imports that hold them. */
export async function listDatasets(client: PersonalizeClient, datasetGroupArn: string): Promise<Remaining[]> {
  const datasets = await list(
    'dataset',
    paginateListDatasets({ client }, { datasetGroupArn }),
    (page) => page.datasets,
    (row) => row.datasetArn,
  );
  const imports: Remaining[] = [];
  for (const { arn: datasetArn } of datasets) {
    const jobs = await list(
      'import job',
      paginateListDatasetImportJobs({ client }, { datasetArn }),
      (page) => page.datasetImportJobs,
      (row) => row.datasetImportJobArn,
    );
    imports.push(...jobs.filter(({ status }) => isInProgress(status)));
  }
  return [...imports, ...datasets];
}

/** The schemas that the group's datasets use now. They outlive the datasets, so they are asked for before. */
export async function schemasOf(
  client: PersonalizeClient,
  datasets: readonly Remaining[],
): Promise<string[]> {
  const found = new Set<string>();
  for (const { arn: datasetArn } of datasets.filter(({ kind }) => kind === 'dataset')) {
    const answer = await unlessGone(client.send(new DescribeDatasetCommand({ datasetArn })));
    if (answer?.dataset?.schemaArn) found.add(answer.dataset.schemaArn);
  }
  return [...found];
}

/** Trackers, metric attributions and filters. */
export async function listAttached(client: PersonalizeClient, datasetGroupArn: string): Promise<Remaining[]> {
  return [
    ...(await list(
      'event tracker',
      paginateListEventTrackers({ client }, { datasetGroupArn }),
      (page) => page.eventTrackers,
      (row) => row.eventTrackerArn,
    )),
    ...(await list(
      'metric attribution',
      paginateListMetricAttributions({ client }, { datasetGroupArn }),
      (page) => page.metricAttributions,
      (row) => row.metricAttributionArn,
    )),
    ...(await list(
      'filter',
      paginateListFilters({ client }, { datasetGroupArn }),
      (page) => page.Filters,
      (row) => row.filterArn,
    )),
  ];
}

export async function findGroup(
  client: PersonalizeClient,
  datasetGroupArn: string,
): Promise<Remaining | undefined> {
  const answer = await unlessGone(client.send(new DescribeDatasetGroupCommand({ datasetGroupArn })));
  return (
    answer && { kind: 'dataset group', arn: datasetGroupArn, status: answer.datasetGroup?.status ?? 'ACTIVE' }
  );
}
