// Tells how a run ended: a mail through SNS for people, an event on the default bus for programs.
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { eventSource } from '../../constructs/minimum';
import type { Step } from './failure';
import type { Path } from './personalize-call';

export interface NotifyProps {
  readonly topic: ITopic;
  readonly bus: IEventBus;
  /** `PipelineSucceeded` or `PipelineFailed`. */
  readonly detailType: string;
  /** JSONata of the event's detail, an object. */
  readonly detail: string;
  /** JSONata of the mail's subject (≤ 100 characters, no line break) and text. */
  readonly subject: string;
  readonly message: string;
}

export function notify(step: Step, props: NotifyProps): Path {
  const event = step.guard(
    CallAwsService.jsonata(step, `${step.name}: send ${props.detailType}`, {
      service: 'eventbridge',
      action: 'putEvents',
      iamAction: 'events:PutEvents',
      iamResources: [props.bus.eventBusArn],
      parameters: {
        Entries: [
          {
            Source: eventSource,
            DetailType: props.detailType,
            EventBusName: props.bus.eventBusName,
            Detail: `{% $string(${props.detail}) %}`,
          },
        ],
      },
    }),
  );
  const mail = step.guard(
    CallAwsService.jsonata(step, `${step.name}: publish ${props.detailType}`, {
      service: 'sns',
      action: 'publish',
      iamResources: [props.topic.topicArn],
      parameters: {
        TopicArn: props.topic.topicArn,
        Subject: `{% $substring(${props.subject}, 0, 100) %}`,
        Message: `{% ${props.message} %}`,
      },
    }),
  );
  event.next(mail);
  return { start: event, done: mail };
}
