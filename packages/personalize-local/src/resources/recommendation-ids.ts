// Recommendation ids, and which campaign gave which: events refer to them.
import { randomUUID } from 'node:crypto';
import { hashString } from '@emotion-gallery/local-kit/random';

/** Enough to attribute the events that follow soon; forgotten at a restart, as an event without an id would be counted. */
const REMEMBERED = 100_000;

/**
 * As recorded in 2024: `RID-e2-4091-83ca-0ad90724af9d-CID-c89928`, 40 characters; the last six are the same for all answers
 * of a campaign or recommender.
 */
export function newRecommendationId(sourceArn: string): string {
  const source = (hashString(sourceArn) >>> 8).toString(16).padStart(6, '0');
  return `RID-${randomUUID().slice(11)}-CID-${source}`;
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
