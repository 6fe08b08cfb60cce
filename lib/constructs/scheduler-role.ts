// The role with which EventBridge Scheduler does what the schedules of one group ask for.
import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';

export interface SchedulerRoleProps {
  readonly description: string;
  /** @default - the group that every account has */
  readonly group?: IScheduleGroup;
}

/**
 * A role can be bound to a schedule group, not to a schedule (User Guide, "Confused deputy prevention"). Let the schedules depend
 * on the role: the CDK does not, and a rate begins at once, when its grants may not be there yet.
 */
export class SchedulerRole extends Role {
  constructor(scope: Construct, id: string, { description, group }: SchedulerRoleProps) {
    const stack = Stack.of(scope);
    const everyones = () =>
      stack.formatArn({ service: 'scheduler', resource: 'schedule-group', resourceName: 'default' });
    super(scope, id, {
      description,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': stack.account,
            'aws:SourceArn': group?.scheduleGroupArn ?? everyones(),
          },
        },
      }),
    });
  }
}
