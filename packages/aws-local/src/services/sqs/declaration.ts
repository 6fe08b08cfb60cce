// Amazon SQS.
import type { ServiceDeclaration } from '../../declaration';
import type { SqsService } from '../../ports';
import { createSqs } from '.';
import { QUERY_ERRORS } from './query-errors';
import { queue, queuePolicy } from './resources';

export const sqs: ServiceDeclaration = {
  id: 'sqs',
  title: 'Amazon SQS',
  protocol: 'query',
  queryErrors: QUERY_ERRORS,
  targetPrefix: 'AmazonSQS',
  tasks: { sqs: 'Sqs' },
  resources: { 'AWS::SQS::Queue': queue, 'AWS::SQS::QueuePolicy': queuePolicy },
  target: (service, { arn, body, principal, messageGroupId }) =>
    service.call(
      'SendMessage',
      {
        QueueUrl: (service as SqsService).urlOfArn(arn),
        MessageBody: body,
        MessageGroupId: messageGroupId,
      },
      principal,
    ),
  create: createSqs,
  differences: [
    'Standard queues only: FIFO queues are refused.',
    'Queues of one name in two regions have one address; the signature tells which is meant.',
  ],
};
