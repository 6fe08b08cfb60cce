// The minimum that Amazon Personalize needs before it can train, and the event that says that it is reached.
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';

export interface Minimum {
  /** Users with two likes or more. */
  readonly users: number;
  readonly interactions: number;
}

/** The source of every event that the gallery sends. */
export const eventSource = 'emotion-gallery';
export const minimumReached = 'MinimumReached';

/** Lets the grantee send this one event, and no other, to the bus. */
export function grantAnnounceMinimum(bus: IEventBus, grantee: IGrantable): Grant {
  return Grant.addToPrincipal({
    grantee,
    actions: ['events:PutEvents'],
    resourceArns: [bus.eventBusArn],
    conditions: {
      StringEquals: { 'events:source': eventSource, 'events:detail-type': minimumReached },
    },
  });
}
