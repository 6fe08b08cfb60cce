// What the settings declare for the gallery's own dataset group: what is served is trained, and popularity beside it, which the models
// are compared with.
import { importPrefix } from '../shared/pipeline/import-prefix';
import type { Declaration, DeclaredSolution, QualityGate, SolutionSettings } from './declaration';

/** The models that can have a campaign. Each campaign costs money while it is up. */
export const servableModels = ['personal', 'similar', 'ranking'] as const;
export type ServableModel = (typeof servableModels)[number];

const BASELINE = 'popularity';
/** Who declares it. */
export const SETTINGS = 'settings';

const recipe = (name: string) => `arn:aws:personalize:::recipe/${name}`;
/** The v2 recipes weigh event types; others are told one type. Likes count, likes taken back do not. */
const weighedLikes = {
  solutionConfig: { eventsConfig: { eventParametersList: [{ eventType: 'like', weight: 1 }] } },
};
const onlyLikes = { eventType: 'like' };

export const models: Readonly<Record<ServableModel | typeof BASELINE, SolutionSettings>> = {
  [BASELINE]: { recipeArn: recipe('aws-popularity-count'), ...onlyLikes },
  personal: { recipeArn: recipe('aws-user-personalization-v2'), ...weighedLikes },
  similar: { recipeArn: recipe('aws-similar-items'), ...onlyLikes },
  ranking: { recipeArn: recipe('aws-personalized-ranking-v2'), ...weighedLikes },
};

/** It answers what goes with an item, not what somebody likes: how popular items fare with people says nothing about it. */
const isCompared = (model: ServableModel): boolean => model !== 'similar';

export interface GallerySettings {
  /** The name of the gallery's dataset group; names begin with it, so that two deployments can share an account. */
  readonly datasetGroup: string;
  readonly served: readonly ServableModel[];
  /** `rate(…)` or `cron(…)`. */
  readonly schedule: string;
  readonly gate: QualityGate;
  readonly minimum: { readonly users: number; readonly interactions: number };
  readonly bucket: string;
  readonly serviceRoleArn: string;
}

export function galleryDeclaration(settings: GallerySettings): Declaration {
  const { datasetGroup, served, schedule, gate, minimum, bucket, serviceRoleArn } = settings;
  const nameOf = (model: string) => `${datasetGroup}-${model}`;
  const solution = (model: ServableModel | typeof BASELINE): DeclaredSolution => ({
    ...{ name: nameOf(model), source: SETTINGS, settings: { ...models[model], performAutoTraining: false } },
    training: { mode: 'FULL', withEachUpload: false, schedules: { full: schedule } },
    ...(model === BASELINE
      ? { campaigns: [] }
      : {
          gate: { ...gate, ...(isCompared(model) && { baseline: nameOf(BASELINE) }) },
          campaigns: [{ name: nameOf(model), source: SETTINGS, minProvisionedTPS: 1 }],
        }),
    batchJobs: [],
  });
  return {
    datasetGroup: { name: datasetGroup, isMadeElsewhere: true },
    deployment: datasetGroup,
    sources: [{ name: SETTINGS, declaredAt: new Date(0).toISOString() }],
    allowReplace: false,
    datasets: [],
    // The datasets are made by the stacks and fed by streaming; files for them, as `npm run gallery -- rebuild` writes, are imported
    // all the same.
    imports: (['Interactions', 'Items', 'Users'] as const).map((type) => ({
      ...{ type, name: `${datasetGroup}-${type.toLowerCase()}`, source: SETTINGS, bucket },
      ...{ prefix: importPrefix(datasetGroup, type), mode: 'FULL', schedules: {}, roleArn: serviceRoleArn },
    })),
    filters: [],
    recommenders: [],
    solutions: [...(served.some(isCompared) ? [solution(BASELINE)] : []), ...served.map(solution)],
    ownNames: [BASELINE, ...servableModels].map(nameOf),
    minimum,
  };
}
