// Rings when a campaign is up and nobody asks it: it bills by the hour, used or not. Amazon Personalize counts requests in CloudWatch
// (namespace AWS/Personalize), but nothing there tells that a campaign is up; so each hour it is looked at, and that is counted too.
import { ArnFormat, Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Schedule, ScheduleExpression, ScheduleTargetInput, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import {
  Choice,
  Condition,
  CustomState,
  DefinitionBody,
  Map as MapState,
  Pass,
  ProvideItems,
} from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../constructs/acknowledge';
import type { Alarms, Watch } from '../constructs/alarms';
import { SchedulerRole } from '../constructs/scheduler-role';
import { WatchedStateMachine } from '../constructs/watched-state-machine';
import { transient } from './steps/transient';

const NAMESPACE = 'EmotionGallery';
const CAMPAIGN_UP = 'CampaignUp';
const HOUR = Duration.hours(1);
/** Hours in a row without a request. */
const IDLE_HOURS = 24;

/** What a campaign's requests are counted under in AWS/Personalize (developer guide, "Monitoring with CloudWatch"). */
const requestMetrics: Readonly<Record<string, string>> = {
  personal: 'GetRecommendations',
  similar: 'GetRecommendations',
  ranking: 'GetPersonalizedRankingRequests',
};

export interface IdleCampaignsProps {
  readonly datasetGroupName: string;
  /** The solutions whose campaigns stay up, as the settings name them. */
  readonly campaigns: readonly string[];
  /** Where a start goes that failed. */
  readonly missed: IQueue;
  readonly alarms: Alarms;
  readonly logRetentionDays: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

export class IdleCampaigns extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: IdleCampaignsProps,
  ) {
    super(scope, id);
    const look = this.look();
    const role = new SchedulerRole(this, 'SchedulerRole', { description: 'Looks which campaigns are up' });
    const schedule = new Schedule(this, 'Schedule', {
      description: 'Looks which campaigns are up',
      // In the middle of the hour, so that every hour is counted once.
      schedule: ScheduleExpression.cron({ minute: '30' }),
      timeWindow: TimeWindow.off(),
      target: new StepFunctionsStartExecution(look, {
        input: ScheduleTargetInput.fromObject({}),
        deadLetterQueue: props.missed,
        role,
      }),
    });
    schedule.node.addDependency(role);
    for (const name of props.campaigns) props.alarms.watch(this, this.idle(name));
  }

  private arnOf(name: string): string {
    return Stack.of(this).formatArn({
      service: 'personalize',
      resource: 'campaign',
      resourceName: `${this.props.datasetGroupName}-${name}`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  }

  private idle(name: string): Watch {
    const dimensionsMap = { CampaignArn: this.arnOf(name) };
    const up = new Metric({
      namespace: NAMESPACE,
      metricName: CAMPAIGN_UP,
      dimensionsMap,
      period: HOUR,
      statistic: 'Maximum',
    });
    const asked = new Metric({
      namespace: 'AWS/Personalize',
      metricName: requestMetrics[name] ?? 'GetRecommendations',
      dimensionsMap,
      period: HOUR,
      statistic: 'Sum',
    });
    return {
      name: `idle-campaign-${name}`,
      runbookEntry: 'idle-campaign',
      meaning: `The campaign ${name} is up, costs money, and was asked nothing for ${IDLE_HOURS} hours`,
      // One where it was up and not asked; no data where it was not up.
      metric: new MathExpression({
        expression: 'up - FILL(asked, 0)',
        usingMetrics: { up, asked },
        period: HOUR,
        label: 'up and not asked',
      }),
      periods: IDLE_HOURS,
    };
  }

  private look(): WatchedStateMachine {
    const { campaigns, alarms, logRetentionDays, removalPolicy } = this.props;
    const arns = campaigns.map((name) => this.arnOf(name));
    const describe = CallAwsService.jsonata(this, 'look at the campaign', {
      service: 'personalize',
      action: 'describeCampaign',
      iamResources: arns,
      parameters: { CampaignArn: '{% $states.input %}' },
    });
    describe.addRetry({ errors: transient('Personalize'), maxAttempts: 5, backoffRate: 2 });
    const down = Pass.jsonata(this, 'it is not up');
    describe.addCatch(down, { errors: ['Personalize.ResourceNotFoundException'] });
    // The CDK's own task for it would grant every namespace.
    const count = new CustomState(this, 'count the hour', {
      stateJson: {
        Type: 'Task',
        QueryLanguage: 'JSONata',
        Resource: `arn:${Stack.of(this).partition}:states:::aws-sdk:cloudwatch:putMetricData`,
        Arguments: {
          Namespace: NAMESPACE,
          MetricData: [
            {
              MetricName: CAMPAIGN_UP,
              Dimensions: [{ Name: 'CampaignArn', Value: '{% $states.input.Campaign.CampaignArn %}' }],
              Value: 1,
              Unit: 'Count',
            },
          ],
        },
        Retry: [{ ErrorEquals: transient('CloudWatch') }],
        End: true,
      },
    });
    const each = MapState.jsonata(this, 'each campaign', {
      items: ProvideItems.jsonArray(arns),
      maxConcurrency: 1,
    });
    each.itemProcessor(
      describe.next(
        Choice.jsonata(this, 'is it up?')
          .when(Condition.jsonata("{% $states.input.Campaign.Status = 'ACTIVE' %}"), count)
          .otherwise(down),
      ),
    );
    const machine = new WatchedStateMachine(this, 'Resource', {
      definitionBody: DefinitionBody.fromChainable(each),
      timeout: Duration.minutes(10),
      alarms,
      watch: {
        name: 'campaign-check-failed',
        meaning: 'It could not be looked which campaigns are up, so idle ones are not noticed',
      },
      logRetentionDays,
      removalPolicy,
    });
    machine.addToRolePolicy(
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': NAMESPACE } },
      }),
    );
    acknowledgeWildcards(
      machine,
      'Metrics, X-Ray and log delivery know no resources; the namespace is limited.',
      ['*'],
    );
    return machine;
  }
}
