// The operations on state machines.
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { StoredMap } from '@emotion-gallery/local-kit/store';
import { z } from 'zod';
import { AwsError, type ServiceContext, type Shape } from '../../service';
import { type Caller, type Operations, operation } from '../shared/operations';
import { diagnose, requireDefinition } from './definition/definition';
import type { StateMachine } from './execution';
import type { Executions } from './executions';
import { INCLUDED_DATA, LOGGING, NAME, PAGE, page, requireArn, TAGS, TRACING } from './requests';

export interface MachineOperationsProps {
  readonly context: ServiceContext;
  readonly machines: StoredMap<StateMachine>;
  readonly executions: Executions;
  readonly authorize: (caller: Caller, action: string, resource: string) => void;
  /** @throws StateMachineDoesNotExist, InvalidArn */
  readonly known: (arn: string) => StateMachine;
}

const BY_ARN = z.object({ stateMachineArn: z.string() });
const KIND = z.literal('STANDARD', 'express state machines are not supported on localhost');
/** API reference, ValidateStateMachineDefinition: maxResults. */
const MOST_DIAGNOSTICS = 100;
const OFF = { level: 'OFF', includeExecutionData: false };

export function machineOperations(props: MachineOperationsProps): Operations {
  const { context, machines, executions, authorize, known } = props;
  const passRole = (caller: Caller, resource: string) =>
    context.authorize({
      principal: caller.principal,
      action: 'iam:PassRole',
      resource,
      context: { ...caller.conditions, 'iam:passedtoservice': 'states.amazonaws.com' },
    });

  return {
    CreateStateMachine: operation(
      z.object({
        name: NAME,
        definition: z.string(),
        roleArn: z.string(),
        type: KIND.default('STANDARD'),
        publish: z.literal(false, 'versions are not supported on localhost').optional(),
        loggingConfiguration: LOGGING.optional(),
        tracingConfiguration: TRACING.optional(),
        tags: TAGS.default([]),
      }),
      (input, caller) => {
        const arn = `arn:aws:states:${context.region}:${context.accountId}:stateMachine:${input.name}`;
        authorize(caller, 'CreateStateMachine', arn);
        passRole(caller, input.roleArn);
        requireDefinition(input.definition);
        const now = context.clock.now();
        const machine: StateMachine = machines.get(arn) ?? {
          name: input.name,
          arn,
          definition: input.definition,
          roleArn: input.roleArn,
          type: input.type,
          createdAt: now,
          loggingConfiguration: input.loggingConfiguration,
          tracingConfiguration: input.tracingConfiguration,
          tags: tagsOf(input.tags),
        };
        if (machine.definition !== input.definition || machine.roleArn !== input.roleArn)
          throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
        if (!machines.has(arn)) machines.put(arn, machine);
        return { stateMachineArn: arn, creationDate: new Date(machine.createdAt) };
      },
    ),
    UpdateStateMachine: operation(
      BY_ARN.extend({
        definition: z.string().optional(),
        roleArn: z.string().optional(),
        publish: z.literal(false, 'versions are not supported on localhost').optional(),
        loggingConfiguration: LOGGING.optional(),
        tracingConfiguration: TRACING.optional(),
      }),
      (input, caller) => {
        authorize(caller, 'UpdateStateMachine', input.stateMachineArn);
        const machine = known(input.stateMachineArn);
        const { definition, roleArn, loggingConfiguration } = input;
        if (
          [definition, roleArn, loggingConfiguration, input.tracingConfiguration].every(
            (one) => one === undefined,
          )
        ) {
          throw new AwsError(
            'MissingRequiredParameter',
            'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
          );
        }
        if (roleArn !== undefined && roleArn !== machine.roleArn) passRole(caller, roleArn);
        if (definition !== undefined) requireDefinition(definition);
        const updatedAt = context.clock.now();
        const changed = {
          definition: definition ?? machine.definition,
          roleArn: roleArn ?? machine.roleArn,
          loggingConfiguration: loggingConfiguration ?? machine.loggingConfiguration,
          tracingConfiguration: input.tracingConfiguration ?? machine.tracingConfiguration,
        };
        const isSame = isDeepStrictEqual(changed, {
          definition: machine.definition,
          roleArn: machine.roleArn,
          loggingConfiguration: machine.loggingConfiguration,
          tracingConfiguration: machine.tracingConfiguration,
        });
        const revision = isSame && machine.revision !== undefined ? machine.revision : randomUUID();
        machines.put(machine.arn, { ...machine, ...changed, updatedAt, revision });
        return { updateDate: new Date(updatedAt), revisionId: revision };
      },
    ),
    DeleteStateMachine: operation(BY_ARN, (input, caller) => {
      authorize(caller, 'DeleteStateMachine', input.stateMachineArn);
      requireArn(input.stateMachineArn, 'stateMachine');
      if (!machines.has(input.stateMachineArn)) return;
      executions.removeMachine(input.stateMachineArn);
      machines.delete(input.stateMachineArn);
    }),
    DescribeStateMachine: operation(BY_ARN.extend(INCLUDED_DATA), (input, caller) => {
      authorize(caller, 'DescribeStateMachine', input.stateMachineArn);
      const machine = known(input.stateMachineArn);
      return {
        ...described(machine),
        status: 'ACTIVE',
        type: machine.type,
        creationDate: new Date(machine.createdAt),
        revisionId: machine.revision,
      };
    }),
    ListStateMachines: operation(z.object(PAGE), (input, caller) => {
      authorize(caller, 'ListStateMachines', '*');
      const found = page(byName([...machines.values()]), input, 1024);
      const stateMachines = found.items.map((machine) => ({
        stateMachineArn: machine.arn,
        name: machine.name,
        type: machine.type,
        creationDate: new Date(machine.createdAt),
      }));
      return { stateMachines, nextToken: found.nextToken };
    }),
    ValidateStateMachineDefinition: operation(
      z.object({
        definition: z.string(),
        type: z.enum(['STANDARD', 'EXPRESS']).default('STANDARD'),
        severity: z.enum(['ERROR', 'WARNING']).default('ERROR'),
        maxResults: z.number().int().min(0).max(100).default(0),
      }),
      (input, caller) => {
        authorize(caller, 'ValidateStateMachineDefinition', '*');
        const found = diagnose(input.definition, input.type);
        const diagnostics = found.slice(0, input.maxResults || MOST_DIAGNOSTICS);
        const truncated = diagnostics.length < found.length;
        return { result: found.length === 0 ? 'OK' : 'FAIL', diagnostics, truncated };
      },
    ),
    TagResource: operation(z.object({ resourceArn: z.string(), tags: TAGS }), (input, caller) => {
      authorize(caller, 'TagResource', input.resourceArn);
      const machine = known(input.resourceArn);
      machines.put(machine.arn, { ...machine, tags: { ...machine.tags, ...tagsOf(input.tags) } });
    }),
    UntagResource: operation(
      z.object({ resourceArn: z.string(), tagKeys: z.array(z.string()) }),
      (input, caller) => {
        authorize(caller, 'UntagResource', input.resourceArn);
        const machine = known(input.resourceArn);
        const left = Object.entries(machine.tags).filter(([key]) => !input.tagKeys.includes(key));
        machines.put(machine.arn, { ...machine, tags: Object.fromEntries(left) });
      },
    ),
    ListTagsForResource: operation(z.object({ resourceArn: z.string() }), (input, caller) => {
      authorize(caller, 'ListTagsForResource', input.resourceArn);
      return { tags: Object.entries(known(input.resourceArn).tags).map(([key, value]) => ({ key, value })) };
    }),
  };
}

/** What DescribeStateMachine and DescribeStateMachineForExecution tell alike. */
export function described(machine: StateMachine): Shape {
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    definition: machine.definition,
    roleArn: machine.roleArn,
    loggingConfiguration: machine.loggingConfiguration ?? OFF,
    tracingConfiguration: machine.tracingConfiguration ?? { enabled: false },
    encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
  };
}

function tagsOf(list: z.output<typeof TAGS>): Record<string, string> {
  return Object.fromEntries(list.map((tag) => [tag.key, tag.value]));
}

function byName(machines: StateMachine[]): StateMachine[] {
  return machines.sort((a, b) => (a.name < b.name ? -1 : 1));
}
