// Amazon EventBridge Scheduler.
import type { ServiceDeclaration } from '../../declaration';
import { createScheduler } from '.';
import { schedule, scheduleGroup } from './resources';

export const scheduler: ServiceDeclaration = {
  id: 'scheduler',
  title: 'Amazon EventBridge Scheduler',
  protocol: 'rest-json',
  tasks: { scheduler: 'Scheduler' },
  resources: { 'AWS::Scheduler::Schedule': schedule, 'AWS::Scheduler::ScheduleGroup': scheduleGroup },
  create: createScheduler,
};
