// What one section of a configuration demands of another: names that must differ, sections that need each other.
import type { Configuration } from './configuration';
import { domainProblems, recommenderProblems } from './domains';
import type { Path, Problem } from './problem';
import { recipeName } from './recipe-name';
import { schedulesOf } from './scheduled-parts';

/** At most so many campaigns are ACTIVE in one dataset group (Service Quotas, adjustable). */
const CAMPAIGNS_PER_GROUP = 5;

/** The pipeline reads the names of a file's schedules in one page of ListSchedules, those of the file before included. */
const SCHEDULES_PER_FILE = 50;

const SEGMENT_RECIPES = ['aws-item-affinity', 'aws-item-attribute-affinity'];
const UPDATABLE_RECIPES = ['aws-user-personalization', 'aws-hrnn-coldstart'];

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

function solutionProblems(config: Configuration): Problem[] {
  const filters = new Set((config.filters ?? []).map(({ serviceConfig }) => serviceConfig.name));
  return (config.solutions ?? []).flatMap((solution, index) => {
    const problems: Problem[] = [];
    const report = (path: Path, message: string) =>
      problems.push({ path: ['solutions', index, ...path], message });
    const recipe = recipeName(solution.serviceConfig.recipeArn);
    const segments = SEGMENT_RECIPES.includes(recipe);
    if (segments && solution.campaigns?.length)
      report(['campaigns'], `${recipe} makes segments and has no campaigns`);
    if (!segments && recipe && solution.batchSegmentJobs?.length) {
      report(
        ['batchSegmentJobs'],
        `segments need a recipe of ${SEGMENT_RECIPES.join(' or ')}, got ${recipe}`,
      );
    }
    const { trainingMode, schedules } = solution.workflowConfig ?? {};
    const updates = [
      ...(trainingMode === 'UPDATE' ? [['workflowConfig', 'trainingMode']] : []),
      ...(schedules?.update ? [['workflowConfig', 'schedules', 'update']] : []),
    ];
    if (recipe && !UPDATABLE_RECIPES.includes(recipe)) {
      const message = `training mode UPDATE is for ${UPDATABLE_RECIPES.join(' and ')}, got ${recipe}`;
      for (const path of updates) report(path, message);
    }
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

function tooMany(kind: string, count: number, allowed: number, where: string): Problem[] {
  if (count <= allowed) return [];
  return [{ path: ['solutions'], message: `${count} ${kind}, allowed are ${allowed} in one ${where}` }];
}

/** Problems between sections; each section alone is already checked. */
export function consistencyProblems(config: Configuration): Problem[] {
  const named = namedSections(config);
  return [
    ...Object.entries(named).flatMap(([kind, list]) => repeatedNames(kind, list)),
    ...datasetProblems(config),
    ...domainProblems(config),
    ...recommenderProblems(config),
    ...solutionProblems(config),
    ...tooMany('campaigns', named.campaign.length, CAMPAIGNS_PER_GROUP, 'dataset group'),
    ...tooMany('different schedules', schedulesOf(config).length, SCHEDULES_PER_FILE, 'file'),
  ];
}
