// The columns that a solution names must be there: otherwise they would be left out, or optimised for, without any effect.
import type { DatasetType, SchemaField } from '../schemas/types';
import type { SolutionConfig } from './solution-settings';

const NUMERIC_TYPES: readonly string[] = ['int', 'long', 'float', 'double'];

/** The reason for which a training fails; undefined when all columns are there. */
export function columnsProblem(
  config: SolutionConfig | undefined,
  schemas: ReadonlyMap<DatasetType, { readonly fields: ReadonlyArray<Pick<SchemaField, 'name' | 'type'>> }>,
): string | undefined {
  const objective = config?.optimizationObjective?.itemAttribute;
  const target = schemas.get('ITEMS')?.fields.find(({ name }) => name === objective);
  if (objective !== undefined && (!target || !NUMERIC_TYPES.includes(target.type))) {
    return `Create failed. optimizationObjective.itemAttribute ${objective} is not a numeric column of the Items dataset.`;
  }
  const { excludedDatasetColumns, includedDatasetColumns } = config?.trainingDataConfig ?? {};
  for (const columns of [excludedDatasetColumns, includedDatasetColumns]) {
    for (const [type, names = []] of Object.entries(columns ?? {})) {
      const fields = schemas.get(type.toUpperCase() as DatasetType)?.fields ?? [];
      const unknown = names.find((name) => !fields.some((field) => field.name === name));
      if (unknown !== undefined) {
        return `Create failed. trainingDataConfig names ${unknown}, which is no column of the dataset of type ${type}.`;
      }
    }
  }
  return undefined;
}
