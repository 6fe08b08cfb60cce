// The minimum that a training needs, and the most that it takes. Source: Amazon Personalize developer guide, "Readiness checklist" and "Error messages".

import { DATASET_RULES } from '../schemas/schema-rules';
import type { DatasetSchema } from '../schemas/types';
import {
  MAX_EVENT_TYPES_AND_COLUMNS,
  MIN_TRAINING_INTERACTIONS,
  MIN_TRAINING_SHARE,
  MIN_TRAINING_USERS,
} from './data';

/** What the documented training minimum is about, after event filtering. */
export interface TrainingCounts {
  readonly interactions: number;
  /** Users with at least one interaction. */
  readonly users: number;
  readonly usersWithTwo: number;
}

/** The documented failure text when a training may not start; undefined when it may. */
export function trainingMinimumProblem(counts: TrainingCounts, eventType?: string): string | undefined {
  if (counts.interactions < MIN_TRAINING_INTERACTIONS) {
    const filtered = eventType === undefined ? '' : ` after filtering by event type: ${eventType}`;
    return `Create failed. Dataset has fewer than ${MIN_TRAINING_INTERACTIONS} interactions${filtered}.`;
  }
  if (counts.usersWithTwo < MIN_TRAINING_USERS) {
    return `Create failed. Dataset has fewer than ${MIN_TRAINING_USERS} users with at least 2 interactions each.`;
  }
  if (counts.usersWithTwo < MIN_TRAINING_SHARE * counts.users) {
    return `Create failed. Fewer than ${MIN_TRAINING_SHARE * 100} % of the users in the dataset have at least 2 interactions each.`;
  }
  return undefined;
}

/** The failure text when event types and columns of one's own are too many together; undefined when they are not. */
export function eventTypesProblem(
  { fields }: DatasetSchema,
  eventTypes: readonly string[],
): string | undefined {
  const { required, reserved } = DATASET_RULES.INTERACTIONS;
  const known = [...required, ...reserved].map(({ name }) => name);
  const own = fields.filter(({ name }) => !known.includes(name)).length;
  if (eventTypes.length + own <= MAX_EVENT_TYPES_AND_COLUMNS) return undefined;
  return `Create failed. The Interactions dataset has ${eventTypes.length} distinct event types and ${own} optional columns; together they may be up to ${MAX_EVENT_TYPES_AND_COLUMNS}.`;
}
