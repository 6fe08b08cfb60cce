// Amazon EventBridge.
import type { ServiceDeclaration } from '../../declaration';
import type { EventsService } from '../../ports';
import { createEvents } from '.';
import { eventBus, rule } from './resources';

export const events: ServiceDeclaration = {
  id: 'events',
  title: 'Amazon EventBridge',
  protocol: 'json',
  targetPrefix: 'AWSEvents',
  tasks: { eventbridge: 'EventBridge' },
  target: async (service, { arn, body, principal }) =>
    (service as EventsService).handOn(arn, body, principal),
  resources: { 'AWS::Events::EventBus': eventBus, 'AWS::Events::Rule': rule },
  create: createEvents,
  differences: ['No archives, replays, API destinations, pipes or partner event sources.'],
};
