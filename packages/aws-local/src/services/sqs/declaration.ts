// Amazon SQS.
import type { ServiceDeclaration } from '../../declaration';
import type { SqsService } from '../../ports';
import { createSqs } from '.';
import { queue, queuePolicy } from './resources';

/** API model, the trait awsQueryError of each error. */
const QUERY_ERRORS: ServiceDeclaration['queryErrors'] = {
  BatchEntryIdsNotDistinct: ['AWS.SimpleQueueService.BatchEntryIdsNotDistinct', 400],
  BatchRequestTooLong: ['AWS.SimpleQueueService.BatchRequestTooLong', 400],
  EmptyBatchRequest: ['AWS.SimpleQueueService.EmptyBatchRequest', 400],
  InvalidBatchEntryId: ['AWS.SimpleQueueService.InvalidBatchEntryId', 400],
  MessageNotInflight: ['AWS.SimpleQueueService.MessageNotInflight', 400],
  OverLimit: ['OverLimit', 403],
  PurgeQueueInProgress: ['AWS.SimpleQueueService.PurgeQueueInProgress', 403],
  QueueDeletedRecently: ['AWS.SimpleQueueService.QueueDeletedRecently', 400],
  QueueDoesNotExist: ['AWS.SimpleQueueService.NonExistentQueue', 400],
  QueueNameExists: ['QueueAlreadyExists', 400],
  ReceiptHandleIsInvalid: ['ReceiptHandleIsInvalid', 404],
  TooManyEntriesInBatchRequest: ['AWS.SimpleQueueService.TooManyEntriesInBatchRequest', 400],
  UnsupportedOperation: ['AWS.SimpleQueueService.UnsupportedOperation', 400],
};

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
  differences: ['Standard queues only: FIFO queues are refused.'],
};
