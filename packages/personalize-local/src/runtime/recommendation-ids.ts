// Recommendation ids, and which campaign gave which: events refer to them.
import { randomUUID } from 'node:crypto';

/** Enough to attribute the events that follow soon; forgotten at a restart, as an event without an id would be counted. */
const REMEMBERED = 100_000;

export function newRecommendationId(): string {
  return `RID-${randomUUID()}`;
}

/** The latest recommendation ids with the ARN of the campaign or recommender that gave them. */
export class RecommendationSources {
  private readonly sources = new Map<string, string>();

  remember(recommendationId: string, arn: string): void {
    this.sources.set(recommendationId, arn);
    if (this.sources.size > REMEMBERED) {
      for (const oldest of this.sources.keys()) {
        this.sources.delete(oldest);
        break;
      }
    }
  }

  get(recommendationId: string): string | undefined {
    return this.sources.get(recommendationId);
  }
}
