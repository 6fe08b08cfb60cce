// Operations that change stacks. They answer when the operation has begun; its end is seen in the stack's status.
import { z } from 'zod';
import type { Engine } from '../../cloudformation/engine';
import { validationError } from '../../cloudformation/template';
import { AwsError } from '../../service';
import { type Operations, operation } from '../shared/operations';
import type { Allow } from './allow';
import { compareSources } from './comparison';
import { DEPLOYMENT, FLAG, leavesFailures, NAMES, SOURCE, STACK, TOKEN } from './inputs';
import type { Sources } from './sources';

const DELETION = STACK.extend({
  ...TOKEN,
  RetainResources: NAMES,
  DeletionMode: z.enum(['STANDARD', 'FORCE_DELETE_STACK']).default('STANDARD'),
  RoleARN: z.string().optional(),
  DeploymentConfig: SOURCE.shape.DeploymentConfig,
});

const ROLLBACK = STACK.extend({
  ...TOKEN,
  RoleARN: z.string().optional(),
  // What the creation made is deleted, whatever its policy retains later.
  RetainExceptOnCreate: FLAG.optional(),
});
const CONTINUE = STACK.extend({ ...TOKEN, RoleARN: z.string().optional(), ResourcesToSkip: NAMES });

export function stackOperations(engine: Engine, sources: Sources, allow: Allow): Operations {
  const { store } = engine;
  return {
    CreateStack: operation(
      DEPLOYMENT.extend({ EnableTerminationProtection: FLAG.default(false) }),
      async (input, caller) => {
        allow('CreateStack', input.StackName, caller);
        const reviewed = store.find(input.StackName);
        if (reviewed && reviewed.status !== 'REVIEW_IN_PROGRESS') {
          throw new AwsError('AlreadyExistsException', `Stack [${input.StackName}] already exists`, 400);
        }
        const source = await sources.read(input, undefined, caller);
        // A stack that waits for its first change set is made without it.
        for (const changeSet of reviewed ? store.changeSetsOf(reviewed.id) : []) {
          store.putChangeSet({ ...changeSet, executionStatus: 'OBSOLETE' });
        }
        const stack = store.put({
          ...(reviewed ?? engine.newStack(input.StackName, 'CREATE_IN_PROGRESS')),
          status: 'CREATE_IN_PROGRESS',
          terminationProtection: input.EnableTerminationProtection,
        });
        engine.deploy(stack, source, leavesFailures(input));
        return { StackId: stack.id };
      },
    ),
    UpdateStack: operation(DEPLOYMENT, async (input, caller) => {
      allow('UpdateStack', input.StackName, caller);
      const stack = store.get(input.StackName);
      engine.checkIdle(stack);
      const source = await sources.read(input, stack, caller);
      // After a failed update even the same template has something to do.
      if (stack.status.endsWith('_COMPLETE') && (await compareSources(engine, stack, source)).isEmpty)
        throw validationError('No updates are to be performed.');
      engine.deploy(stack, source, leavesFailures(input));
      return { StackId: stack.id };
    }),
    DeleteStack: operation(DELETION, ({ StackName, RetainResources, DeletionMode, RoleARN }, caller) => {
      allow('DeleteStack', StackName, caller);
      const stack = store.find(StackName);
      // Deleting a stack that does not exist succeeds, as on AWS.
      if (!stack) return;
      const forced = DeletionMode === 'FORCE_DELETE_STACK';
      engine.delete(sources.withRole(stack, RoleARN, caller), { retained: RetainResources, forced });
    }),
    RollbackStack: operation(ROLLBACK, ({ StackName, RoleARN }, caller) => {
      allow('RollbackStack', StackName, caller);
      const stack = sources.withRole(store.get(StackName), RoleARN, caller);
      engine.rollback(stack);
      return { StackId: stack.id };
    }),
    ContinueUpdateRollback: operation(CONTINUE, (input, caller) => {
      allow('ContinueUpdateRollback', input.StackName, caller);
      const stack = sources.withRole(store.get(input.StackName), input.RoleARN, caller);
      engine.continueUpdateRollback(stack, input.ResourcesToSkip);
    }),
    UpdateTerminationProtection: operation(
      STACK.extend({ EnableTerminationProtection: FLAG }),
      (input, caller) => {
        allow('UpdateTerminationProtection', input.StackName, caller);
        const stack = store.get(input.StackName);
        store.change(stack.id, { terminationProtection: input.EnableTerminationProtection });
        return { StackId: stack.id };
      },
    ),
  };
}
