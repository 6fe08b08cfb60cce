// AWS Step Functions on localhost: state machines in JSONata and JSONPath, and their executions.
import { AwsError, type AwsService, type Principal, type ServiceContext } from '../../service';
import { jsonService } from '../shared/json-protocol';
import type { Caller } from '../shared/operations';
import type { Execution, StateMachine } from './execution';
import { executionOperations } from './execution-operations';
import { ExecutionStore } from './execution-store';
import { Executions } from './executions';
import { StateFailure } from './language/failure';
import { machineOperations } from './machine-operations';
import { startNested } from './nested-executions';
import { requireArn } from './requests';
import { callTask } from './tasks/tasks';

export async function createStates(context: ServiceContext): Promise<AwsService> {
  const machines = context.store.map<StateMachine>('states/machines');
  const store = new ExecutionStore(context.store, context.log);
  const machineOf = (arn: string) => machines.get(arn);
  const executions = new Executions({
    context,
    store,
    machineOf,
    callTask: async (execution, call) => {
      const startExecution = (mode: '' | '.sync' | '.sync:2', caller: Principal) =>
        startNested({ context, executions, machineOf }, call, mode, caller);
      return callTask({ context, principal: roleOf(execution), startExecution }, call);
    },
  });

  /** Who the tasks of an execution are. @throws StateFailure */
  function roleOf({ roleArn, name, machineArn }: Execution): Principal {
    try {
      return context.assumeRole(roleArn, name.slice(0, 64), 'states.amazonaws.com', machineArn);
    } catch (error) {
      throw new StateFailure('States.Permissions', String(error));
    }
  }

  const authorize = (caller: Caller, action: string, resource: string) =>
    context.authorize({
      principal: caller.principal,
      action: `states:${action}`,
      resource,
      context: caller.conditions,
    });

  /** @throws StateMachineDoesNotExist, InvalidArn */
  function known(arn: string): StateMachine {
    requireArn(arn, 'stateMachine');
    const machine = machines.get(arn);
    if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  return jsonService({
    id: 'states',
    version: '1.0',
    operations: {
      ...machineOperations({ context, machines, executions, authorize, known }),
      ...executionOperations({ context, executions, store, authorize, known }),
    },
    start: () => executions.resume(),
    close: () => executions.close(),
  });
}
