// What a configuration file gives a time of its own: imports, trainings, batch jobs. Schedules with the same expression are one:
// what is due together is done in one run, imports first.
import { type Configuration, type DatasetType, datasetTypes, sectionOf } from './configuration';

export type BatchKind = 'batchInferenceJobs' | 'batchSegmentJobs';

/** A part of the file that can be done alone. */
export type Part =
  | { readonly kind: 'import'; readonly dataset: DatasetType; readonly mode: 'FULL' | 'INCREMENTAL' }
  | { readonly kind: 'train'; readonly solution: string; readonly mode: 'FULL' | 'UPDATE' }
  | { readonly kind: 'batch'; readonly solution: string; readonly jobs: BatchKind; readonly index: number };

export interface ScheduledPart {
  readonly expression: string;
  readonly part: Part;
}

type Solution = NonNullable<Configuration['solutions']>[number];

const at = (expression: string | undefined, part: Part): ScheduledPart[] =>
  expression === undefined ? [] : [{ expression, part }];

function scheduledImports(config: Configuration): ScheduledPart[] {
  const all = config.datasetGroup?.workflowConfig?.schedules?.import;
  return datasetTypes.flatMap((dataset) => {
    const section = config.datasets?.[sectionOf(dataset)];
    if (!section) return [];
    const { importMode = 'FULL', schedules } = section.workflowConfig ?? {};
    return [
      ...at(all, { kind: 'import', dataset, mode: importMode }),
      ...at(schedules?.full, { kind: 'import', dataset, mode: 'FULL' }),
      ...at(schedules?.incremental, { kind: 'import', dataset, mode: 'INCREMENTAL' }),
    ];
  });
}

function scheduledTrainings({ serviceConfig, workflowConfig, ...jobs }: Solution): ScheduledPart[] {
  const { name } = serviceConfig;
  const batch = (kind: BatchKind) =>
    (jobs[kind] ?? []).flatMap((job, index) =>
      at(job.workflowConfig?.schedule, { kind: 'batch', solution: name, jobs: kind, index }),
    );
  return [
    ...at(workflowConfig?.schedules?.full, { kind: 'train', solution: name, mode: 'FULL' }),
    ...at(workflowConfig?.schedules?.update, { kind: 'train', solution: name, mode: 'UPDATE' }),
    ...batch('batchInferenceJobs'),
    ...batch('batchSegmentJobs'),
  ];
}

/** In the order in which a run does them. */
export const scheduledParts = (config: Configuration): ScheduledPart[] => [
  ...scheduledImports(config),
  ...(config.solutions ?? []).flatMap(scheduledTrainings),
];

function inWords(part: Part): string {
  switch (part.kind) {
    case 'import':
      return `import ${part.dataset} (${part.mode})`;
    case 'train':
      return `train ${part.solution} (${part.mode})`;
    case 'batch':
      return `${part.jobs === 'batchInferenceJobs' ? 'inference' : 'segment'} job ${part.index + 1} of ${part.solution}`;
  }
}

/** Every expression of the file once, with what is done then, in words. */
export function schedulesOf(config: Configuration): { readonly expression: string; readonly does: string }[] {
  const words = new Map<string, string[]>();
  for (const { expression, part } of scheduledParts(config)) {
    words.set(expression, [...(words.get(expression) ?? []), inWords(part)]);
  }
  return [...words].map(([expression, does]) => ({ expression, does: does.join(', ') }));
}
