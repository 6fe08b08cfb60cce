// The record of a run: who runs now (one lock for each dataset group), which step it is in, how it ended. The console reads it.
// Key of the table: `datasetGroup` (ARN) + `run` (start time and execution name; `lock` is the lock).
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Choice, Condition, type IChainable, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { GalleryTable } from '../../constructs/gallery-table';
import type { Step } from './failure';
import type { Path } from './personalize-call';

const GROUP = '{% $plan.datasetGroup.arn %}';
const EXECUTION = '{% $states.context.Execution.Id %}';
const NOW = '{% $now() %}';

/** Both spellings are in use: the optimised integration's and the SDK integration's. */
const conditionFailed = [
  'DynamoDb.ConditionalCheckFailedException',
  'DynamoDB.ConditionalCheckFailedException',
];

const strings = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { S: value }]));

export class RunRecord {
  constructor(private readonly table: GalleryTable) {}

  /**
   * Takes the lock and begins a record. A dead run's lock is taken over.
   *
   * @param busy where it goes on while another run holds the lock; finds that run's ARN in `$holder`
   */
  begin(step: Step, busy: IChainable): Path {
    const take = this.putLock(
      step,
      'take the lock',
      'attribute_not_exists(datasetGroup) OR execution = :holder',
      EXECUTION,
    );
    const takeOver = step.guard(
      this.putLock(
        step,
        'take over the lock',
        'attribute_not_exists(datasetGroup) OR execution = :holder',
        '{% $holder %}',
      ),
    );
    const holder = step.guard(
      this.call(step, 'who holds the lock?', 'getItem', {
        parameters: { ConsistentRead: true, Key: strings({ datasetGroup: GROUP, run: 'lock' }) },
        assign: { holder: "{% $exists($states.result.Item) ? $states.result.Item.execution.S : 'nobody' %}" },
      }),
    );
    const alive = this.describeHolder(step);
    const begun = step.guard(
      this.call(step, 'begin the record', 'putItem', {
        parameters: {
          Item: strings({
            datasetGroup: GROUP,
            run: '{% $runId %}',
            execution: EXECUTION,
            reason: '{% $reason %}',
            startedAt: '{% $states.context.Execution.StartTime %}',
            outcome: 'running',
            step: 'begin',
            stepStartedAt: NOW,
          }),
        },
      }),
    );
    take.addCatch(holder, { errors: conditionFailed });
    step.guard(take).next(begun);
    alive.addCatch(takeOver, { errors: ['Sfn.ExecutionDoesNotExistException'] });
    holder.next(
      Choice.jsonata(step, `${step.name}: is it held?`)
        .when(Condition.jsonata("{% $holder = 'nobody' %}"), takeOver)
        .otherwise(step.guard(alive)),
    );
    alive.next(
      Choice.jsonata(step, `${step.name}: does its run go on?`)
        .when(Condition.jsonata("{% $holderStatus = 'RUNNING' %}"), busy)
        .otherwise(takeOver),
    );
    takeOver.next(begun);
    return { start: take, done: begun };
  }

  /** Notes that a step begins. `detail` is JSONata for what it works on. */
  note(step: Step, detail = "''"): CallAwsService {
    return step.guard(
      this.call(step, `note ${step.name}`, 'updateItem', {
        parameters: {
          Key: strings({ datasetGroup: GROUP, run: '{% $runId %}' }),
          UpdateExpression:
            'SET #step = :step, detail = :detail, stepStartedAt = :now, steps = list_append(if_not_exists(steps, :none), :entry)',
          ExpressionAttributeNames: { '#step': 'step' },
          ExpressionAttributeValues: {
            ...strings({ ':step': step.name, ':detail': `{% ${detail} %}`, ':now': NOW }),
            ':none': { L: [] },
            ':entry': { L: [{ M: strings({ step: step.name, detail: `{% ${detail} %}`, startedAt: NOW }) }] },
          },
        },
      }),
    );
  }

  /** Ends the record (`outcome` and `result` are JSONata strings) and gives the lock back. */
  end(step: Step, outcome: string, result: string): Path {
    const record = step.guard(
      this.call(step, 'end the record', 'updateItem', {
        parameters: {
          Key: strings({ datasetGroup: GROUP, run: '{% $runId %}' }),
          // A run that failed before it had the lock has no record yet.
          UpdateExpression:
            `SET outcome = :outcome, #result = :result, endedAt = :now, reason = :reason, execution = :execution,
            startedAt = :startedAt`.replaceAll(/\s+/g, ' '),
          ExpressionAttributeNames: { '#result': 'result' },
          ExpressionAttributeValues: strings({
            ':outcome': outcome,
            ':result': `{% ${result} %}`,
            ':now': NOW,
            ':reason': '{% $reason %}',
            ':execution': EXECUTION,
            ':startedAt': '{% $states.context.Execution.StartTime %}',
          }),
        },
      }),
    );
    const release = this.call(step, 'release the lock', 'deleteItem', {
      parameters: {
        Key: strings({ datasetGroup: GROUP, run: 'lock' }),
        ConditionExpression: 'execution = :own',
        ExpressionAttributeValues: strings({ ':own': EXECUTION }),
      },
    });
    const done = Pass.jsonata(step, `${step.name}: recorded`);
    // A run that failed before it had the lock has none to give back.
    release.addCatch(done, { errors: conditionFailed });
    record.next(step.guard(release)).next(done);
    return { start: record, done };
  }

  private putLock(step: Step, id: string, condition: string, holder: string): CallAwsService {
    return this.call(step, id, 'putItem', {
      parameters: {
        Item: strings({ datasetGroup: GROUP, run: 'lock', execution: EXECUTION, takenAt: NOW }),
        ConditionExpression: condition,
        ExpressionAttributeValues: strings({ ':holder': holder }),
      },
    });
  }

  private describeHolder(step: Step): CallAwsService {
    const execution = Stack.of(step).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return CallAwsService.jsonata(step, `${step.name}: look at its run`, {
      service: 'sfn',
      action: 'describeExecution',
      iamAction: 'states:DescribeExecution',
      iamResources: [execution],
      parameters: { ExecutionArn: '{% $holder %}' },
      assign: { holderStatus: '{% $states.result.Status %}' },
    });
  }

  private call(
    step: Step,
    id: string,
    action: 'getItem' | 'putItem' | 'updateItem' | 'deleteItem',
    { parameters, assign }: { parameters: Record<string, unknown>; assign?: Record<string, unknown> },
  ): CallAwsService {
    const call = CallAwsService.jsonata(step, `${step.name}: ${id}`, {
      service: 'dynamodb',
      action,
      iamResources: [this.table.tableArn],
      parameters: { TableName: this.table.tableName, ...parameters },
      ...(assign && { assign }),
    });
    call.addRetry({
      errors: [
        'DynamoDb.ThrottlingException',
        'DynamoDb.ProvisionedThroughputExceededException',
        'DynamoDb.SdkClientException',
      ],
      maxAttempts: 6,
      backoffRate: 2,
    });
    return call;
  }
}
