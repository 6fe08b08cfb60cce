// The operations on executions.
import { z } from 'zod';
import { AwsError, type ServiceContext, type Shape } from '../../service';
import { type Caller, type Operations, operation } from '../shared/operations';
import { parseJsonText } from './definition/json-text';
import type { Execution, StateMachine } from './execution';
import type { ExecutionStore } from './execution-store';
import type { Executions } from './executions';
import type { HistoryEvent } from './interpreter/history';
import { MOST_BYTES } from './language/limits';
import { described } from './machine-operations';
import { INCLUDED_DATA, NAME, PAGE, page, requireArn, violation } from './requests';

export interface ExecutionOperationsProps {
  readonly context: ServiceContext;
  readonly executions: Executions;
  readonly store: ExecutionStore;
  readonly authorize: (caller: Caller, action: string, resource: string) => void;
  /** @throws StateMachineDoesNotExist, InvalidArn */
  readonly known: (arn: string) => StateMachine;
}

const OF_EXECUTION = z.object({ executionArn: z.string() });
/** In AWS's order. */
const FILTERS = ['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'];

export function executionOperations(props: ExecutionOperationsProps): Operations {
  const { context, executions, store, authorize, known } = props;

  /** @throws ExecutionDoesNotExist, InvalidArn */
  function knownExecution(arn: string): Execution {
    requireArn(arn, 'execution');
    const execution = executions.get(arn);
    if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }

  return {
    StartExecution: operation(
      z.object({
        stateMachineArn: z.string(),
        name: NAME.optional(),
        input: z.string().default('{}'),
        // There is no X-Ray here.
        traceHeader: z.string().max(256).optional(),
      }),
      (input, caller) => {
        authorize(caller, 'StartExecution', input.stateMachineArn);
        const machine = known(input.stateMachineArn);
        requireInput(input.input);
        const execution = executions.start(machine, input.input, input.name);
        return { executionArn: execution.arn, startDate: new Date(execution.startedAt) };
      },
    ),
    StopExecution: operation(
      OF_EXECUTION.extend({ error: z.string().optional(), cause: z.string().optional() }),
      (input, caller) => {
        authorize(caller, 'StopExecution', input.executionArn);
        knownExecution(input.executionArn);
        const ended = executions.stop(input.executionArn, input.error, input.cause);
        return { stopDate: new Date(ended?.stoppedAt ?? context.clock.now()) };
      },
    ),
    DescribeExecution: operation(OF_EXECUTION.extend(INCLUDED_DATA), (input, caller) => {
      authorize(caller, 'DescribeExecution', input.executionArn);
      const execution = knownExecution(input.executionArn);
      const { output, error, cause } = execution;
      return {
        ...listed(execution),
        input: execution.input,
        inputDetails: { included: true },
        ...(output !== undefined && { output, outputDetails: { included: true } }),
        error,
        cause,
        ...redrive(execution),
      };
    }),
    DescribeStateMachineForExecution: operation(OF_EXECUTION.extend(INCLUDED_DATA), (input, caller) => {
      authorize(caller, 'DescribeStateMachineForExecution', input.executionArn);
      const execution = knownExecution(input.executionArn);
      const machine = known(execution.machineArn);
      return {
        ...described({ ...machine, ...store.revisionOf(execution) }),
        updateDate: new Date(machine.updatedAt ?? machine.createdAt),
        revisionId: machine.revision,
      };
    }),
    ListExecutions: operation(
      z.object({
        stateMachineArn: z.string(),
        statusFilter: z.string().optional(),
        ...PAGE,
      }),
      (input, caller) => {
        authorize(caller, 'ListExecutions', input.stateMachineArn);
        known(input.stateMachineArn);
        const { statusFilter } = input;
        if (statusFilter !== undefined && !FILTERS.includes(statusFilter))
          throw violation(statusFilter, 'statusFilter', `satisfy enum value set: [${FILTERS.join(', ')}]`);
        const newestFirst = executions
          .all()
          .filter((execution) => execution.machineArn === input.stateMachineArn)
          .filter((execution) => statusFilter === undefined || execution.status === statusFilter)
          .reverse()
          .sort((a, b) => b.startedAt - a.startedAt);
        const found = page(newestFirst, input, 3096);
        return { executions: found.items.map(listed), nextToken: found.nextToken };
      },
    ),
    GetExecutionHistory: operation(
      OF_EXECUTION.extend({
        reverseOrder: z.boolean().default(false),
        includeExecutionData: z.boolean().default(true),
        ...PAGE,
      }),
      (input, caller) => {
        authorize(caller, 'GetExecutionHistory', input.executionArn);
        knownExecution(input.executionArn);
        const events = executions.history(input.executionArn);
        const found = page(input.reverseOrder ? [...events].reverse() : events, input, 1024);
        return {
          events: found.items.map((event) => told(event, input.includeExecutionData)),
          nextToken: found.nextToken,
        };
      },
    ),
  };
}

/** @throws InvalidExecutionInput */
function requireInput(text: string): void {
  const invalid = (message: string) =>
    new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${message}'`);
  if (text.trim() === '') throw invalid('Invalid execution input.');
  if (Buffer.byteLength(text) > MOST_BYTES) throw invalid(`The input has more than ${MOST_BYTES} bytes.`);
  try {
    parseJsonText(text);
  } catch (error) {
    throw invalid((error as Error).message);
  }
}

function listed(execution: Execution): Shape {
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.machineArn,
    name: execution.name,
    status: execution.status,
    startDate: new Date(execution.startedAt),
    stopDate: execution.stoppedAt === undefined ? undefined : new Date(execution.stoppedAt),
    redriveCount: 0,
  };
}

function redrive({ status }: Execution): Shape {
  if (status !== 'RUNNING' && status !== 'SUCCEEDED') return { redriveStatus: 'REDRIVABLE' };
  return {
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason: `Execution is ${status} and cannot be redriven`,
  };
}

/** Members of details that carry data of the execution. */
const DATA = ['input', 'output', 'parameters', 'assignedVariables', 'error', 'cause'];

function told(event: HistoryEvent, withData: boolean): Shape {
  const { timestamp, ...rest } = event;
  const shown = { timestamp: new Date(timestamp), ...rest };
  if (withData) return shown;
  return Object.fromEntries(
    Object.entries(shown).map(([name, value]) => [
      name,
      name.endsWith('EventDetails')
        ? Object.fromEntries(Object.entries(value).filter(([member]) => !DATA.includes(member)))
        : value,
    ]),
  );
}
