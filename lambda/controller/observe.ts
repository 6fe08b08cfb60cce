// Reads what is there of one dataset group. Nothing is remembered but what cannot change: settings of a solution as long as it was not
// updated, schemas, metrics and tags.
import type {
  BatchInferenceJobSummary,
  CampaignSummary,
  DatasetImportJobSummary,
  DatasetSummary,
  EventTrackerSummary,
  FilterSummary,
  RecommenderSummary,
  SolutionSummary,
  SolutionVersionSummary,
} from '@aws-sdk/client-personalize';
import { unlessGone } from '../shared/personalize/life-cycle';
import { callOn, memberOf, type ResourceKind } from './actions';
import type {
  Actual,
  ActualBatchJob,
  ActualCampaign,
  ActualDataset,
  ActualFiles,
  ActualFilter,
  ActualGroup,
  ActualImport,
  ActualRecommender,
  ActualSolution,
  ActualVersion,
  Progress,
  Resource,
} from './actual';
import { nothing } from './actual';
import { listAll, type PersonalizeApi } from './api';
import {
  type DatasetType,
  type Declaration,
  type DeclaredImport,
  datasetTypes,
  deploymentTag,
} from './declaration';
import { schemaNames } from './plan-resources';
import { isReplacementOf } from './plan-training';

/** What cannot change, by what identifies it. Lives as long as the function's instance: without it, there are only more calls. */
export type Memo = Map<string, Promise<unknown>>;

export interface Surveyor {
  readonly api: PersonalizeApi;
  readonly memo: Memo;
  /** `arn:aws:personalize:<region>:<account>`. */
  readonly arnBase: string;
  /** Names of schemas that were made for the group, besides the declared ones. */
  readonly schemas: readonly string[];
  readonly filesOf: (declared: DeclaredImport) => Promise<ActualFiles>;
  /** What was counted of the gallery's likes: exactly before the first training, because it decides. */
  readonly progress: (isTrained: boolean) => Promise<Progress | undefined>;
}

export async function observe(surveyor: Surveyor, declaration: Declaration): Promise<Actual> {
  const look = new Look(surveyor, declaration);
  return look.all();
}

interface Summary {
  readonly name?: string;
  readonly status?: string;
  readonly failureReason?: string;
  readonly creationDateTime?: Date;
}

const nameOf = (arn = ''): string => arn.slice(arn.lastIndexOf('/') + 1);

function resource(summary: Summary | undefined, arn = ''): Resource {
  return {
    name: summary?.name ?? nameOf(arn),
    arn,
    status: summary?.status ?? 'ACTIVE',
    ...(summary?.failureReason && { failureReason: summary.failureReason }),
    createdAt: summary?.creationDateTime?.getTime() ?? 0,
  };
}

class Look {
  private readonly groupArn: string;
  private readonly isGoing: boolean;

  constructor(
    private readonly surveyor: Surveyor,
    private readonly declaration: Declaration,
  ) {
    this.groupArn = `${surveyor.arnBase}:dataset-group/${declaration.datasetGroup.name}`;
    this.isGoing = declaration.sources.length === 0;
  }

  async all(): Promise<Actual> {
    const [datasetGroup, files] = await Promise.all([
      this.group(),
      Promise.all(this.declaration.imports.map((declared) => this.surveyor.filesOf(declared))),
    ]);
    const schemas = await this.schemas();
    if (!datasetGroup) return { ...nothing, files, schemas };
    const [data, eventTrackers, filters, recommenders, trained] = await Promise.all([
      this.data(files),
      this.eventTrackers(),
      this.filters(),
      this.recommenders(),
      this.trained(),
    ]);
    const isTrained = trained.versions.some(({ status }) => status === 'ACTIVE');
    const progress = this.declaration.minimum ? await this.surveyor.progress(isTrained) : undefined;
    return {
      ...{ datasetGroup, files, schemas, eventTrackers, filters, recommenders, ...data, ...trained },
      ...(progress && { progress }),
    };
  }

  private get api(): PersonalizeApi {
    return this.surveyor.api;
  }

  /** As the service describes it; undefined when it is not there (any more). */
  // biome-ignore lint/suspicious/noExplicitAny: the SDK types each answer by its operation, which is data here.
  private async describe(kind: ResourceKind, arn: string): Promise<any> {
    const { operation, input } = callOn('Describe', kind, arn);
    const answer = await unlessGone(this.api.call(operation, input));
    return answer?.[memberOf(kind)];
  }

  /** All of the group. */
  private list<T>(operation: string, member: string): Promise<T[]> {
    return listAll<T>(this.api, operation, member, { datasetGroupArn: this.groupArn });
  }

  private memo<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.surveyor.memo.get(key) as Promise<T> | undefined;
    if (known) return known;
    const found = read();
    this.surveyor.memo.set(key, found);
    // What failed is asked again.
    found.catch(() => this.surveyor.memo.delete(key));
    return found;
  }

  /** Of what is not declared: whether it was made for this deployment. */
  private isOurs({ arn, createdAt }: Pick<Resource, 'arn' | 'createdAt'>): Promise<boolean> {
    return this.memo(`tags ${arn} ${createdAt}`, async () => {
      const answer = await unlessGone(this.api.call('ListTagsForResource', { resourceArn: arn }));
      const tags = (answer?.tags ?? []) as { tagKey: string; tagValue: string }[];
      return tags.some(
        ({ tagKey, tagValue }) => tagKey === deploymentTag && tagValue === this.declaration.deployment,
      );
    });
  }

  private async marked<T extends Resource>(
    list: readonly T[],
    declared: readonly { readonly name: string }[],
  ): Promise<T[]> {
    const names = new Set(declared.map(({ name }) => name));
    return Promise.all(
      list.map(async (each) => (names.has(each.name) ? each : { ...each, isOurs: await this.isOurs(each) })),
    );
  }

  private async group(): Promise<ActualGroup | undefined> {
    const found = await this.describe('dataset group', this.groupArn);
    if (!found) return undefined;
    const group = resource(found, this.groupArn);
    return {
      ...group,
      ...{ domain: found.domain, roleArn: found.roleArn, kmsKeyArn: found.kmsKeyArn },
      ...(this.isGoing && { isOurs: await this.isOurs(group) }),
    };
  }

  private async schemas(): Promise<Actual['schemas']> {
    const names = new Set([...this.declaration.datasets.flatMap(schemaNames), ...this.surveyor.schemas]);
    const found = await Promise.all(
      [...names].map(async (name) => {
        const arn = `${this.surveyor.arnBase}:schema/${name}`;
        const found = await this.describe('schema', arn);
        return found ? [{ name, arn, document: String(found.schema) }] : [];
      }),
    );
    return found.flat();
  }

  /** The gallery's datasets are its stacks' care: they are looked at only where there are files for them. */
  private async data(files: readonly ActualFiles[]): Promise<Pick<Actual, 'datasets' | 'imports'>> {
    const { datasetGroup, imports } = this.declaration;
    const isWorthIt = !datasetGroup.isMadeElsewhere || files.some(({ newestAt }) => newestAt !== undefined);
    if (!isWorthIt) return { datasets: [], imports: [] };
    const summaries = await this.list<DatasetSummary>('ListDatasets', 'datasets');
    const datasets = await Promise.all(summaries.map((summary) => this.dataset(summary)));
    const wanted = datasets.filter(({ type }) => imports.some((declared) => declared.type === type));
    const jobs = await Promise.all(wanted.map((dataset) => this.importsOf(dataset)));
    return { datasets, imports: jobs.flat() };
  }

  private async dataset(summary: DatasetSummary): Promise<ActualDataset> {
    const base = resource(summary, summary.datasetArn);
    const type = datasetTypes.find((each) => each.toUpperCase() === summary.datasetType?.toUpperCase());
    // A tracker's own dataset of old has a type of its own; it goes with the group, and is nothing that is declared.
    const declared = this.declaration.datasets.find((each) => each.type === type);
    const ours: { isOurs?: boolean } = declared || this.isGoing ? {} : { isOurs: await this.isOurs(base) };
    const isAsked = declared || ours.isOurs || this.isGoing;
    const { schemaArn = '' } = (isAsked && (await this.describe('dataset', base.arn))) || {};
    const found = declared && schemaArn !== '' ? await this.describe('schema', schemaArn) : undefined;
    return {
      ...base,
      ...ours,
      ...{ type: type ?? (String(summary.datasetType) as DatasetType), schemaArn, schema: found?.schema },
    };
  }

  private async importsOf({ arn, type }: ActualDataset): Promise<ActualImport[]> {
    const jobs = await listAll<DatasetImportJobSummary>(
      this.api,
      'ListDatasetImportJobs',
      'datasetImportJobs',
      {
        datasetArn: arn,
      },
    );
    return jobs.map((job) => ({ ...resource({ ...job, name: job.jobName }, job.datasetImportJobArn), type }));
  }

  private async eventTrackers(): Promise<readonly Resource[]> {
    if (this.declaration.datasetGroup.isMadeElsewhere) return [];
    const list = await this.list<EventTrackerSummary>('ListEventTrackers', 'eventTrackers');
    const trackers = list.map((tracker) => resource(tracker, tracker.eventTrackerArn));
    return this.declaration.eventTracker ? trackers : this.marked(trackers, []);
  }

  private async filters(): Promise<readonly ActualFilter[]> {
    const list = await this.list<FilterSummary>('ListFilters', 'Filters');
    const filters = await this.marked(
      list.map((filter) => resource(filter, filter.filterArn)),
      this.declaration.filters,
    );
    return Promise.all(
      filters.map(async (filter) => {
        if (!this.declaration.filters.some(({ name }) => name === filter.name)) return filter;
        const found = await this.memo(`filter ${filter.arn} ${filter.createdAt}`, () =>
          this.describe('filter', filter.arn),
        );
        return { ...filter, filterExpression: found?.filterExpression };
      }),
    );
  }

  /** Only groups with a domain have them. */
  private async recommenders(): Promise<readonly ActualRecommender[]> {
    if (this.declaration.datasetGroup.isMadeElsewhere) return [];
    const list = await this.list<RecommenderSummary>('ListRecommenders', 'recommenders');
    const found = await Promise.all(
      list.map(async ({ recommenderArn = '' }): Promise<ActualRecommender[]> => {
        const recommender = await this.describe('recommender', recommenderArn);
        if (!recommender) return [];
        const { recipeArn, recommenderConfig = {}, latestRecommenderUpdate: update } = recommender;
        return [
          {
            ...resource(recommender, recommenderArn),
            ...{ recipeArn, recommenderConfig },
            ...(update && { update: { status: update.status, failureReason: update.failureReason } }),
          },
        ];
      }),
    );
    return this.marked(found.flat(), this.declaration.recommenders);
  }

  private async trained(): Promise<Pick<Actual, 'solutions' | 'versions' | 'campaigns' | 'batchJobs'>> {
    const list = await this.list<SolutionSummary>('ListSolutions', 'solutions');
    if (list.length === 0) return { solutions: [], versions: [], campaigns: [], batchJobs: [] };
    const names = new Set(list.map(({ solutionArn }) => nameOf(solutionArn)));
    const [solutions, versions, campaigns, batchJobs] = await Promise.all([
      this.solutions(list),
      this.versions(names),
      this.campaigns(names),
      this.batchJobs(names),
    ]);
    return { solutions, campaigns, batchJobs, versions: await this.withMetrics(versions, campaigns) };
  }

  private async solutions(list: readonly SolutionSummary[]): Promise<ActualSolution[]> {
    const declared = (name: string) =>
      this.declaration.solutions.some((each) => name === each.name || isReplacementOf(each.name, name));
    const solutions = list.map((summary) => ({ summary, base: resource(summary, summary.solutionArn) }));
    // Of two that are declared under one name, one replaces the other, which goes.
    const alone = this.declaration.solutions.filter(
      ({ name }) => !solutions.some(({ base }) => isReplacementOf(name, base.name)),
    );
    const marked = await this.marked(
      solutions.map(({ base }) => base),
      alone,
    );
    return Promise.all(
      solutions.map(async ({ summary, base }, index) => {
        const recipeArn = summary.recipeArn;
        const all = { ...base, ...marked[index], recipeArn };
        if (!declared(base.name)) return all;
        const key = `solution ${base.arn} ${base.createdAt} ${summary.lastUpdatedDateTime?.getTime()} ${base.status}`;
        const settings = await this.memo(key, () => this.describe('solution', base.arn));
        return settings ? { ...all, settings } : all;
      }),
    );
  }

  private async versions(names: ReadonlySet<string>): Promise<ActualVersion[]> {
    const list = await listAll<SolutionVersionSummary>(this.api, 'ListSolutionVersions', 'solutionVersions');
    return list.flatMap((version) => {
      const arn = version.solutionVersionArn ?? '';
      const solution = solutionOf(arn);
      if (!names.has(solution)) return [];
      return [{ ...resource(version, arn), solution, trainingMode: version.trainingMode ?? 'FULL' }];
    });
  }

  /** A list does not tell whose a campaign is, so each of the account is looked at once. */
  private async campaigns(names: ReadonlySet<string>): Promise<ActualCampaign[]> {
    const list = await listAll<CampaignSummary>(this.api, 'ListCampaigns', 'campaigns');
    const declared = this.declaration.solutions.flatMap(({ campaigns }) => campaigns);
    const found = await Promise.all(
      list.map(async (summary): Promise<ActualCampaign[]> => {
        const { campaignArn: arn = '' } = summary;
        const key = `campaign ${arn} ${summary.creationDateTime?.getTime()}`;
        // Of one of another group, its solution: a list that was read in pages may have missed one of ours.
        const elsewhere = await this.surveyor.memo.get(key);
        if (typeof elsewhere === 'string' && !names.has(elsewhere)) return [];
        const campaign = await this.describe('campaign', arn);
        if (!campaign) return [];
        const { solutionVersionArn = '', minProvisionedTPS, campaignConfig } = campaign;
        const { latestCampaignUpdate: update } = campaign;
        const solution = solutionOf(solutionVersionArn);
        if (!names.has(solution)) {
          this.surveyor.memo.set(key, Promise.resolve(solution));
          return [];
        }
        return [
          {
            ...resource(campaign, arn),
            ...{ solution, solutionVersionArn, minProvisionedTPS, campaignConfig },
            ...(update && {
              update: {
                ...{ status: update.status, failureReason: update.failureReason },
                ...{
                  solutionVersionArn: update.solutionVersionArn,
                  createdAt: update.creationDateTime?.getTime() ?? 0,
                },
              },
            }),
          },
        ];
      }),
    );
    return this.marked(found.flat(), declared);
  }

  private async batchJobs(names: ReadonlySet<string>): Promise<ActualBatchJob[]> {
    const declared = this.declaration.solutions.flatMap(({ batchJobs }) => batchJobs);
    const read = async (kind: ActualBatchJob['kind'], operation: string, member: string, arn: string) => {
      if (!declared.some((job) => job.kind === kind)) return [];
      const list = await listAll<BatchInferenceJobSummary>(this.api, operation, member);
      return list
        .filter(({ solutionVersionArn = '' }) => names.has(solutionOf(solutionVersionArn)))
        .map((job) => ({
          ...resource({ ...job, name: job.jobName }, (job as Record<string, unknown>)[arn] as string),
          ...{ kind, solutionVersionArn: job.solutionVersionArn ?? '' },
        }));
    };
    const [inference, segment] = await Promise.all([
      read('inference', 'ListBatchInferenceJobs', 'batchInferenceJobs', 'batchInferenceJobArn'),
      read('segment', 'ListBatchSegmentJobs', 'batchSegmentJobs', 'batchSegmentJobArn'),
    ]);
    return [...inference, ...segment];
  }

  /** Of the newest version of each solution, and of the one in service. */
  private async withMetrics(
    versions: readonly ActualVersion[],
    campaigns: readonly ActualCampaign[],
  ): Promise<ActualVersion[]> {
    const served = new Set(campaigns.map(({ solutionVersionArn }) => solutionVersionArn));
    const wanted = new Set<string>();
    for (const solution of new Set(versions.map((version) => version.solution))) {
      const active = versions
        .filter((version) => version.solution === solution && version.status === 'ACTIVE')
        .sort((a, b) => b.createdAt - a.createdAt);
      const inService = active.filter(({ arn }) => served.has(arn));
      // Where nothing serves, an older one may.
      for (const { arn } of [...active.slice(0, inService.length > 0 ? 1 : 3), ...inService]) wanted.add(arn);
    }
    return Promise.all(
      versions.map(async (version) => {
        if (!wanted.has(version.arn)) return version;
        const metrics = await this.memo(`metrics ${version.arn}`, () => this.metricsOf(version.arn));
        return { ...version, metrics };
      }),
    );
  }

  /** Update trainings have none of their own. */
  private async metricsOf(solutionVersionArn: string): Promise<Readonly<Record<string, number>>> {
    const answer = await unlessGone(this.api.call('GetSolutionMetrics', { solutionVersionArn }));
    return answer?.metrics ?? {};
  }
}

/** The name of the solution in a version's ARN, `…:solution/<name>/<id>`. */
const solutionOf = (versionArn: string): string => versionArn.split('/').at(-2) ?? '';
