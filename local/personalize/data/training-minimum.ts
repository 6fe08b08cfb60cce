// The minimum that a training needs. Source: Amazon Personalize developer guide, "Readiness checklist" and "Error messages".
import { MIN_TRAINING_INTERACTIONS, MIN_TRAINING_SHARE, MIN_TRAINING_USERS } from './limits';
import type { TrainingCounts } from './types';

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
