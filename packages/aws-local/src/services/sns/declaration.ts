// Amazon SNS.
import type { ServiceDeclaration } from '../../declaration';
import { createSns } from '.';
import { subscription, topic, topicPolicy } from './resources';

export const sns: ServiceDeclaration = {
  id: 'sns',
  title: 'Amazon SNS',
  protocol: 'query',
  tasks: { sns: 'Sns' },
  resources: {
    'AWS::SNS::Subscription': subscription,
    'AWS::SNS::Topic': topic,
    'AWS::SNS::TopicPolicy': topicPolicy,
  },
  target: (service, { arn, body, principal }) =>
    service.call('Publish', { TopicArn: arn, Message: body }, principal),
  create: createSns,
  differences: [
    'Subscribers are queues, functions and e-mail addresses; e-mails are kept in a file. No FIFO topics.',
  ],
};
