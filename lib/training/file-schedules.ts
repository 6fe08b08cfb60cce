// Where the schedules of configuration files live: a group of the deployment's own, which goes with all that is in it, and the role
// with which EventBridge Scheduler starts the pipeline. The schedules themselves are made by the pipeline (`steps/keep-schedules.ts`).
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { SchedulerRole } from '../constructs/scheduler-role';

export interface FileSchedulesProps {
  readonly groupName: string;
  /** Where a start goes that failed. */
  readonly missed: IQueue;
}

export class FileSchedules extends Construct {
  readonly groupName: string;
  readonly missed: IQueue;
  /** Of the group's schedules, with a wildcard for their names. */
  readonly scheduleArns: string;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: FileSchedulesProps) {
    super(scope, id);
    const group = new ScheduleGroup(this, 'Resource', {
      scheduleGroupName: props.groupName,
      // There is nothing in it that the files do not say.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.groupName = group.scheduleGroupName;
    this.missed = props.missed;
    const stack = Stack.of(this);
    this.scheduleArns = stack.formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${props.groupName}/*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    this.role = new SchedulerRole(this, 'Role', {
      description: 'Starts the training pipeline for the schedules of configuration files',
      group,
    });
    this.role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.missed.queueArn] }),
    );
  }

  /** What the schedules start; it is made later than this, because it makes them. */
  allowStarting(pipeline: StateMachine): void {
    pipeline.grantStartExecution(this.role);
  }
}
