// How a run begins: with a plan, and the lock of its dataset group. Nothing is locked or made before the plan stands, so that a wrong
// configuration fails here and says why. A run of a file waits for its turn, and then reads the file again; the file may be gone by then.
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  Choice,
  Condition,
  type IChainable,
  Pass,
  type State,
  Succeed,
  TaskInput,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService, LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { FileSchedules } from '../file-schedules';
import { Step } from './failure';
import { keepSchedules, schedulePrefix } from './keep-schedules';
import type { Path } from './personalize-call';
import type { RunRecord } from './run-record';

/** How long a run waits for others of its dataset group. */
const TURN_DEADLINE = Duration.hours(24);

export interface BeginRunProps {
  /** The gallery's own dataset group. */
  readonly datasetGroup: { readonly name: string; readonly arn: string };
  readonly planFunction: IFunction;
  readonly bucket: IBucket;
  readonly schedules: FileSchedules;
  readonly record: RunRecord;
  /** Where a failure goes on; it finds `$failure`. */
  readonly onFailure: State & IChainable;
}

/**
 * Assigns `$request` (the execution's input), `$reason`, `$runId`, `$begunAt` (milliseconds), `$schedulePrefix` (empty without a
 * file) and `$plan`. At its end the lock is held.
 */
export function beginRun(scope: Construct, props: BeginRunProps): Path {
  const key = '$states.input.configurationKey';
  const begin = Pass.jsonata(scope, 'begin', {
    assign: {
      request: '{% $states.input %}',
      reason: "{% $exists($states.input.reason) ? $states.input.reason : 'operator' %}",
      schedulePrefix: `{% $exists(${key}) ? ${schedulePrefix(key)} : '' %}`,
      runId: "{% $states.context.Execution.StartTime & ' ' & $states.context.Execution.Name %}",
      begunAt: '{% $millis() %}',
      // Until the plan stands, a failure is told as the gallery's.
      plan: { datasetGroup: props.datasetGroup },
    },
  });
  const look = lookForFile(scope, props);
  const plan = readPlan(scope, props);
  const lock = new Step(scope, 'lock', 'lock', props.onFailure);
  const acquired = props.record.begin(lock, waitForTurn(lock, look));
  begin.next(
    Choice.jsonata(scope, 'begin: is it for a file?')
      .when(Condition.jsonata('{% $exists($request.configurationKey) %}'), look)
      .otherwise(plan),
  );
  look.next(
    Choice.jsonata(scope, 'begin: is the file there?')
      .when(Condition.jsonata('{% $states.input.isThere %}'), plan)
      .otherwise(forgetFile(scope, props)),
  );
  plan.next(acquired.start);
  return { start: begin, done: acquired.done };
}

/** The first key that begins with the file's is the file's own, if there is one. */
function lookForFile(scope: Construct, { bucket, onFailure }: BeginRunProps): CallAwsService {
  const step = new Step(scope, 'file', 'plan', onFailure);
  return step.guard(
    CallAwsService.jsonata(step, 'plan: look for the file', {
      service: 's3',
      action: 'listObjectsV2',
      iamAction: 's3:ListBucket',
      iamResources: [bucket.bucketArn],
      parameters: { Bucket: bucket.bucketName, Prefix: '{% $request.configurationKey %}', MaxKeys: 1 },
      outputs: { isThere: '{% $exists($states.result.Contents[Key = $request.configurationKey]) %}' },
    }),
  );
}

/** Started for a file that was deleted: by the deletion itself, or by a schedule that a run made while the file went. */
function forgetFile(scope: Construct, { schedules, onFailure }: BeginRunProps): IChainable {
  const step = new Step(scope, 'forget schedules', 'forget schedules', onFailure);
  const kept = keepSchedules(step, schedules, '[]');
  kept.done.next(
    Succeed.jsonata(step, 'begin: the file is gone', {
      outputs: { outcome: 'forgotten', configurationKey: '{% $request.configurationKey %}' },
    }),
  );
  return kept.start;
}

function readPlan(scope: Construct, { planFunction, onFailure }: BeginRunProps): LambdaInvoke {
  const step = new Step(scope, 'plan', 'plan', onFailure);
  return step.guard(
    LambdaInvoke.jsonata(step, 'plan: read the configuration', {
      lambdaFunction: planFunction,
      payload: TaskInput.fromText('{% $request %}'),
      assign: { plan: '{% $states.result.Payload %}' },
    }),
  );
}

/** Another run of the gallery's own solutions would only repeat the one that is under way; a file asks for something of its own. */
function waitForTurn(lock: Step, again: State & IChainable): IChainable {
  const name = `${lock.name}: another run`;
  const pause = Wait.jsonata(lock, `${name} pauses`, { time: WaitTime.duration(Duration.minutes(5)) });
  const skipped = Succeed.jsonata(lock, `${name} is under way`, {
    outputs: { outcome: 'skipped', runningExecution: '{% $holder %}' },
  });
  const late = lock.giveUp(
    'another run took too long',
    'DeadlinePassed',
    `'other runs of this dataset group were under way for ${TURN_DEADLINE.toHours()} hours, the last one is ' & $holder`,
  );
  return Choice.jsonata(lock, `${name}?`)
    .when(Condition.jsonata('{% $not($exists($request.configurationKey)) %}'), skipped)
    .when(Condition.jsonata(`{% $millis() - $begunAt > ${TURN_DEADLINE.toMilliseconds()} %}`), late)
    .otherwise(pause.next(again));
}
