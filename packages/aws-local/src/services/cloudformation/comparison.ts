// What a template, its parameters and tags would change of a stack.
import { computeChanges } from '../../cloudformation/changes';
import type { Engine } from '../../cloudformation/engine';
import { createResolver } from '../../cloudformation/scope';
import type { StackRecord, StackSource } from '../../cloudformation/stack';
import type { Shape } from '../../service';

const outputsOf = (source: StackSource) => JSON.stringify(JSON.parse(source.template).Outputs);

/** @returns the changes of resources, and whether there is nothing to do at all: outputs and tags count too */
export async function compareSources(
  { store, account, readSsm, canUpdate }: Engine,
  stack: StackRecord,
  source: StackSource,
): Promise<{ readonly changes: Shape[]; readonly isEmpty: boolean }> {
  const { template, scope } = await createResolver(stack, source, store, account, readSsm);
  const changes = computeChanges(template, scope, store.resources(stack.id), canUpdate);
  // A stack that is to be made is a change, even one without resources.
  const changesSource =
    stack.status === 'REVIEW_IN_PROGRESS' ||
    JSON.stringify(source.tags) !== JSON.stringify(stack.tags) ||
    outputsOf(source) !== outputsOf(stack);
  return { changes, isEmpty: changes.length === 0 && !changesSource };
}
