// Amazon CloudWatch.
import type { ServiceDeclaration } from '../../declaration';
import { createCloudWatch } from '.';
import { alarm, dashboard } from './resources';

export const cloudWatch: ServiceDeclaration = {
  id: 'monitoring',
  title: 'Amazon CloudWatch',
  protocol: 'query',
  targetPrefix: 'GraniteServiceVersion',
  tasks: { cloudwatch: 'CloudWatch' },
  resources: { 'AWS::CloudWatch::Alarm': alarm, 'AWS::CloudWatch::Dashboard': dashboard },
  create: createCloudWatch,
  differences: ['Metrics are kept in minutes; anomaly detection and composite alarms are refused.'],
};
