// Change sets: what a deployment would do, kept until it is carried out.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Engine } from '../../cloudformation/engine';
import type { ChangeSetRecord, StackRecord } from '../../cloudformation/stack';
import type { StackStore } from '../../cloudformation/store';
import { validationError } from '../../cloudformation/template';
import { AwsError, type ServiceContext } from '../../service';
import { type Caller, type Operations, operation } from '../shared/operations';
import type { Allow } from './allow';
import { compareSources } from './comparison';
import { describeChangeSet, summarizeChangeSet } from './describe';
import { FLAG, leavesFailures, SOURCE, STACK, TOKEN } from './inputs';
import type { Sources } from './sources';

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

const CREATE_CHANGE_SET = SOURCE.extend({
  StackName: z.string().regex(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$|^arn:/),
  ChangeSetName: z.string().regex(/^[a-zA-Z][-a-zA-Z0-9]*$/),
  ChangeSetType: z.enum(['CREATE', 'UPDATE', 'IMPORT']).default('UPDATE'),
  Description: z.string().optional(),
});
const CHANGE_SET = z.object({ ChangeSetName: z.string().min(1), StackName: z.string().optional() });

/** Worded otherwise than for other operations. @throws ValidationError */
function changedStack(store: StackStore, nameOrId: string): StackRecord {
  const stack = store.find(nameOrId);
  if (!stack) throw validationError(`Stack [${nameOrId}] does not exist`);
  return stack;
}

class ChangeSets {
  constructor(
    private readonly context: ServiceContext,
    private readonly engine: Engine,
    private readonly sources: Sources,
  ) {}

  /** A change set that is checked and ready, or failed because it changes nothing. */
  async create(input: z.output<typeof CREATE_CHANGE_SET>, caller: Caller): Promise<ChangeSetRecord> {
    if (input.ChangeSetType === 'IMPORT')
      throw validationError('Resource import is not supported on localhost.');
    const { store } = this.engine;
    const existing = store.find(input.StackName);
    this.checkKind(input, existing);
    const source = await this.sources.read(input, existing, caller);
    const stack = existing ?? this.engine.newStack(input.StackName, 'REVIEW_IN_PROGRESS');
    const { changes, isEmpty } = await compareSources(this.engine, stack, source);
    if (!existing) {
      store.put(stack);
      this.engine.review(stack);
    }
    const changeSet: ChangeSetRecord = {
      ...source,
      id: `${stack.id.replace(/:stack\/.*/, '')}:changeSet/${input.ChangeSetName}/${randomUUID()}`,
      name: input.ChangeSetName,
      stackId: stack.id,
      stackName: stack.name,
      kind: stack.status === 'REVIEW_IN_PROGRESS' ? 'CREATE' : 'UPDATE',
      status: isEmpty ? 'FAILED' : 'CREATE_COMPLETE',
      statusReason: isEmpty ? NO_CHANGES : undefined,
      executionStatus: isEmpty ? 'UNAVAILABLE' : 'AVAILABLE',
      description: input.Description,
      disableRollback: leavesFailures(input),
      createdAt: this.context.clock.now(),
      changes,
    };
    store.putChangeSet(changeSet);
    return changeSet;
  }

  private checkKind(input: z.output<typeof CREATE_CHANGE_SET>, existing: StackRecord | undefined): void {
    if (input.ChangeSetType === 'UPDATE' && (!existing || existing.status === 'REVIEW_IN_PROGRESS')) {
      throw validationError(`Stack [${input.StackName}] does not exist`);
    }
    if (input.ChangeSetType === 'CREATE' && existing && existing.status !== 'REVIEW_IN_PROGRESS') {
      throw validationError(
        `Stack [${input.StackName}] already exists and cannot be created again with the changeSet [${input.ChangeSetName}].`,
      );
    }
    if (existing) this.engine.checkIdle(existing);
  }
}

export function changeSetOperations(
  context: ServiceContext,
  engine: Engine,
  sources: Sources,
  allow: Allow,
): Operations {
  const { store } = engine;
  const changeSets = new ChangeSets(context, engine, sources);
  return {
    CreateChangeSet: operation(CREATE_CHANGE_SET, async (input, caller) => {
      allow('CreateChangeSet', input.StackName, caller);
      const changeSet = await changeSets.create(input, caller);
      return { Id: changeSet.id, StackId: changeSet.stackId };
    }),
    DescribeChangeSet: operation(
      CHANGE_SET.extend({ IncludePropertyValues: FLAG.default(false) }),
      (input, caller) => {
        if (input.StackName !== undefined) changedStack(store, input.StackName);
        const changeSet = store.changeSet(input.ChangeSetName, input.StackName);
        allow('DescribeChangeSet', changeSet.stackId, caller);
        return describeChangeSet(changeSet, input.IncludePropertyValues);
      },
    ),
    ListChangeSets: operation(STACK, ({ StackName }, caller) => {
      allow('ListChangeSets', StackName, caller);
      return {
        Summaries: store
          .changeSetsOf(changedStack(store, StackName).id)
          .filter(({ executionStatus }) => executionStatus !== 'EXECUTE_COMPLETE')
          .map(summarizeChangeSet),
      };
    }),
    DeleteChangeSet: operation(CHANGE_SET, (input, caller) => {
      allow('DeleteChangeSet', input.StackName ?? '*', caller);
      const isArn = input.ChangeSetName.startsWith('arn:');
      if (!isArn && input.StackName === undefined) {
        throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
      }
      const stack = isArn || input.StackName === undefined ? undefined : changedStack(store, input.StackName);
      const found = stack
        ? store.changeSetsOf(stack.id).find(({ name }) => name === input.ChangeSetName)
        : store.changeSet(input.ChangeSetName);
      // Deleting a change set that does not exist succeeds, as on AWS.
      if (found) store.removeChangeSet(found.id);
    }),
    ExecuteChangeSet: operation(
      CHANGE_SET.extend({ ...TOKEN, DisableRollback: FLAG.default(false) }),
      (input, caller) => {
        if (input.StackName !== undefined) changedStack(store, input.StackName);
        const changeSet = store.changeSet(input.ChangeSetName, input.StackName);
        allow('ExecuteChangeSet', changeSet.stackId, caller);
        if (changeSet.executionStatus !== 'AVAILABLE') {
          throw new AwsError(
            'InvalidChangeSetStatus',
            changeSet.status === 'FAILED'
              ? `ChangeSet [${changeSet.id}] cannot be executed in its current status of [FAILED]`
              : `ChangeSet [${changeSet.id}] cannot be executed in its current execution status of [${changeSet.executionStatus}]`,
            400,
          );
        }
        engine.execute(changeSet, input.DisableRollback || changeSet.disableRollback === true);
      },
    ),
  };
}
