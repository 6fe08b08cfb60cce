// Tells somebody when Amazon Personalize costs more a month than expected: an idle campaign bills by the hour.
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';

export interface CostGuardProps {
  readonly budgetName: string;
  /** US dollars a month. */
  readonly monthlyBudget: number;
  readonly notificationMail: string;
}

export class CostGuard extends Construct {
  constructor(scope: Construct, id: string, props: CostGuardProps) {
    super(scope, id);
    const subscribers = [{ subscriptionType: 'EMAIL', address: props.notificationMail }];
    const notification = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: {
        notificationType,
        threshold,
        thresholdType: 'PERCENTAGE',
        comparisonOperator: 'GREATER_THAN',
      },
      subscribers,
    });
    new CfnBudget(this, 'Resource', {
      budget: {
        budgetName: props.budgetName,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: props.monthlyBudget, unit: 'USD' },
        costFilters: { Service: ['Amazon Personalize'] },
      },
      notificationsWithSubscribers: [
        notification('ACTUAL', 50),
        notification('ACTUAL', 100),
        notification('FORECASTED', 100),
      ],
    });
  }
}
