// AWS Secrets Manager.
import type { ServiceDeclaration } from '../../declaration';
import { createSecretsManager } from '.';
import { secret } from './resources';

export const secretsManager: ServiceDeclaration = {
  id: 'secretsmanager',
  title: 'AWS Secrets Manager',
  protocol: 'json',
  targetPrefix: 'secretsmanager',
  tasks: { secretsmanager: 'SecretsManager' },
  resources: { 'AWS::SecretsManager::Secret': secret },
  create: createSecretsManager,
  differences: ['No rotation, replication or encryption keys of one’s own.'],
};
