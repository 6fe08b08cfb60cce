// Sends a message to a resource that an ARN names: a queue, a topic, a function, a state machine.
import { AwsError, type AwsService, type Principal, type ServiceContext } from '../../service';
import type { LambdaService } from '../lambda';
import type { SqsService } from '../sqs';

export interface TargetOptions {
  /** For FIFO queues. */
  readonly messageGroupId?: string;
}

/** @throws AwsError when the target is gone, or the principal may not; ValidationException for other kinds of targets */
export async function deliverToTarget(
  context: ServiceContext,
  targetArn: string,
  message: string,
  principal: Principal,
  options: TargetOptions = {},
): Promise<void> {
  const service = targetArn.split(':')[2];
  switch (service) {
    case 'sqs': {
      const queue = context.service<SqsService>('sqs');
      const input = {
        QueueUrl: queue.urlOfArn(targetArn),
        MessageBody: message,
        MessageGroupId: options.messageGroupId,
      };
      await queue.call('SendMessage', input, principal);
      return;
    }
    case 'sns':
      await context
        .service<AwsService>('sns')
        .call('Publish', { TopicArn: targetArn, Message: message }, principal);
      return;
    case 'lambda':
      await context.service<LambdaService>('lambda').invoke({
        functionName: targetArn,
        payload: Buffer.from(message),
        principal,
        type: 'Event',
      });
      return;
    case 'states':
      await context
        .service<AwsService>('states')
        .call('StartExecution', { stateMachineArn: targetArn, input: message }, principal);
      return;
    default:
      throw new AwsError(
        'ValidationException',
        `Targets of the kind ${service} are not supported on localhost: ${targetArn}`,
      );
  }
}
