// Amazon EventBridge.
import type { ServiceDeclaration } from '../../declaration';
import { createEvents } from '.';
import { rule } from './resources';

export const events: ServiceDeclaration = {
  id: 'events',
  title: 'Amazon EventBridge',
  protocol: 'json',
  targetPrefix: 'AWSEvents',
  tasks: { eventbridge: 'EventBridge' },
  resources: { 'AWS::Events::Rule': rule },
  create: createEvents,
  differences: ['No archives, replays, API destinations, pipes or partner event sources.'],
};
