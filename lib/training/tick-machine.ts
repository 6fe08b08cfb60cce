// The state machine that ticks a dataset group until there is nothing to do: tick → wait → tick. No function waits, and the graph shows
// which phase the group is in.
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  Pass,
  Succeed,
  TaskInput,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { steps } from '../../lambda/controller/actions';

/**
 * Input of an execution: `{reason?: 'minimum-reached' | 'schedule' | 'operator' | 'configuration' | …, datasetGroup?}`; without a group
 * it is the gallery's, without a reason an operator's.
 */
export function tickMachine(scope: Construct, tick: IFunction): IChainable {
  const begin = Pass.jsonata(scope, 'begin', {
    assign: { request: "{% $merge([{'reason': 'operator'}, $states.input]) %}", ticks: 0 },
  });
  const ticking = LambdaInvoke.jsonata(scope, 'tick', {
    lambdaFunction: tick,
    payload: TaskInput.fromText(
      "{% $merge([$request, {'execution': $states.context.Execution.Id, 'startedAt': $states.context.Execution.StartTime, 'ticks': $ticks}]) %}",
    ),
    outputs: '{% $states.result.Payload %}',
    assign: { ticks: '{% $ticks + 1 %}' },
    retryOnServiceExceptions: true,
  });
  // A tick that failed did no harm: the next one finds what it did.
  ticking.addRetry({
    errors: ['States.TaskFailed', 'States.Timeout'],
    interval: Duration.seconds(5),
    backoffRate: 2,
    maxAttempts: 4,
  });
  const pause = Wait.jsonata(scope, 'pause', { time: WaitTime.seconds('{% $states.input.seconds %}') });
  const ended = Succeed.jsonata(scope, 'nothing to do now', {
    outputs:
      "{% $sift($states.input, function($v, $k) { $k in ['outcome', 'results', 'failure', 'runningExecution'] }) %}",
  });
  const failed = Fail.jsonata(scope, 'a person has to do something', {
    error: 'PipelineFailed',
    cause: '{% $string($states.input.failure) %}',
  });
  const next = Choice.jsonata(scope, 'what now?')
    .when(Condition.jsonata("{% $states.input.next = 'end' %}"), ended)
    .when(Condition.jsonata("{% $states.input.next = 'fail' %}"), failed);
  for (const step of steps) {
    const phase = Pass.jsonata(scope, step);
    next.when(Condition.jsonata(`{% $states.input.phase = '${step}' %}`), phase.next(pause));
  }
  next.otherwise(pause);
  pause.next(ticking);
  return begin.next(ticking).next(next);
}
