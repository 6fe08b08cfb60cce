// What an operation deletes: a stack's resources with it, or, when an update is over, what it replaced or took out.
import type { Principal } from '../service';
import { checkNotUsed } from './exports';
import { reversed, runInOrder } from './parallel';
import type { Progress } from './progress';
import { leftoverOf, type Provisioner } from './provisioner';
import type { Leftover, ResourceRecord, StackRecord, StackStatus } from './stack';
import type { StackStore } from './store';

export interface DeletionsProps {
  readonly store: StackStore;
  readonly provisioner: Provisioner;
  readonly progress: Progress;
  /** The principal that a stack's operations act as. */
  readonly principalOf: (stack: StackRecord) => Principal;
}

export class Deletions {
  constructor(private readonly props: DeletionsProps) {}

  /** Writes down what creations have made that the process did not live to see, so that it is deleted as the rest is. */
  async recoverCreations(stack: StackRecord): Promise<void> {
    const { store, provisioner, principalOf } = this.props;
    const recover = async (resource: ResourceRecord) => {
      const made = await provisioner.findCreated(stack, principalOf(stack), resource);
      if (!made) return;
      if (resource.physicalId !== undefined) this.add(stack.id, made);
      else store.putResource({ ...resource, physicalId: made.physicalId });
    };
    await Promise.all(
      store
        .resources(stack.id)
        .map((resource) =>
          recover(resource).catch((error: unknown) => this.props.progress.logFailure(stack, error)),
        ),
    );
  }

  /** Something to delete when the operation is over. */
  add(stackId: string, leftover: Leftover): void {
    const { leftovers } = this.props.store.get(stackId);
    this.props.store.change(stackId, { leftovers: [...leftovers, leftover] });
  }

  /** Resources that the new template no longer has are deleted in the cleanup. */
  addRemoved(stackId: string, included: readonly string[]): void {
    const { store, provisioner } = this.props;
    const stack = store.get(stackId);
    const kept = new Set(included);
    for (const resource of store.resources(stackId)) {
      if (kept.has(resource.logicalId)) continue;
      if (resource.physicalId !== undefined && resource.deletionPolicy.startsWith('Retain')) {
        provisioner.announce(stack, resource, 'DELETE_SKIPPED');
      } else if (resource.physicalId !== undefined) this.add(stackId, leftoverOf(resource));
      store.removeResource(stackId, resource.logicalId);
    }
  }

  /** Deletes what was added, and ends the operation. */
  async cleanUp(stackId: string, during: StackStatus, after: StackStatus): Promise<void> {
    const { store, provisioner, principalOf } = this.props;
    const stack = this.props.progress.setStatus(stackId, during);
    const byKey = new Map(
      stack.leftovers.map((leftover, index) => [`${leftover.logicalId}#${index}`, leftover]),
    );
    const keysOf = (logicalId: string) => [...byKey.keys()].filter((key) => key.startsWith(`${logicalId}#`));
    const dependents = reversed([...byKey.keys()], (key) =>
      (byKey.get(key)?.dependencies ?? []).flatMap(keysOf),
    );
    // A resource that cannot be deleted stays behind; the update has succeeded all the same, as on AWS.
    await runInOrder(
      [...byKey.keys()],
      (key) => dependents.get(key) ?? [],
      async (key) => {
        const leftover = byKey.get(key);
        if (!leftover) return;
        await provisioner
          .remove(stack, principalOf(stack), leftover)
          .catch((error: unknown) => this.props.progress.logFailure(stack, error));
      },
    );
    store.change(stackId, { leftovers: [], previous: undefined, skipped: undefined });
    this.props.progress.setStatus(stackId, after);
  }

  /** What could not be deleted stays behind, if that was asked for. */
  private leave(stack: StackRecord, resource: ResourceRecord, error: unknown): void {
    if (!stack.leavesUndeletable) throw error;
    this.props.progress.logFailure(stack, error);
    this.props.provisioner.announce(stack, resource, 'DELETE_SKIPPED');
  }

  /** Throws when something cannot be deleted, or when an export of the stack is in use. */
  async deleteResources(stack: StackRecord, isRollback: boolean): Promise<void> {
    const { store, provisioner, principalOf } = this.props;
    await this.recoverCreations(stack);
    checkNotUsed(stack, store);
    const resources = new Map(store.resources(stack.id).map((resource) => [resource.logicalId, resource]));
    const ids = [...resources.keys()];
    const dependents = reversed(ids, (logicalId) => resources.get(logicalId)?.dependencies ?? []);
    await runInOrder(
      ids,
      (logicalId) => dependents.get(logicalId) ?? [],
      async (logicalId) => {
        const resource = resources.get(logicalId);
        if (!resource) return;
        const keeps = isRollback
          ? resource.deletionPolicy === 'Retain'
          : resource.deletionPolicy.startsWith('Retain') || stack.skipped?.includes(logicalId);
        if (resource.physicalId !== undefined && keeps)
          provisioner.announce(stack, resource, 'DELETE_SKIPPED');
        else if (resource.physicalId !== undefined) {
          await provisioner
            .remove(stack, principalOf(stack), leftoverOf(resource))
            .catch((error: unknown) => this.leave(stack, resource, error));
        }
        store.removeResource(stack.id, logicalId);
      },
    );
  }
}
