// What one section of a configuration demands of another: names that must differ, sections that need each other.
import { type FilterSchemas, InvalidFilter, readFilter } from '@emotion-gallery/personalize-rules/filters';
import { MOST_CAMPAIGNS, MOST_FILTER_FIELDS } from '@emotion-gallery/personalize-rules/limits';
import {
  campaignProblems,
  columnProblems,
  explorationProblems,
  findRecipe,
  type Path,
  type Problem,
  type RecipeFacts,
  recipeName,
  recipes,
  recipesThat,
} from '@emotion-gallery/personalize-rules/recipes';
import {
  type DatasetSchema,
  type DatasetType as RuleType,
  readSchema,
} from '@emotion-gallery/personalize-rules/schemas';
import { interactionsSchema, itemsSchema, usersSchema } from '../personalize/schemas';
import type { Configuration } from './configuration';
import { schedulesOf } from './scheduled-parts';

/** The pipeline reads the names of a file's schedules in one page of ListSchedules, those of the file before included. */
const SCHEDULES_PER_FILE = 50;

type Solution = NonNullable<Configuration['solutions']>[number];

function repeatedNames(kind: string, named: readonly { name: string; path: Path }[]): Problem[] {
  const first = new Map<string, Path>();
  return named.flatMap(({ name, path }) => {
    if (first.has(name))
      return [{ path: [...path, 'name'], message: `another ${kind} is called ${name} already` }];
    first.set(name, path);
    return [];
  });
}

function namedSections(config: Configuration) {
  const at = (list: readonly { serviceConfig: { name: string } }[] | undefined, path: Path) =>
    (list ?? []).map(({ serviceConfig }, index) => ({
      name: serviceConfig.name,
      path: [...path, index, 'serviceConfig'],
    }));
  const datasets = Object.entries(config.datasets ?? {}).flatMap(([section, dataset]) =>
    dataset ? [{ section, dataset }] : [],
  );
  return {
    solution: at(config.solutions, ['solutions']),
    campaign: (config.solutions ?? []).flatMap(({ campaigns }, index) =>
      at(campaigns, ['solutions', index, 'campaigns']),
    ),
    filter: at(config.filters, ['filters']),
    recommender: at(config.recommenders, ['recommenders']),
    dataset: datasets.map(({ section, dataset }) => ({
      name: dataset.serviceConfig.name,
      path: ['datasets', section, 'serviceConfig'],
    })),
    schema: datasets.map(({ section, dataset }) => ({
      name: dataset.schema.serviceConfig.name,
      path: ['datasets', section, 'schema', 'serviceConfig'],
    })),
  };
}

function datasetProblems(config: Configuration): Problem[] {
  if (config.datasetGroup && !config.datasets?.interactions) {
    return [
      { path: ['datasets'], message: 'a dataset group of its own needs datasets.interactions with a schema' },
    ];
  }
  if (!config.datasetGroup && config.datasets) {
    return [
      {
        path: ['datasets'],
        message: "the gallery's datasets are made by the stacks: leave datasets out, or name a datasetGroup",
      },
    ];
  }
  return [];
}

/** The schemas that the filters and solutions of the file are about: its own, or those of the gallery. */
function schemasOf(config: Configuration): ReadonlyMap<RuleType, DatasetSchema> {
  const documents = config.datasetGroup
    ? Object.values(config.datasets ?? {}).map((dataset) => dataset?.schema.serviceConfig.schema)
    : [interactionsSchema, itemsSchema, usersSchema];
  return new Map(
    documents.flatMap((document) => {
      const { schema } = readSchema(document);
      return schema ? [[schema.type, schema] as const] : [];
    }),
  );
}

/** What a domain demands of the schemas, which are right without one. */
function schemaProblems({ datasetGroup, datasets = {} }: Configuration): Problem[] {
  const domain = datasetGroup?.serviceConfig.domain;
  if (!domain) return [];
  return Object.entries(datasets).flatMap(([section, dataset]) =>
    readSchema(dataset?.schema.serviceConfig.schema, domain).problems.map(({ path, message }) => ({
      path: ['datasets', section, 'schema', 'serviceConfig', 'schema', ...path],
      message,
    })),
  );
}

function filterProblems(filters: Configuration['filters'], schemas: FilterSchemas): Problem[] {
  const fields = new Set<string>();
  return (filters ?? []).flatMap(({ serviceConfig }, index) => {
    const at = (message: string): Problem[] => [
      { path: ['filters', index, 'serviceConfig', 'filterExpression'], message },
    ];
    try {
      for (const field of readFilter(serviceConfig.filterExpression, schemas).fields) fields.add(field);
    } catch (error) {
      if (error instanceof InvalidFilter) return at(error.message);
      throw error;
    }
    if (fields.size <= MOST_FILTER_FIELDS) return [];
    return at(
      `with this one the filters use ${fields.size} distinct fields, allowed are ${MOST_FILTER_FIELDS}`,
    );
  });
}

function recommenderProblems(config: Configuration): Problem[] {
  const domain = config.datasetGroup?.serviceConfig.domain;
  if (!config.recommenders?.length) return [];
  if (!domain) {
    return [{ path: ['recommenders'], message: 'recommenders need a dataset group with a domain' }];
  }
  return config.recommenders.flatMap(({ serviceConfig }, index) => {
    const path: Path = ['recommenders', index, 'serviceConfig'];
    const name = recipeName(serviceConfig.recipeArn) ?? serviceConfig.recipeArn;
    const problems = explorationProblems(
      'recommenderConfig',
      serviceConfig.recommenderConfig?.itemExplorationConfig,
    ).map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
    if (findRecipe(name)?.domain === domain) return problems;
    const message = `${name} is not a recipe of the domain ${domain}`;
    return [{ path: [...path, 'recipeArn'], message }, ...problems];
  });
}

/** AutoML's candidates are judged when it has chosen. */
const recipeOf = (arn: string | undefined) =>
  arn === undefined ? undefined : findRecipe(recipeName(arn) ?? '');

const namesOf = (isMeant: (recipe: RecipeFacts) => boolean): string =>
  recipes
    .filter(isMeant)
    .map(({ name }) => name)
    .join(' and ');
const makesSegments = (recipe: RecipeFacts) => recipe.type === 'USER_SEGMENTATION';

function solutionProblems(config: Configuration, schemas: FilterSchemas): Problem[] {
  const filters = new Set((config.filters ?? []).map(({ serviceConfig }) => serviceConfig.name));
  return (config.solutions ?? []).flatMap((solution, index) => {
    const problems: Problem[] = [];
    const report = (path: Path, message: string) =>
      problems.push({ path: ['solutions', index, ...path], message });
    const { solutionConfig, recipeArn } = solution.serviceConfig;
    for (const { path, message } of columnProblems(solutionConfig, schemas)) {
      report(['serviceConfig', ...path], message);
    }
    const recipe = recipeOf(recipeArn);
    if (recipe) recipeUse(recipe, solution, report);
    for (const kind of ['batchInferenceJobs', 'batchSegmentJobs'] as const) {
      for (const [job, { serviceConfig }] of (solution[kind] ?? []).entries()) {
        const name = serviceConfig.filterName;
        if (name && config.datasetGroup && !filters.has(name)) {
          report([kind, job, 'serviceConfig', 'filterName'], `no filter of this file is called ${name}`);
        }
      }
    }
    return problems;
  });
}

/** What is asked of a solution must be what its recipe does. */
function recipeUse(
  recipe: RecipeFacts,
  { workflowConfig = {}, campaigns = [], ...jobs }: Solution,
  report: (path: Path, message: string) => void,
): void {
  const { name } = recipe;
  if (makesSegments(recipe) && campaigns.length > 0) {
    report(['campaigns'], `${name} makes segments and has no campaigns`);
  }
  for (const [index, { serviceConfig }] of campaigns.entries()) {
    for (const { path, message } of campaignProblems(recipe, serviceConfig.campaignConfig)) {
      report(['campaigns', index, 'serviceConfig', ...path], message);
    }
  }
  if (!makesSegments(recipe) && jobs.batchSegmentJobs?.length) {
    report(['batchSegmentJobs'], `segments need a recipe of ${namesOf(makesSegments)}, got ${name}`);
  }
  if ((makesSegments(recipe) || !recipe.batch) && jobs.batchInferenceJobs?.length) {
    report(['batchInferenceJobs'], `${name} has no batch inference`);
  }
  if (recipe.updatable) return;
  const { trainingMode, schedules } = workflowConfig;
  const message = `training mode UPDATE is for ${recipesThat('updatable')}, got ${name}`;
  if (trainingMode === 'UPDATE') report(['workflowConfig', 'trainingMode'], message);
  if (schedules?.update) report(['workflowConfig', 'schedules', 'update'], message);
}

function tooMany(kind: string, count: number, allowed: number, where: string): Problem[] {
  if (count <= allowed) return [];
  return [{ path: ['solutions'], message: `${count} ${kind}, allowed are ${allowed} in one ${where}` }];
}

/** Problems between sections; each section alone is already checked. */
export function consistencyProblems(config: Configuration): Problem[] {
  const named = namedSections(config);
  const schemas = schemasOf(config);
  return [
    ...Object.entries(named).flatMap(([kind, list]) => repeatedNames(kind, list)),
    ...datasetProblems(config),
    ...schemaProblems(config),
    ...filterProblems(config.filters, schemas),
    ...recommenderProblems(config),
    ...solutionProblems(config, schemas),
    ...tooMany('campaigns', named.campaign.length, MOST_CAMPAIGNS, 'dataset group'),
    ...tooMany('different schedules', schedulesOf(config).length, SCHEDULES_PER_FILE, 'file'),
  ];
}
