// Makes the alarms that the constructs ask for, and the topic that carries them to a person.
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Watch } from './watch';

export interface AlarmsProps {
  /** The alarms' names start with it. */
  readonly prefix: string;
  readonly watches: readonly Watch[];
  /** Who is told; the address has to confirm a mail first. @default - nobody, the alarms are only seen */
  readonly notificationMail?: string;
}

export class Alarms extends Construct {
  readonly topic: Topic;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: `${props.prefix}: alarms`, enforceSSL: true });
    this.allowAlarms(props.prefix);
    if (props.notificationMail) this.topic.addSubscription(new EmailSubscription(props.notificationMail));
    const action = new SnsAction(this.topic);
    this.alarms = props.watches.map((watch) => {
      const alarm = new Alarm(this, watch.name, {
        alarmName: `${props.prefix}-${watch.name}`,
        alarmDescription: `${watch.meaning}. What to do: docs/runbook.md#${watch.runbookEntry ?? watch.name}`,
        metric: watch.metric,
        threshold: watch.threshold,
        evaluationPeriods: watch.periods ?? 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        // No traffic is no data, and no reason to wake anybody.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
      return alarm;
    });
  }

  /** The policy that refuses plain HTTP takes the place of the one that lets the account's alarms in. */
  private allowAlarms(prefix: string): void {
    const stack = Stack.of(this);
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisDeployment',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: {
            'aws:SourceArn': stack.formatArn({
              service: 'cloudwatch',
              resource: 'alarm',
              resourceName: `${prefix}-*`,
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          },
        },
      }),
    );
  }
}
