// The record of a run: who runs now (a lock for each dataset group), which step it is in, how it ended. The console reads it.
// Key of the table: `datasetGroup` + `run`; the run `lock` is the lock.
import { Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Choice, Condition, Pass, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import {
  CallAwsService,
  DynamoAttributeValue,
  DynamoDeleteItem,
  DynamoPutItem,
  DynamoUpdateItem,
} from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { Step } from './failure';
import type { Path } from './personalize-call';

const text = (expression: string) => DynamoAttributeValue.fromString(`{% ${expression} %}`);
const GROUP = '$plan.datasetGroup.arn';
const EXECUTION = '$states.context.Execution.Id';

export class RunRecord extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly table: Table,
  ) {
    super(scope, id);
  }

  private get runKey() {
    return { datasetGroup: text(GROUP), run: text('$runId') };
  }

  private get lockKey() {
    return { datasetGroup: text(GROUP), run: DynamoAttributeValue.fromString('lock') };
  }

  /** Takes the lock, or ends the execution because another run holds it. A lock whose run is over is taken over. */
  acquire(step: Step, stateMachineArn: string): Path {
    const putLock = (id: string, condition: string, values?: Record<string, DynamoAttributeValue>) =>
      DynamoPutItem.jsonata(step, id, {
        table: this.table,
        item: { ...this.lockKey, execution: text(EXECUTION) },
        conditionExpression: condition,
        ...(values && { expressionAttributeValues: values }),
      });
    const take = putLock('lock: take', 'attribute_not_exists(datasetGroup) OR execution = :own', {
      ':own': text(EXECUTION),
    });
    const holder = step.guard(
      CallAwsService.jsonata(step, 'lock: who holds it?', {
        service: 'dynamodb',
        action: 'getItem',
        iamResources: [this.table.tableArn],
        parameters: {
          TableName: this.table.tableName,
          ConsistentRead: true,
          Key: { datasetGroup: { S: `{% ${GROUP} %}` }, run: { S: 'lock' } },
        },
        assign: { holder: "{% $exists($states.result.Item) ? $states.result.Item.execution.S : '' %}" },
      }),
    );
    const look = CallAwsService.jsonata(step, 'lock: does it still run?', {
      service: 'sfn',
      action: 'describeExecution',
      iamAction: 'states:DescribeExecution',
      iamResources: [
        Stack.of(this).formatArn({
          service: 'states',
          resource: 'execution',
          resourceName: '*',
          arnFormat: 'colon' as never,
        }),
      ],
      parameters: { ExecutionArn: '{% $holder %}' },
      assign: { holderStatus: '{% $states.result.Status %}' },
    });
    const busy = Succeed.jsonata(step, 'lock: another run is under way', {
      outputs: { outcome: 'skipped', runningExecution: '{% $holder %}' },
    });
    const takeOver = step.guard(
      putLock('lock: take over', 'attribute_not_exists(datasetGroup) OR execution = :holder', {
        ':holder': text('$holder'),
      }),
    );
    const begun = DynamoPutItem.jsonata(step, 'record: begin', {
      table: this.table,
      item: {
        ...this.runKey,
        execution: text(EXECUTION),
        reason: text('$reason'),
        startedAt: text('$states.context.Execution.StartTime'),
        outcome: DynamoAttributeValue.fromString('running'),
        step: DynamoAttributeValue.fromString('begin'),
      },
    });
    take.addCatch(holder, { errors: ['DynamoDB.ConditionalCheckFailedException'] });
    look.addCatch(takeOver, { errors: ['Sfn.ExecutionDoesNotExistException', 'Sfn.InvalidArnException'] });
    step.guard(take).next(step.guard(begun));
    holder.next(
      Choice.jsonata(step, 'lock: is it held?')
        .when(Condition.jsonata("{% $holder = '' %}"), takeOver)
        .otherwise(
          step
            .guard(look)
            .next(
              Choice.jsonata(step, 'lock: is it alive?')
                .when(Condition.jsonata("{% $holderStatus = 'RUNNING' %}"), busy)
                .otherwise(takeOver),
            ),
        ),
    );
    takeOver.next(begun);
    void stateMachineArn;
    return { start: take, done: begun };
  }
}
export { DynamoDeleteItem, DynamoUpdateItem, Pass };
