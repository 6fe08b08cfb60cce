// What a configuration file declares: names, places and defaults that the file leaves out are filled in.
import type {
  Declaration,
  DeclaredBatchJob,
  DeclaredSolution,
  QualityGate,
} from '../../controller/declaration';
import { type Configuration, datasetTypes, sectionOf } from './configuration';
import { batchPlace, dataPlace } from './places';

/** What a file is read in. */
export interface Surroundings {
  /** The key of the file, and when it was put there (ISO 8601). */
  readonly source: { readonly name: string; readonly declaredAt: string };
  readonly bucket: string;
  /** The role that Amazon Personalize reads and writes the bucket with. */
  readonly serviceRoleArn: string;
  /** The name of the gallery's own dataset group, for files that name none. */
  readonly galleryGroup: string;
  /** For solutions with campaigns. */
  readonly gate: QualityGate;
}

type Solution = NonNullable<Configuration['solutions']>[number];
type Tags = Configuration['tags'];

const units: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/** `3 days` in milliseconds. */
function milliseconds(age: string | undefined): number | undefined {
  if (age === undefined) return undefined;
  const [count, unit = ''] = age.split(' ');
  return Number(count) * (units[unit.replace(/s$/, '')] ?? Number.NaN);
}

/** Tags of the whole file come first, so that a section's own tag of the same key wins. */
function tagsOf(config: Configuration, own: Tags) {
  const all = new Map([...(config.tags ?? []), ...(own ?? [])].map((tag) => [tag.tagKey, tag]));
  return all.size > 0 ? { tags: [...all.values()] } : {};
}

/** @returns the declaration of the file alone, whatever else speaks of its group */
export function declarationOf(config: Configuration, around: Surroundings): Declaration {
  const source = around.source.name;
  const group = config.datasetGroup?.serviceConfig;
  const name = group?.name ?? around.galleryGroup;
  const declared = <T extends { readonly name: string; readonly tags?: Tags }>({ tags, ...rest }: T) => ({
    ...rest,
    source,
    ...tagsOf(config, tags),
  });
  const sections = datasetTypes.flatMap((type) => {
    const section = config.datasets?.[sectionOf(type)];
    return section ? [{ type, ...section }] : [];
  });
  const everyImport = config.datasetGroup?.workflowConfig?.schedules?.import;
  return {
    datasetGroup: group
      ? {
          ...group,
          // A key needs a role that may use it (API reference, CreateDatasetGroup).
          ...(group.kmsKeyArn && { roleArn: group.roleArn ?? around.serviceRoleArn }),
          ...tagsOf(config, group.tags),
        }
      : { name: around.galleryGroup, isMadeElsewhere: true },
    deployment: around.galleryGroup,
    sources: [around.source],
    allowReplace: config.allowReplace ?? false,
    datasets: sections.map(({ type, serviceConfig, schema }) => ({
      ...declared(serviceConfig),
      type,
      schema: {
        name: schema.serviceConfig.name,
        document: JSON.stringify(schema.serviceConfig.schema),
      },
    })),
    imports: sections.map(({ type, serviceConfig, workflowConfig }) => {
      const { importMode = 'FULL', schedules = {}, tags } = workflowConfig ?? {};
      const kind = importMode === 'FULL' ? 'full' : 'incremental';
      return {
        ...declared({ ...serviceConfig, tags: tags ?? serviceConfig.tags }),
        type,
        bucket: around.bucket,
        ...dataPlace(source, name, type),
        mode: importMode,
        schedules: { ...(everyImport !== undefined && { [kind]: everyImport }), ...schedules },
        roleArn: around.serviceRoleArn,
      };
    }),
    eventTracker: config.eventTracker && declared(config.eventTracker.serviceConfig),
    filters: (config.filters ?? []).map(({ serviceConfig }) => declared(serviceConfig)),
    recommenders: (config.recommenders ?? []).map(({ serviceConfig }) => declared(serviceConfig)),
    solutions: (config.solutions ?? []).map((solution) => solutionOf(config, solution, name, around)),
    ownNames: [],
  };
}

function solutionOf(
  config: Configuration,
  { serviceConfig, workflowConfig, campaigns = [], ...jobs }: Solution,
  group: string,
  around: Surroundings,
): DeclaredSolution {
  const { name, tags, ...settings } = serviceConfig;
  const source = around.source.name;
  const batchJobs = (kind: DeclaredBatchJob['kind'], list: Solution[`batch${'Inference' | 'Segment'}Jobs`]) =>
    (list ?? []).map(({ serviceConfig: { tags: own, ...job }, workflowConfig: when }, index) => {
      const called = `${name}-${kind}-${index + 1}`;
      const place = batchPlace(source, { datasetGroup: group, solution: name, job: called });
      return {
        kind,
        ...job,
        name: called,
        source,
        ...tagsOf(config, own),
        schedule: when?.schedule,
        input: `s3://${around.bucket}/${place.input}`,
        output: `s3://${around.bucket}/${place.output}`,
        roleArn: around.serviceRoleArn,
      };
    });
  return {
    name,
    source,
    ...tagsOf(config, tags),
    ...(workflowConfig?.tags && { versionTags: tagsOf(config, workflowConfig.tags).tags }),
    settings: { ...settings, performAutoTraining: settings.performAutoTraining ?? false },
    training: {
      mode: workflowConfig?.trainingMode ?? 'FULL',
      withEachUpload: true,
      maxAge: milliseconds(workflowConfig?.maxAge),
      schedules: workflowConfig?.schedules ?? {},
    },
    ...(campaigns.length > 0 && { gate: around.gate }),
    campaigns: campaigns.map(({ serviceConfig: { tags: own, ...campaign } }) => ({
      ...campaign,
      source,
      ...tagsOf(config, own),
    })),
    batchJobs: [
      ...batchJobs('inference', jobs.batchInferenceJobs),
      ...batchJobs('segment', jobs.batchSegmentJobs),
    ],
  };
}
