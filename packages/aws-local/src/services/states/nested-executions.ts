// Tasks that start another state machine, and may wait for its end. https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
import { AwsError, type Principal, type ServiceContext, type Shape } from '../../service';
import type { Execution, StateMachine } from './execution';
import type { Executions } from './executions';
import { unlessAborted } from './interpreter/branch';
import type { TaskCall } from './interpreter/task';
import { StateFailure } from './language/failure';

export interface NestedProps {
  readonly context: ServiceContext;
  readonly executions: Executions;
  readonly machineOf: (arn: string) => StateMachine | undefined;
}

/** @throws StateFailure, Stopped, AwsError */
export async function startNested(
  props: NestedProps,
  call: TaskCall,
  mode: '' | '.sync' | '.sync:2',
  caller: Principal,
): Promise<Shape> {
  const submitted = call.submitted === undefined ? undefined : props.executions.get(call.submitted);
  const started = submitted ?? start(props, call, caller);
  const answer = { ExecutionArn: started.arn, StartDate: new Date(started.startedAt) };
  if (mode === '') return answer;
  if (!submitted) call.submit(started.arn, answer);
  const ended = await endOf(props.executions, started, call);
  if (ended.status !== 'SUCCEEDED')
    throw new StateFailure('States.TaskFailed', JSON.stringify(described(ended)));
  if (mode === '.sync') return described(ended);
  return { ...described(ended), Input: JSON.parse(ended.input), Output: JSON.parse(ended.output ?? 'null') };
}

/** When the task ends before what it started, that ends too. @throws Stopped */
async function endOf(executions: Executions, started: Execution, call: TaskCall): Promise<Execution> {
  try {
    return (await unlessAborted(executions.ended(started.arn), [call.signal, call.closing])) ?? started;
  } catch (stopped) {
    if (call.signal.aborted && !call.closing.aborted) executions.stop(started.arn, undefined, undefined);
    throw stopped;
  }
}

function start(
  { context, executions, machineOf }: NestedProps,
  call: TaskCall,
  principal: Principal,
): Execution {
  const input = call.input as Shape;
  const arn = String(input.StateMachineArn);
  context.authorize({ principal, action: 'states:StartExecution', resource: arn });
  const machine = machineOf(arn);
  if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  const text = typeof input.Input === 'string' ? input.Input : JSON.stringify(input.Input ?? {});
  const name = typeof input.Name === 'string' ? input.Name : call.token;
  const known = executions.get(`${arn.replace(':stateMachine:', ':execution:')}:${name}`);
  // A process that ended in the middle of this call started it.
  const isOwn = known?.input === text && known.startedAt >= call.scheduledAt && call.isRepeated;
  return known && isOwn ? known : executions.start(machine, text, name);
}

function described(execution: Execution): Shape {
  const { cause, error, output } = execution;
  return {
    ...(cause !== undefined && { Cause: cause }),
    ...(error !== undefined && { Error: error }),
    ExecutionArn: execution.arn,
    Input: execution.input,
    InputDetails: { Included: true },
    Name: execution.name,
    ...(output !== undefined && { Output: output, OutputDetails: { Included: true } }),
    StartDate: new Date(execution.startedAt),
    StateMachineArn: execution.machineArn,
    Status: execution.status,
    StopDate: new Date(execution.stoppedAt ?? execution.startedAt),
  };
}
