// The stack that shows how the others are: dashboard and cost guard.
import type { Construct } from 'constructs';
import type { Alarms } from '../constructs/alarms';
import { CostGuard } from '../constructs/cost-guard';
import { type EngagementMetrics, GalleryDashboard } from '../constructs/gallery-dashboard';
import { GalleryStack, type GalleryStackProps } from './gallery-stack';

export interface OperationsStackProps extends GalleryStackProps {
  /** With all alarms in it that the other stacks have. */
  readonly alarms: Alarms;
  readonly engagement: EngagementMetrics;
}

export class OperationsStack extends GalleryStack {
  constructor(scope: Construct, props: OperationsStackProps) {
    super(scope, 'operations', 'dashboard and cost guard', props);
    const { prefix, notificationMail, monthlyBudget } = props.settings;
    new GalleryDashboard(this, 'Dashboard', {
      dashboardName: prefix,
      alarmNames: props.alarms.names,
      engagement: props.engagement,
    });
    if (notificationMail) {
      new CostGuard(this, 'CostGuard', {
        budgetName: `${prefix}-personalize`,
        monthlyBudget,
        notificationMail,
      });
    }
  }
}
