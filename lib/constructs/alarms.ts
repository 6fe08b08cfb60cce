// The alarms of a deployment and the topic that carries them to a person. It is handed in wherever something is made that can fail, so
// that nothing is made unwatched; each alarm lives beside what it watches, so no stack has to be kept from changing by another's alarm.
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';

export interface Watch {
  /** What the alarm is called; the deployment's prefix comes before it. */
  readonly name: string;
  /** The heading in docs/runbook.md that says what to do. @default - the name */
  readonly runbookEntry?: string;
  /** What has happened when it rings, for the person who is woken. */
  readonly meaning: string;
  readonly metric: IMetric;
  /** It rings when the metric is greater. @default 0 */
  readonly threshold?: number;
  /** Periods of the metric in a row that must be above the threshold. @default 1 */
  readonly periods?: number;
}

export interface AlarmsProps {
  /** The alarms' names start with it. */
  readonly prefix: string;
  /** Who is told; the address has to confirm a mail first. @default - nobody, the alarms are only seen */
  readonly notificationMail?: string;
}

export class Alarms extends Construct {
  readonly topic: Topic;
  private readonly made: string[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmsProps,
  ) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: `${props.prefix}: alarms`, enforceSSL: true });
    this.allowAlarms();
    if (props.notificationMail) this.topic.addSubscription(new EmailSubscription(props.notificationMail));
    acknowledgeMail(this.topic);
  }

  /** Makes an alarm within `scope`, the construct that it watches. */
  watch(scope: Construct, watch: Watch): void {
    // Not the name alone: an earlier version had alarms of that name in another stack, and CloudFormation makes before it deletes.
    const alarmName = `${this.props.prefix}-${watch.name}-alarm`;
    const alarm = new Alarm(scope, `alarm-${watch.name}`, {
      alarmName,
      alarmDescription: `${watch.meaning}. What to do: docs/runbook.md#${watch.runbookEntry ?? watch.name}`,
      metric: watch.metric,
      threshold: watch.threshold ?? 0,
      evaluationPeriods: watch.periods ?? 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // No traffic is no data, and no reason to wake anybody.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    this.made.push(alarmName);
  }

  /** The names of all alarms that were made until now. */
  get names(): readonly string[] {
    return this.made;
  }

  /** The policy that refuses plain HTTP takes the place of the one that lets the account's alarms in. */
  private allowAlarms(): void {
    const stack = Stack.of(this);
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisDeployment',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: { 'aws:SourceArn': alarmArn(stack, `${this.props.prefix}-*`) },
        },
      }),
    );
  }
}

/** What is the same for each topic that sends mail. */
export function acknowledgeMail(topic: Topic): void {
  acknowledge(topic, {
    'NIST.800.53.R5-SNSEncryptedKMS':
      'Its messages name resources, not persons. CloudWatch cannot publish to a topic that is encrypted with the key of AWS, and one of ours costs more than all mails.',
    'Serverless-SNSRedrivePolicy':
      'A mail that does not arrive can be told by no other way: alarms are on the dashboard too.',
  });
}

export function alarmArn(stack: Stack, alarmName: string): string {
  return stack.formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: alarmName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
