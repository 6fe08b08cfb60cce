// Turns a configuration into a plan: fills in names, ARNs and places that a configuration leaves to the pipeline.

import type { Configuration } from '../shared/configuration/configuration';
import { type DatasetType, datasetTypes, sectionOf } from '../shared/configuration/configuration';
import { type BatchKind, type Part, scheduledParts } from '../shared/configuration/scheduled-parts';
import { deploymentTag } from '../shared/pipeline/deployment-tag';
import { importPrefix } from '../shared/pipeline/import-prefix';
import { toPascalCase } from '../shared/pipeline/pascal-case';
import type {
  CallParameters,
  CallTag,
  Plan,
  PlannedImport,
  PlannedJob,
  PlannedResource,
  PlannedSolution,
  QualityGate,
} from '../shared/pipeline/plan';
import { plannedSchedules } from './schedules';

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
  /** Its test users are those of the gallery's own dataset group. */
  readonly gate: QualityGate;
  /** Milliseconds since 1970. */
  readonly now: number;
}

type Solution = NonNullable<Configuration['solutions']>[number];

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

/** No version is too old to be kept: only a solution that was never trained is. In milliseconds, more than anything is old. */
const ANY_AGE = Number.MAX_SAFE_INTEGER;

/** They answer what goes with an item, not what somebody likes: how popular items fare with people says nothing about them. */
const RELATED_ITEMS = ['aws-similar-items', 'aws-sims'];

interface Tag {
  readonly tagKey: string;
  readonly tagValue: string;
}

const callTag = ({ tagKey, tagValue }: Tag): CallTag => ({ TagKey: tagKey, TagValue: tagValue });

/** Which of a solution's batch jobs a run starts. */
type JobChoice = (kind: BatchKind, index: number) => boolean;

/** A job without a schedule of its own runs with every version. */
const isWithVersions = (solution: Solution, kind: BatchKind, index: number): boolean =>
  solution[kind]?.[index]?.workflowConfig?.schedule === undefined;

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
      schedules: plannedSchedules(config, this.around.now),
    };
  }

  /** Only what the file gives this schedule to. What it needs besides was made when the file was uploaded. */
  planScheduled(expression: string): Plan {
    const due = scheduledParts(this.config)
      .filter((scheduled) => scheduled.expression === expression)
      .map(({ part }) => part);
    return {
      datasetGroup: this.group,
      datasetGroups: [],
      schemas: [],
      datasets: [],
      eventTrackers: [],
      imports: this.eachDataset((type) => this.importDue(type, due)).flat(),
      filters: [],
      recommenders: [],
      solutions: (this.config.solutions ?? []).flatMap((solution) => this.solutionDue(solution, due)),
      schedules: plannedSchedules(this.config, this.around.now),
    };
  }

  /** A full import takes all files, so that an incremental one of the same time has nothing to add. */
  private importDue(type: DatasetType, due: readonly Part[]): PlannedImport[] {
    const modes = due.flatMap((part) => (part.kind === 'import' && part.dataset === type ? [part.mode] : []));
    if (modes.length === 0) return [];
    return [{ ...this.importOf(type), mode: modes.includes('FULL') ? 'FULL' : 'INCREMENTAL' }];
  }

  /** Trained in each mode that is due, however young the newest version is; or only asked for its batch jobs. */
  private solutionDue(solution: Solution, due: readonly Part[]): PlannedSolution[] {
    const { name } = solution.serviceConfig;
    const own = due.filter((part) => part.kind !== 'import' && part.solution === name);
    const trainings = own.flatMap((part) => (part.kind === 'train' ? [part.mode] : []));
    const jobs = own.filter((part) => part.kind === 'batch');
    const isDue: JobChoice = (kind, index) => jobs.some((job) => job.jobs === kind && job.index === index);
    if (trainings.length > 0) {
      const planned = this.solution(solution, (...job) => isWithVersions(solution, ...job) || isDue(...job));
      return trainings.map((trainingMode) => ({ ...planned, trainingMode, maxAge: 0 }));
    }
    if (jobs.length === 0) return [];
    return [{ ...this.solution({ ...solution, campaigns: [] }, isDue), maxAge: ANY_AGE }];
  }

  private arn(kind: string, name: string): string {
    const { partition, region, accountId } = this.around;
    return `arn:${partition}:personalize:${region}:${accountId}:${kind}/${name}`;
  }

  /** Tags of the whole file come first, so that a section's own tag of the same key wins. */
  private allTags(own: readonly Tag[] | undefined): Tag[] {
    const all = new Map([...(this.config.tags ?? []), ...(own ?? [])].map((tag) => [tag.tagKey, tag]));
    return [...all.values()];
  }

  private tags(own: readonly Tag[] | undefined) {
    const tags = this.allTags(own);
    return tags.length > 0 ? { tags } : {};
  }

  private resource(
    kind: string,
    given: { name: string; tags?: readonly Tag[] },
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

  private inGroup(kind: string, given: { name: string; tags?: readonly Tag[] }) {
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
      prefix: importPrefix(this.group.name, type),
      mode: workflowConfig?.importMode ?? 'FULL',
      jobName: serviceConfig.name,
      tags: this.allTags(serviceConfig.tags).map(callTag),
    };
  }

  private solution(
    solution: Solution,
    isWanted: JobChoice = (...job) => isWithVersions(solution, ...job),
  ): PlannedSolution {
    const { serviceConfig, workflowConfig, campaigns } = solution;
    const { tags, ...settings } = serviceConfig;
    const jobs = (kind: BatchKind, called: string) =>
      (solution[kind] ?? []).flatMap((job, index) =>
        isWanted(kind, index)
          ? [this.job(`${serviceConfig.name}-${called}-${index + 1}`, job.serviceConfig)]
          : [],
      );
    return {
      ...this.inGroup('solution', {
        ...settings,
        performAutoTraining: settings.performAutoTraining ?? false,
        tags,
      } as typeof serviceConfig),
      trainingMode: workflowConfig?.trainingMode ?? 'FULL',
      versionTags: this.allTags(tags).map(callTag),
      maxAge: milliseconds(workflowConfig?.maxAge),
      campaigns: (campaigns ?? []).map((campaign) => this.resource('campaign', campaign.serviceConfig, {})),
      batchInferenceJobs: jobs('batchInferenceJobs', 'inference'),
      batchSegmentJobs: jobs('batchSegmentJobs', 'segment'),
      ...(campaigns?.length && { gate: this.gate(serviceConfig.recipeArn) }),
    };
  }

  private gate(recipeArn: string | undefined): QualityGate {
    const { baselineSolutionArn, testUsers, ...bars } = this.around.gate;
    const isRelatedItems = RELATED_ITEMS.some((recipe) => recipeArn?.endsWith(`:recipe/${recipe}`));
    const isOwnGroup = this.group.arn !== this.around.datasetGroup.arn;
    return {
      ...bars,
      ...(baselineSolutionArn !== undefined && !isRelatedItems && { baselineSolutionArn }),
      ...(testUsers !== undefined && !isOwnGroup && { testUsers }),
    };
  }

  /** Input and output lie side by side, named after the job. */
  private job(
    name: string,
    { filterName, tags, ...config }: { filterName?: string; tags?: readonly Tag[] },
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

/**
 * The plan of one run. Pure: the same configuration in the same surroundings gives the same plan.
 *
 * @param schedule the expression that the run was started by, for a plan of what is due then; nothing when the file has it no more
 */
export function planFor(config: Configuration, around: Surroundings, schedule?: string): Plan {
  const planner = new Planner(config, around);
  return schedule === undefined ? planner.plan() : planner.planScheduled(schedule);
}
