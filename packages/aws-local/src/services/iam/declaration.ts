// AWS Identity and Access Management.
import type { ServiceDeclaration } from '../../declaration';
import { createIam } from '.';
import { managedPolicy, policy, role } from './resources';

export const iam: ServiceDeclaration = {
  id: 'iam',
  title: 'AWS IAM',
  spansRegions: true,
  protocol: 'query',
  resources: {
    'AWS::IAM::ManagedPolicy': managedPolicy,
    'AWS::IAM::Policy': policy,
    'AWS::IAM::Role': role,
  },
  create: (context, { directory }) => createIam(context, directory),
  differences: [
    'Roles and customer managed policies; no users, groups, instance profiles or permission boundaries.',
    'Conditions on tags of a resource (aws:ResourceTag) find none.',
  ],
};
