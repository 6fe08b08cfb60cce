// Amazon EventBridge on localhost.
import type { AwsService } from '../../service';

/** An event as a service of AWS puts it on the default bus. */
export interface ServiceEvent {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export interface EventsService extends AwsService {
  /** Takes an event of an AWS service; it is on disk when this returns. */
  accept(event: ServiceEvent): void;
}
