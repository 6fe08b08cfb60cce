// The optimization objective: items with more of a numeric column are moved up
// (https://docs.aws.amazon.com/personalize/latest/dg/optimizing-solution-for-objective.html).
import type { DataSnapshot, TrainingOptions } from '../../model/recipe';
import { standardise } from './scoring';

/** In standard deviations of the personal score, for one standard deviation of the objective. */
const strength = { OFF: 0, LOW: 0.2, MEDIUM: 0.6, HIGH: 1.5 } as const;

/** By item; empty without an objective. Items without a value count as average. */
export function objectiveBonus(data: DataSnapshot, objective: TrainingOptions['objective']): Float32Array {
  const column = data.items.columns.find(({ name }) => name === objective?.column);
  if (!objective || objective.sensitivity === 'OFF' || column?.kind !== 'numeric') return new Float32Array(0);
  const known = column.values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  const bonus = Float32Array.from(column.values, (value) => (Number.isNaN(value) ? mean : value));
  return standardise(bonus).map((value) => value * strength[objective.sensitivity]);
}
