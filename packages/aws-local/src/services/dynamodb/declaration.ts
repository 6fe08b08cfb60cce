// Amazon DynamoDB.
import type { ServiceDeclaration } from '../../declaration';
import { createDynamoDb } from '.';
import { table } from './resources';

export const dynamoDb: ServiceDeclaration = {
  id: 'dynamodb',
  title: 'Amazon DynamoDB',
  protocol: 'json',
  targetPrefix: 'DynamoDB_',
  tasks: { dynamodb: 'DynamoDb' },
  resources: { 'AWS::DynamoDB::Table': table },
  create: createDynamoDb,
  differences: ['No streams, backups, global tables or PartiQL; capacity is not simulated.'],
};
