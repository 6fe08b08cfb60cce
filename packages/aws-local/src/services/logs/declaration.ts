// Amazon CloudWatch Logs.
import type { ServiceDeclaration } from '../../declaration';
import { createLogs } from '.';
import { logGroup } from './resources';

export const logs: ServiceDeclaration = {
  id: 'logs',
  title: 'Amazon CloudWatch Logs',
  protocol: 'json',
  targetPrefix: 'Logs_',
  resources: { 'AWS::Logs::LogGroup': logGroup },
  create: createLogs,
  differences: ['No metric filters, subscriptions or Insights queries.'],
};
