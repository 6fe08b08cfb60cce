// The stack operations: create, update, delete, and the rollbacks; each can be taken up again after the process died in it.
import { isDeepStrictEqual } from 'node:util';
import type { Principal } from '../service';
import { Deletions } from './deletions';
import { checkAttributes } from './early-checks';
import { type Addresses, checkExports, outputsOf } from './exports';
import { Resolver } from './intrinsics';
import { runInOrder } from './parallel';
import { checkRules, type ReadSsmParameter } from './parameters';
import { Progress } from './progress';
import { reasonOf } from './provider';
import { leftoverOf, type Provisioner } from './provisioner';
import { coerced } from './registry/registry';
import { type Account, createResolver, includedResources } from './scope';
import type { ResourceRecord, StackRecord } from './stack';
import type { StackStore } from './store';
import { dependenciesOf } from './template';

export interface OperationsProps {
  readonly store: StackStore;
  readonly provisioner: Provisioner;
  readonly account: Account;
  readonly addresses: Addresses;
  readonly readSsm: ReadSsmParameter;
  /** The principal that a stack's operations act as. */
  readonly principalOf: (stack: StackRecord) => Principal;
  readonly now: () => number;
  readonly log: (line: string) => void;
}

export class StackOperations {
  private readonly progress: Progress;
  private readonly deletions: Deletions;

  constructor(private readonly props: OperationsProps) {
    this.progress = new Progress(props);
    this.deletions = new Deletions({ ...props, progress: this.progress });
  }

  review(stackId: string): void {
    this.progress.setStatus(stackId, 'REVIEW_IN_PROGRESS', 'User Initiated');
  }

  /** Creates the resources of a new stack. Never rejects: the outcome is the stack's status. */
  async create(stackId: string): Promise<void> {
    const stack = this.progress.setStatus(stackId, 'CREATE_IN_PROGRESS', 'User Initiated');
    try {
      await this.applyTemplate(stack);
      this.progress.setStatus(stackId, 'CREATE_COMPLETE');
    } catch (error) {
      this.progress.logFailure(stack, error);
      if (stack.disableRollback) {
        this.progress.setStatus(stackId, 'CREATE_FAILED', reasonOf(error));
        return;
      }
      await this.rollbackCreate(stackId, this.progress.failureReason(stackId, error));
    }
  }

  /** Brings a stack to its new template, or back. Never rejects. */
  async update(stackId: string): Promise<void> {
    const stack = this.progress.setStatus(stackId, 'UPDATE_IN_PROGRESS', 'User Initiated');
    try {
      this.deletions.addRemoved(stackId, await this.applyTemplate(stack));
    } catch (error) {
      this.progress.logFailure(stack, error);
      if (stack.disableRollback) {
        this.progress.setStatus(stackId, 'UPDATE_FAILED', reasonOf(error));
        return;
      }
      await this.rollbackUpdate(stackId, this.progress.failureReason(stackId, error));
      return;
    }
    await this.deletions.cleanUp(stackId, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE');
  }

  /** Deletes what is not retained. Never rejects. */
  async delete(stackId: string): Promise<void> {
    const stack = this.progress.setStatus(stackId, 'DELETE_IN_PROGRESS', 'User Initiated');
    try {
      await this.deletions.deleteResources(stack, false);
      this.props.store.change(stackId, { deletedAt: this.props.now() });
      this.progress.setStatus(stackId, 'DELETE_COMPLETE');
    } catch (error) {
      this.progress.logFailure(stack, error);
      this.progress.setStatus(
        stackId,
        'DELETE_FAILED',
        this.progress.failureReason(stackId, error, 'DELETE_FAILED'),
      );
    }
  }

  /** Goes back from where an update failed, or takes a failed rollback of an update up again. */
  backFromUpdate(stackId: string): Promise<void> {
    return this.rollbackUpdate(stackId, 'User Initiated');
  }

  /** Deletes what a failed creation has made. */
  backFromCreate(stackId: string): Promise<void> {
    return this.rollbackCreate(stackId, 'User Initiated');
  }

  /** After a restart: ends an operation in which the process died, as CloudFormation would after a failure. */
  async resume(stack: StackRecord): Promise<void> {
    const interrupted = 'The operation was interrupted when the local AWS stopped.';
    switch (stack.status) {
      case 'CREATE_IN_PROGRESS':
      case 'ROLLBACK_IN_PROGRESS':
        return this.rollbackCreate(stack.id, interrupted);
      case 'UPDATE_IN_PROGRESS':
      case 'UPDATE_ROLLBACK_IN_PROGRESS':
        return this.rollbackUpdate(stack.id, interrupted);
      case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
        return this.deletions.cleanUp(stack.id, stack.status, 'UPDATE_COMPLETE');
      case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS':
        return this.deletions.cleanUp(stack.id, stack.status, 'UPDATE_ROLLBACK_COMPLETE');
      case 'DELETE_IN_PROGRESS':
        return this.delete(stack.id);
      default:
    }
  }

  /**
   * Brings what a stack gives out up to date with where this process answers. On AWS a domain name stays as it is; here it has
   * the port of the site, which the next start may be given another one of.
   *
   * @param principal CloudFormation's own: the stack's role need not be there any more
   */
  async refreshAddresses(stackId: string, principal: Principal): Promise<void> {
    const { store, provisioner, account, readSsm, addresses } = this.props;
    const stack = store.get(stackId);
    if (!(await provisioner.refreshAddresses(stack, principal)) || stack.outputs.length === 0) return;
    const { resolver, template } = await createResolver(stack, stack, store, account, readSsm);
    store.change(stackId, { outputs: outputsOf(template, resolver, addresses) });
  }

  /** Returns the logical ids of what the template includes, conditions considered. */
  private async applyTemplate(stack: StackRecord): Promise<readonly string[]> {
    const { store, provisioner, account, readSsm, principalOf, addresses } = this.props;
    const { scope, template } = await createResolver(stack, stack, store, account, readSsm);
    checkAttributes(template);
    const imports = new Set<string>();
    const importValue = (name: string) => {
      imports.add(name);
      return scope.importValue(name);
    };
    const resolver = new Resolver({ ...scope, importValue });
    checkRules(template, resolver);
    const included = includedResources(template, resolver);
    const principal = principalOf(stack);
    const dependencies = new Map(
      included.map((logicalId) => [logicalId, dependenciesOf(template, logicalId)]),
    );
    await runInOrder(
      included,
      (logicalId) => dependencies.get(logicalId) ?? [],
      async (logicalId) => {
        const definition = template.Resources[logicalId];
        if (!definition) return;
        const properties = this.resolveProperties(stack, logicalId, definition, (value) =>
          resolver.resolve(value),
        );
        const names = [...(dependencies.get(logicalId) ?? [])];
        const leftover = await provisioner.apply(stack, principal, logicalId, definition, properties, names);
        if (leftover) this.deletions.add(stack.id, leftover);
      },
    );
    const outputs = outputsOf(template, resolver, addresses);
    checkExports(stack, outputs, store);
    store.change(stack.id, { outputs, imports: [...imports] });
    return included;
  }

  private resolveProperties(
    stack: StackRecord,
    logicalId: string,
    definition: { readonly Type: string; readonly Properties?: unknown },
    resolve: (value: unknown) => unknown,
  ): Readonly<Record<string, unknown>> {
    try {
      const properties = (resolve(definition.Properties ?? {}) ?? {}) as Readonly<Record<string, unknown>>;
      return coerced(definition.Type, properties);
    } catch (error) {
      this.props.provisioner.announce(
        stack,
        { logicalId, type: definition.Type },
        'CREATE_FAILED',
        reasonOf(error),
      );
      throw error;
    }
  }

  private async rollbackCreate(stackId: string, reason: string): Promise<void> {
    const stack = this.progress.setStatus(stackId, 'ROLLBACK_IN_PROGRESS', reason);
    try {
      await this.deletions.deleteResources(stack, true);
      this.props.store.change(stackId, { outputs: [] });
      this.progress.setStatus(stackId, 'ROLLBACK_COMPLETE');
    } catch (error) {
      this.progress.logFailure(stack, error);
      this.progress.setStatus(stackId, 'ROLLBACK_FAILED', reasonOf(error));
    }
  }

  /** Restores every resource to its record from before the update; what the update made is deleted afterwards. */
  private async rollbackUpdate(stackId: string, reason: string): Promise<void> {
    const { store } = this.props;
    const stack = this.progress.setStatus(stackId, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
    const { previous } = stack;
    if (!previous) throw new Error(`the stack ${stack.name} has no state to go back to`);
    await this.deletions.recoverCreations(stack);
    const before = new Map(previous.resources.map((resource) => [resource.logicalId, resource]));
    try {
      await runInOrder(
        [...before.keys()],
        (logicalId) => before.get(logicalId)?.dependencies ?? [],
        async (logicalId) => {
          const old = before.get(logicalId);
          if (old && !stack.skipped?.includes(logicalId)) await this.restore(stack, old);
        },
      );
    } catch (error) {
      this.progress.logFailure(stack, error);
      this.progress.setStatus(stackId, 'UPDATE_ROLLBACK_FAILED', reasonOf(error));
      return;
    }
    const added = store.resources(stackId).filter(({ logicalId }) => !before.has(logicalId));
    for (const resource of added) {
      if (resource.physicalId !== undefined) this.deletions.add(stackId, leftoverOf(resource));
      store.removeResource(stackId, resource.logicalId);
    }
    const { resources: _resources, ...source } = previous;
    store.change(stackId, source);
    await this.deletions.cleanUp(
      stackId,
      'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'UPDATE_ROLLBACK_COMPLETE',
    );
  }

  private async restore(stack: StackRecord, old: ResourceRecord): Promise<void> {
    const { store, provisioner, principalOf } = this.props;
    const current = store.resource(stack.id, old.logicalId);
    // What the update replaced was going to be deleted; now its replacement is.
    const { leftovers } = store.get(stack.id);
    const rest = leftovers.filter(({ physicalId }) => physicalId !== old.physicalId);
    if (rest.length < leftovers.length) store.change(stack.id, { leftovers: rest });
    if (current?.physicalId !== undefined && current.physicalId !== old.physicalId) {
      this.deletions.add(stack.id, leftoverOf(current));
      store.putResource(old);
      provisioner.announce(stack, old, 'UPDATE_COMPLETE');
      return;
    }
    const touched = current?.status === 'UPDATE_FAILED' || current?.status === 'UPDATE_IN_PROGRESS';
    const isSame =
      isDeepStrictEqual(current?.properties, old.properties) && isDeepStrictEqual(current?.tags, old.tags);
    if (!touched && isSame) {
      store.putResource(old);
      return;
    }
    await provisioner.revert(stack, principalOf(stack), current ?? old, old);
  }
}
