// The columns that a solution names must be there: otherwise they would be left out, or optimised for, without any effect.
import type { Problem } from '../problem';
import type { DatasetType, SchemaField } from '../schemas/types';
import type { SolutionConfig } from './solution-settings';

const NUMERIC_TYPES: readonly string[] = ['int', 'long', 'float', 'double'];

/** What a training fails for, by the names of CreateSolution's members. */
export function columnProblems(
  config: SolutionConfig | undefined,
  schemas: ReadonlyMap<DatasetType, { readonly fields: ReadonlyArray<Pick<SchemaField, 'name' | 'type'>> }>,
): Problem[] {
  const problems: Problem[] = [];
  const objective = config?.optimizationObjective?.itemAttribute;
  const target = schemas.get('ITEMS')?.fields.find(({ name }) => name === objective);
  if (objective !== undefined && (!target || !NUMERIC_TYPES.includes(target.type))) {
    problems.push({
      path: ['solutionConfig', 'optimizationObjective', 'itemAttribute'],
      message: `optimizationObjective.itemAttribute ${objective} is not a numeric column of the Items dataset.`,
    });
  }
  for (const member of ['excludedDatasetColumns', 'includedDatasetColumns'] as const) {
    for (const [type, names = []] of Object.entries(config?.trainingDataConfig?.[member] ?? {})) {
      const fields = schemas.get(type.toUpperCase() as DatasetType)?.fields ?? [];
      for (const [index, name] of names.entries()) {
        if (fields.some((field) => field.name === name)) continue;
        problems.push({
          path: ['solutionConfig', 'trainingDataConfig', member, type, index],
          message: `trainingDataConfig names ${name}, which is no column of the dataset of type ${type}.`,
        });
      }
    }
  }
  return problems;
}
