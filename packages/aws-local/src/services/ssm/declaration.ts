// AWS Systems Manager: its Parameter Store.
import type { ServiceDeclaration } from '../../declaration';
import { createSsm } from '.';
import { parameter } from './resources';

export const ssm: ServiceDeclaration = {
  id: 'ssm',
  title: 'AWS Systems Manager (Parameter Store)',
  protocol: 'json',
  targetPrefix: 'AmazonSSM',
  tasks: { ssm: 'Ssm' },
  resources: { 'AWS::SSM::Parameter': parameter },
  create: createSsm,
  differences: ['Parameters are String or StringList; no SecureString, labels or history.'],
};
