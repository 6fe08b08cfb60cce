// One page that answers: do people come, do their likes arrive, is it fast, does anything fail?
import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, AlarmStatusWidget, Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { alarmArn } from './alarms';

/** What the Engagement stack lets be seen. */
export interface EngagementMetrics {
  readonly requests: IMetric;
  readonly clientErrors: IMetric;
  readonly serverErrors: IMetric;
  readonly latency: readonly IMetric[];
  readonly likeDuration: readonly IMetric[];
  readonly waitingLikes: IMetric;
  readonly oldestWaitingLike: IMetric;
}

export interface GalleryDashboardProps {
  readonly dashboardName: string;
  readonly alarmNames: readonly string[];
  readonly engagement: EngagementMetrics;
}

export class GalleryDashboard extends Construct {
  constructor(scope: Construct, id: string, props: GalleryDashboardProps) {
    super(scope, id);
    const { engagement } = props;
    const dashboard = new Dashboard(this, 'Resource', {
      dashboardName: props.dashboardName,
      defaultInterval: Duration.hours(3),
    });
    const alarms = props.alarmNames.map((name) =>
      Alarm.fromAlarmArn(this, name, alarmArn(Stack.of(this), name)),
    );
    dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 4 }));
    dashboard.addWidgets(
      graph('Requests', [engagement.requests], [engagement.clientErrors, engagement.serverErrors]),
      graph('Answer time of the API (ms)', engagement.latency),
    );
    dashboard.addWidgets(
      graph('Duration of like (ms)', engagement.likeDuration),
      graph(
        'Likes waiting for Amazon Personalize',
        [engagement.waitingLikes],
        [engagement.oldestWaitingLike],
      ),
    );
  }
}

function graph(title: string, left: readonly IMetric[], right: readonly IMetric[] = []): GraphWidget {
  return new GraphWidget({
    title,
    left: [...left],
    right: [...right],
    width: 12,
    leftYAxis: { min: 0 },
    rightYAxis: { min: 0 },
  });
}
