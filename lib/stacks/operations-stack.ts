// The stack that watches the others: alarms, dashboard, cost guard.
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms';
import { CostGuard } from '../constructs/cost-guard';
import { type EngagementMetrics, GalleryDashboard } from '../constructs/gallery-dashboard';
import type { Watch } from '../constructs/watch';
import { GalleryStack, type GalleryStackProps } from './gallery-stack';

export interface OperationsStackProps extends GalleryStackProps {
  readonly watches: readonly Watch[];
  readonly engagement: EngagementMetrics;
}

export class OperationsStack extends GalleryStack {
  constructor(scope: Construct, props: OperationsStackProps) {
    super(scope, 'operations', 'alarms, dashboard and cost guard', props);
    const { prefix, notificationMail, monthlyBudget } = props.settings;
    const { alarms } = new Alarms(this, 'Alarms', { prefix, watches: props.watches, notificationMail });
    new GalleryDashboard(this, 'Dashboard', {
      dashboardName: prefix,
      alarms,
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
