// Turns a configuration into a plan: fills in names, ARNs and places that a configuration leaves to the pipeline.

import type { Configuration } from '../shared/configuration/configuration';
import { type DatasetType, datasetTypes, sectionOf } from '../shared/configuration/configuration';
import { deploymentTag } from '../shared/pipeline/deployment-tag';
import { toPascalCase } from '../shared/pipeline/pascal-case';
import type {
  CallParameters,
  Plan,
  PlannedImport,
  PlannedJob,
  PlannedResource,
  PlannedSolution,
  QualityGate,
} from '../shared/pipeline/plan';

/** The deployment that a plan is made for. */
export interface Surroundings {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly bucket: string;
  /** The role that Amazon Personalize reads and writes the bucket with. */
  readonly serviceRoleArn: string;
  /** The gallery's own dataset group, for configurations that name none. */
  readonly datasetGroup: { readonly name: string; readonly arn: string };
  readonly gate: QualityGate;
}

const units: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/** `3 days` in milliseconds; nothing given: always old enough. */
function milliseconds(age: string | undefined): number {
  const [count = '0', unit = 'minutes'] = age?.split(' ') ?? [];
  return Number(count) * (units[unit.replace(/s$/, '')] ?? 0);
}

/** They answer what goes with an item, not what somebody likes: how popular items fare with people says nothing about them. */
const RELATED_ITEMS = ['aws-similar-items', 'aws-sims'];

class Planner {
  readonly group: { readonly name: string; readonly arn: string };
  private readonly config: Configuration;
  private readonly around: Surroundings;

  constructor(config: Configuration, around: Surroundings) {
    this.config = config;
    this.around = around;
    const own = config.datasetGroup?.serviceConfig.name;
    this.group = own ? { name: own, arn: this.arn('dataset-group', own) } : around.datasetGroup;
  }

  plan(): Plan {
    const { config } = this;
    const group = config.datasetGroup?.serviceConfig;
    const tracker = config.eventTracker?.serviceConfig;
    return {
      datasetGroup: this.group,
      datasetGroups: group ? [this.ownGroup(group)] : [],
      schemas: this.eachDataset((type) => this.schema(type)),
      datasets: this.eachDataset((type) => this.dataset(type)),
      // A tracker's ARN does not follow from its name: it is looked for in the list of the group's trackers.
      eventTrackers: tracker ? [{ ...this.inGroup('event-tracker', tracker), arn: '' }] : [],
      imports: this.eachDataset((type) => this.importOf(type)),
      filters: (config.filters ?? []).map(({ serviceConfig }) => this.inGroup('filter', serviceConfig)),
      recommenders: (config.recommenders ?? []).map(({ serviceConfig }) =>
        this.inGroup('recommender', serviceConfig),
      ),
      solutions: (config.solutions ?? []).map((solution) => this.solution(solution)),
    };
  }

  private arn(kind: string, name: string): string {
    const { partition, region, accountId } = this.around;
    return `arn:${partition}:personalize:${region}:${accountId}:${kind}/${name}`;
  }

  /** Tags of the whole file come first, so that a section's own tag of the same key wins. */
  private tags(own: readonly { tagKey: string; tagValue: string }[] | undefined) {
    const all = new Map([...(this.config.tags ?? []), ...(own ?? [])].map((tag) => [tag.tagKey, tag]));
    return all.size > 0 ? { tags: [...all.values()] } : {};
  }

  private resource(
    kind: string,
    given: { name: string; tags?: readonly { tagKey: string; tagValue: string }[] },
    filledIn: CallParameters,
  ): PlannedResource {
    const create = toPascalCase({ ...given, ...this.tags(given.tags), ...filledIn }) as CallParameters;
    return { name: given.name, arn: this.arn(kind, given.name), create };
  }

  /** Marked as this deployment's, so that its teardown finds it. */
  private ownGroup(given: NonNullable<Configuration['datasetGroup']>['serviceConfig']): PlannedResource {
    const mark = { tagKey: deploymentTag, tagValue: this.around.datasetGroup.name };
    return this.resource('dataset-group', { ...given, tags: [...(given.tags ?? []), mark] }, {});
  }

  private inGroup(
    kind: string,
    given: { name: string; tags?: readonly { tagKey: string; tagValue: string }[] },
  ) {
    return this.resource(kind, given, { datasetGroupArn: this.group.arn });
  }

  private eachDataset<T>(make: (type: DatasetType) => T): T[] {
    return datasetTypes.filter((type) => this.config.datasets?.[sectionOf(type)]).map(make);
  }

  private section(type: DatasetType) {
    const section = this.config.datasets?.[sectionOf(type)];
    if (!section) throw new Error(`the configuration has no ${type} dataset`);
    return section;
  }

  private schema(type: DatasetType): PlannedResource {
    const { name, schema } = this.section(type).schema.serviceConfig;
    const domain = this.config.datasetGroup?.serviceConfig.domain;
    return {
      name,
      arn: this.arn('schema', name),
      create: { Name: name, Schema: JSON.stringify(schema), ...(domain && { Domain: domain }) },
    };
  }

  private datasetArn(type: DatasetType): string {
    return this.arn('dataset', `${this.group.name}/${type.toUpperCase()}`);
  }

  private dataset(type: DatasetType): PlannedResource {
    const { serviceConfig, schema } = this.section(type);
    const schemaArn = this.arn('schema', schema.serviceConfig.name);
    const made = this.resource('dataset', serviceConfig, {
      datasetGroupArn: this.group.arn,
      datasetType: type,
      schemaArn,
    });
    return { ...made, arn: this.datasetArn(type) };
  }

  private importOf(type: DatasetType): PlannedImport {
    const { serviceConfig, workflowConfig } = this.section(type);
    return {
      datasetArn: this.datasetArn(type),
      bucket: this.around.bucket,
      prefix: `personalize/data/${this.group.name}/${type}/`,
      mode: workflowConfig?.importMode ?? 'FULL',
      jobName: serviceConfig.name,
    };
  }

  private solution({
    serviceConfig,
    workflowConfig,
    campaigns,
    ...jobs
  }: NonNullable<Configuration['solutions']>[number]): PlannedSolution {
    const { tags, ...settings } = serviceConfig;
    return {
      ...this.inGroup('solution', {
        ...settings,
        performAutoTraining: settings.performAutoTraining ?? false,
        tags,
      } as typeof serviceConfig),
      trainingMode: workflowConfig?.trainingMode ?? 'FULL',
      maxAge: milliseconds(workflowConfig?.maxAge),
      campaigns: (campaigns ?? []).map((campaign) => this.resource('campaign', campaign.serviceConfig, {})),
      batchInferenceJobs: (jobs.batchInferenceJobs ?? []).map((job, index) =>
        this.job(`${serviceConfig.name}-inference-${index + 1}`, job.serviceConfig),
      ),
      batchSegmentJobs: (jobs.batchSegmentJobs ?? []).map((job, index) =>
        this.job(`${serviceConfig.name}-segment-${index + 1}`, job.serviceConfig),
      ),
      ...(campaigns?.length && { gate: this.gate(serviceConfig.recipeArn) }),
    };
  }

  private gate(recipeArn: string | undefined): QualityGate {
    const { baselineSolutionArn, ...withinSolution } = this.around.gate;
    const isRelatedItems = RELATED_ITEMS.some((recipe) => recipeArn?.endsWith(`:recipe/${recipe}`));
    return baselineSolutionArn === undefined || isRelatedItems ? withinSolution : this.around.gate;
  }

  /** Input and output lie side by side, named after the job. */
  private job(
    name: string,
    {
      filterName,
      tags,
      ...config
    }: { filterName?: string; tags?: readonly { tagKey: string; tagValue: string }[] },
  ): PlannedJob {
    const place = `s3://${this.around.bucket}/personalize/batch/${this.group.name}/${name}`;
    const create = toPascalCase({
      ...config,
      ...this.tags(tags),
      ...(filterName && { filterArn: this.arn('filter', filterName) }),
      jobInput: { s3DataSource: { path: `${place}/input/` } },
      jobOutput: { s3DataDestination: { path: `${place}/output/` } },
      roleArn: this.around.serviceRoleArn,
    });
    return { jobName: name, create: create as CallParameters };
  }
}

/** The plan of one run. Pure: the same configuration in the same surroundings gives the same plan. */
export const planFor = (config: Configuration, around: Surroundings): Plan =>
  new Planner(config, around).plan();
