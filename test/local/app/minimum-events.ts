// Counts the MinimumReached events of an app: a rule of the test's own sends them to a queue.
import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Ready } from '../../../local/start/ready';
import { administrator } from './account';

const NAME = 'minimum-reached-of-the-test';

export interface MinimumEvents {
  /** The details of the events since the last call. */
  read(): Promise<unknown[]>;
  /** Takes the rule and the queue away. */
  close(): Promise<void>;
}

export async function watchMinimumEvents(
  app: Pick<Ready, 'awsEndpoint' | 'credentials'>,
): Promise<MinimumEvents> {
  const client = administrator(app);
  const sqs = new SQSClient(client);
  const events = new EventBridgeClient(client);
  const { RuleArn } = await events.send(
    new PutRuleCommand({
      Name: NAME,
      EventPattern: JSON.stringify({ source: ['emotion-gallery'], 'detail-type': ['MinimumReached'] }),
    }),
  );
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: NAME }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const Arn = Attributes?.QueueArn;
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: Arn,
        Condition: { ArnEquals: { 'aws:SourceArn': RuleArn } },
      },
    ],
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await events.send(new PutTargetsCommand({ Rule: NAME, Targets: [{ Id: 'queue', Arn }] }));
  return {
    async read() {
      const details: unknown[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
        );
        if (Messages.length === 0) return details;
        details.push(...Messages.map(({ Body }) => (JSON.parse(Body ?? '{}') as { detail: unknown }).detail));
      }
    },
    async close() {
      await events.send(new RemoveTargetsCommand({ Rule: NAME, Ids: ['queue'] }));
      await events.send(new DeleteRuleCommand({ Name: NAME }));
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
      sqs.destroy();
      events.destroy();
    },
  };
}
