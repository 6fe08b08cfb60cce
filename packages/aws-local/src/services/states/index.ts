// AWS Step Functions on localhost: state machines in JSONata and JSONPath, and their executions.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { AwsError, type AwsService, type ServiceContext, type Shape } from '../../service';
import { JournaledMap } from '../shared/journaled-map';
import { jsonService } from '../shared/json-protocol';
import { type Caller, type Operations, operation } from '../shared/operations';
import { parseDefinition } from './asl';
import { type Execution, Executions, type StateMachine } from './executions';

export type StatesService = AwsService;

const NAME = z.string().regex(/^[\w-]{1,80}$/);
const LOGGING = z.looseObject({}).optional();
const TAGS = z.array(z.object({ key: z.string(), value: z.string() })).default([]);
const BY_ARN = z.looseObject({ stateMachineArn: z.string() });
const OF_EXECUTION = z.looseObject({ executionArn: z.string() });

export async function createStates(context: ServiceContext): Promise<StatesService> {
  const machines = new JournaledMap<StateMachine>(join(context.stateDir, 'machines.jsonl'));
  const executions = new Executions(context, machines);
  const arnOf = (name: string) =>
    `arn:aws:states:${context.region}:${context.accountId}:stateMachine:${name}`;

  const authorize = (caller: Caller, action: string, resource: string) =>
    context.authorize({
      principal: caller.principal,
      action: `states:${action}`,
      resource,
      context: caller.conditions,
    });
  const passRole = (caller: Caller, resource: string) =>
    context.authorize({
      principal: caller.principal,
      action: 'iam:PassRole',
      resource,
      context: { ...caller.conditions, 'iam:passedtoservice': 'states.amazonaws.com' },
    });

  /** @throws StateMachineDoesNotExist */
  function known(arn: string): StateMachine {
    const machine = machines.get(arn);
    if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  /** @throws ExecutionDoesNotExist */
  function knownExecution(arn: string): Execution {
    const execution = executions.all.get(arn);
    if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }

  const operations: Operations = {
    CreateStateMachine: operation(
      z.looseObject({
        name: NAME,
        definition: z.string(),
        roleArn: z.string(),
        type: z
          .literal('STANDARD', 'express state machines are not supported on localhost')
          .default('STANDARD'),
        loggingConfiguration: LOGGING,
        tags: TAGS,
      }),
      (input, caller) => {
        const arn = arnOf(input.name);
        authorize(caller, 'CreateStateMachine', arn);
        passRole(caller, input.roleArn);
        parseDefinition(input.definition);
        const existing = machines.get(arn);
        if (existing && (existing.definition !== input.definition || existing.roleArn !== input.roleArn)) {
          throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
        }
        const machine: StateMachine = existing ?? {
          name: input.name,
          arn,
          definition: input.definition,
          roleArn: input.roleArn,
          type: input.type,
          createdAt: context.clock.now(),
          revision: randomUUID(),
          loggingConfiguration: input.loggingConfiguration,
          tags: Object.fromEntries(input.tags.map((tag) => [tag.key, tag.value])),
        };
        machines.put(arn, machine);
        return { stateMachineArn: arn, creationDate: new Date(machine.createdAt) };
      },
    ),
    UpdateStateMachine: operation(
      BY_ARN.extend({
        definition: z.string().optional(),
        roleArn: z.string().optional(),
        loggingConfiguration: LOGGING,
      }),
      (input, caller) => {
        authorize(caller, 'UpdateStateMachine', input.stateMachineArn);
        const machine = known(input.stateMachineArn);
        if (input.roleArn !== undefined && input.roleArn !== machine.roleArn) passRole(caller, input.roleArn);
        if (input.definition !== undefined) parseDefinition(input.definition);
        machines.put(machine.arn, {
          ...machine,
          definition: input.definition ?? machine.definition,
          roleArn: input.roleArn ?? machine.roleArn,
          loggingConfiguration: input.loggingConfiguration ?? machine.loggingConfiguration,
          revision: randomUUID(),
        });
        return { updateDate: new Date(context.clock.now()) };
      },
    ),
    DeleteStateMachine: operation(BY_ARN, (input, caller) => {
      authorize(caller, 'DeleteStateMachine', input.stateMachineArn);
      if (!machines.has(input.stateMachineArn)) return;
      executions.removeMachine(input.stateMachineArn);
      machines.delete(input.stateMachineArn);
    }),
    DescribeStateMachine: operation(BY_ARN, (input, caller) => {
      authorize(caller, 'DescribeStateMachine', input.stateMachineArn);
      const machine = known(input.stateMachineArn);
      const { name, definition, roleArn, type, loggingConfiguration, revision: revisionId } = machine;
      const creationDate = new Date(machine.createdAt);
      return {
        stateMachineArn: machine.arn,
        name,
        status: 'ACTIVE',
        definition,
        roleArn,
        type,
        loggingConfiguration,
        revisionId,
        creationDate,
      };
    }),
    ListStateMachines: operation(z.looseObject({}), (_input, caller) => {
      authorize(caller, 'ListStateMachines', '*');
      const stateMachines = [...machines.values()].map((machine) => ({
        stateMachineArn: machine.arn,
        name: machine.name,
        type: machine.type,
        creationDate: new Date(machine.createdAt),
      }));
      return { stateMachines };
    }),
    ValidateStateMachineDefinition: operation(z.looseObject({ definition: z.string() }), (input, caller) => {
      authorize(caller, 'ValidateStateMachineDefinition', '*');
      try {
        parseDefinition(input.definition);
        return { result: 'OK', diagnostics: [] };
      } catch (error) {
        return {
          result: 'FAIL',
          diagnostics: [{ severity: 'ERROR', code: 'SCHEMA_VALIDATION_FAILED', message: String(error) }],
        };
      }
    }),
    StartExecution: operation(
      BY_ARN.extend({ name: NAME.optional(), input: z.string().default('{}') }),
      (input, caller) => {
        authorize(caller, 'StartExecution', input.stateMachineArn);
        const machine = known(input.stateMachineArn);
        try {
          JSON.parse(input.input);
        } catch (error) {
          throw new AwsError(
            'InvalidExecutionInput',
            `Invalid State Machine Execution Input: '${String(error)}'`,
          );
        }
        const execution = executions.start(machine, input.input, input.name);
        return { executionArn: execution.arn, startDate: new Date(execution.startedAt) };
      },
    ),
    StopExecution: operation(
      OF_EXECUTION.extend({ error: z.string().optional(), cause: z.string().optional() }),
      async (input, caller) => {
        authorize(caller, 'StopExecution', input.executionArn);
        knownExecution(input.executionArn);
        executions.stop(input.executionArn, input.error, input.cause);
        const ended = await executions.ended(input.executionArn);
        return { stopDate: new Date(ended?.stoppedAt ?? context.clock.now()) };
      },
    ),
    DescribeExecution: operation(OF_EXECUTION, (input, caller) => {
      authorize(caller, 'DescribeExecution', input.executionArn);
      const execution = knownExecution(input.executionArn);
      const { status, output, error, cause } = execution;
      return { ...listed(execution), input: execution.input, status, output, error, cause };
    }),
    ListExecutions: operation(
      z.looseObject({
        stateMachineArn: z.string(),
        statusFilter: z.string().optional(),
        maxResults: z.number().int().min(0).max(1000).default(100),
        nextToken: z.string().optional(),
      }),
      (input, caller) => {
        authorize(caller, 'ListExecutions', input.stateMachineArn);
        known(input.stateMachineArn);
        const found = [...executions.all.values()]
          .filter((execution) => execution.machineArn === input.stateMachineArn)
          .filter((execution) => input.statusFilter === undefined || execution.status === input.statusFilter)
          .sort((a, b) => b.startedAt - a.startedAt);
        const start = Number(input.nextToken ?? 0);
        const next = start + (input.maxResults || 100);
        return {
          executions: found.slice(start, next).map(listed),
          nextToken: next < found.length ? String(next) : undefined,
        };
      },
    ),
    GetExecutionHistory: operation(
      OF_EXECUTION.extend({
        reverseOrder: z.boolean().default(false),
        maxResults: z.number().int().min(0).max(1000).default(100),
        nextToken: z.string().optional(),
      }),
      (input, caller) => {
        authorize(caller, 'GetExecutionHistory', input.executionArn);
        knownExecution(input.executionArn);
        const events = executions.history(input.executionArn);
        if (input.reverseOrder) events.reverse();
        const start = Number(input.nextToken ?? 0);
        const next = start + (input.maxResults || 100);
        return {
          events: events.slice(start, next),
          nextToken: next < events.length ? String(next) : undefined,
        };
      },
    ),
    TagResource: operation(z.object({ resourceArn: z.string(), tags: TAGS }), (input, caller) => {
      authorize(caller, 'TagResource', input.resourceArn);
      const machine = known(input.resourceArn);
      const added = Object.fromEntries(input.tags.map((tag) => [tag.key, tag.value]));
      machines.put(machine.arn, { ...machine, tags: { ...machine.tags, ...added } });
    }),
    ListTagsForResource: operation(z.object({ resourceArn: z.string() }), (input, caller) => {
      authorize(caller, 'ListTagsForResource', input.resourceArn);
      return { tags: Object.entries(known(input.resourceArn).tags).map(([key, value]) => ({ key, value })) };
    }),
  };

  // The other services are not there yet while this one is being made.
  setImmediate(() => executions.resume());

  return jsonService({
    id: 'states',
    version: '1.0',
    operations,
    close: () => {
      executions.close();
      machines.close();
    },
  });
}

function listed(execution: Execution): Shape {
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.machineArn,
    name: execution.name,
    status: execution.status,
    startDate: new Date(execution.startedAt),
    stopDate: execution.stoppedAt === undefined ? undefined : new Date(execution.stoppedAt),
  };
}
