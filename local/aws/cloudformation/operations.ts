// The stack operations: create, update, delete, and the rollbacks; each can be taken up again after the process died in it.
import { isDeepStrictEqual } from 'node:util';
import type { Principal } from '../service';
import { importedNames } from './imports';
import { UnresolvedReference } from './intrinsics';
import { reversed, runInOrder } from './parallel';
import { checkRules, type ReadSsmParameter } from './parameters';
import { leftoverOf, type Provisioner, reasonOf } from './provisioner';
import { type Account, createResolver, includedResources } from './scope';
import type { Leftover, ResourceRecord, StackOutput, StackRecord, StackStatus } from './stack';
import type { StackStore } from './store';
import { dependenciesOf, validationError } from './template';

export interface OperationsProps {
  readonly store: StackStore;
  readonly provisioner: Provisioner;
  readonly account: Account;
  /** The host of the local site: outputs that link to it with https are given with http, which is what it speaks. */
  readonly siteHost: string;
  readonly readSsm: ReadSsmParameter;
  /** The principal that a stack's operations act as. */
  readonly principalOf: (stack: StackRecord) => Principal;
  readonly now: () => number;
  readonly log: (line: string) => void;
}

export class StackOperations {
  constructor(private readonly props: OperationsProps) {}

  /** Creates the resources of a new stack. Never rejects: the outcome is the stack's status. */
  async create(stackId: string): Promise<void> {
    const stack = this.setStatus(stackId, 'CREATE_IN_PROGRESS', 'User Initiated');
    try {
      await this.applyTemplate(stack);
      this.setStatus(stackId, 'CREATE_COMPLETE');
    } catch (error) {
      this.logFailure(stack, error);
      if (stack.disableRollback) {
        this.setStatus(stackId, 'CREATE_FAILED', reasonOf(error));
        return;
      }
      await this.rollbackCreate(stackId, this.failureReason(stackId, error));
    }
  }

  /** Brings a stack to its new template, or back. Never rejects. */
  async update(stackId: string): Promise<void> {
    const stack = this.setStatus(stackId, 'UPDATE_IN_PROGRESS', 'User Initiated');
    try {
      await this.applyTemplate(stack);
      this.noteRemovedResources(stackId);
    } catch (error) {
      this.logFailure(stack, error);
      if (stack.disableRollback) {
        this.setStatus(stackId, 'UPDATE_FAILED', reasonOf(error));
        return;
      }
      await this.rollbackUpdate(stackId, this.failureReason(stackId, error));
      return;
    }
    await this.cleanUp(stackId, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE');
  }

  /** Deletes what is not retained. Never rejects. */
  async delete(stackId: string): Promise<void> {
    const stack = this.setStatus(stackId, 'DELETE_IN_PROGRESS', 'User Initiated');
    try {
      await this.deleteResources(stack, false);
      this.props.store.change(stackId, { deletedAt: this.props.now(), outputs: [] });
      this.setStatus(stackId, 'DELETE_COMPLETE');
    } catch (error) {
      this.logFailure(stack, error);
      this.setStatus(stackId, 'DELETE_FAILED', this.failureReason(stackId, error, 'DELETE_FAILED'));
    }
  }

  /** Takes a failed rollback of an update up again. */
  continueUpdateRollback(stackId: string): Promise<void> {
    return this.rollbackUpdate(stackId, 'User Initiated');
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
        return this.cleanUp(stack.id, stack.status, 'UPDATE_COMPLETE');
      case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS':
        return this.cleanUp(stack.id, stack.status, 'UPDATE_ROLLBACK_COMPLETE');
      case 'DELETE_IN_PROGRESS':
        return this.delete(stack.id);
      default:
    }
  }

  /** Writes down what creations have made that the process did not live to see, so that it is deleted as the rest is. */
  private async recoverCreations(stack: StackRecord): Promise<void> {
    const { store, provisioner, principalOf } = this.props;
    for (const resource of store.resources(stack.id)) {
      try {
        const made = await provisioner.findCreated(stack, principalOf(stack), resource);
        if (!made) continue;
        if (resource.physicalId !== undefined) this.addLeftover(stack.id, made);
        else store.putResource({ ...resource, physicalId: made.physicalId });
      } catch (error) {
        this.logFailure(stack, error);
      }
    }
  }

  private async applyTemplate(stack: StackRecord): Promise<void> {
    const { store, provisioner, account, readSsm, principalOf } = this.props;
    const { resolver, template } = await createResolver(stack, stack, store, account, readSsm);
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
        if (leftover) this.addLeftover(stack.id, leftover);
      },
    );
    this.saveOutputs(stack, template, resolver);
  }

  private resolveProperties(
    stack: StackRecord,
    logicalId: string,
    definition: { readonly Type: string; readonly Properties?: unknown },
    resolve: (value: unknown) => unknown,
  ): Readonly<Record<string, unknown>> {
    try {
      return (resolve(definition.Properties ?? {}) ?? {}) as Readonly<Record<string, unknown>>;
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

  private saveOutputs(
    stack: StackRecord,
    template: Awaited<ReturnType<typeof createResolver>>['template'],
    resolver: Awaited<ReturnType<typeof createResolver>>['resolver'],
  ): void {
    const { store, siteHost } = this.props;
    const outputs: StackOutput[] = [];
    for (const [key, output] of Object.entries(template.Outputs)) {
      if (output.Condition !== undefined && !resolver.condition(output.Condition)) continue;
      const value = resolver.resolve(output.Value);
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      outputs.push({
        key,
        value: text.replaceAll(`https://${siteHost}`, `http://${siteHost}`),
        description: output.Description,
        exportName: output.Export && String(resolver.resolve(output.Export.Name)),
      });
    }
    this.checkExports(stack, outputs);
    store.change(stack.id, { outputs });
  }

  private checkExports(stack: StackRecord, outputs: readonly StackOutput[]): void {
    const names = new Set(outputs.flatMap(({ exportName }) => exportName ?? []));
    for (const other of this.props.store.all()) {
      if (other.id === stack.id || other.status === 'DELETE_COMPLETE') continue;
      const taken = other.outputs.find(({ exportName }) => exportName !== undefined && names.has(exportName));
      if (taken)
        throw validationError(
          `Export with name ${taken.exportName} is already exported by stack ${other.name}.`,
        );
    }
    const before = this.props.store.get(stack.id).outputs.flatMap(({ exportName }) => exportName ?? []);
    this.checkNotImported(
      stack,
      before.filter((name) => !names.has(name)),
    );
  }

  private checkNotImported(stack: StackRecord, names: readonly string[]): void {
    for (const other of this.props.store.all()) {
      if (other.id === stack.id || other.status === 'DELETE_COMPLETE') continue;
      const imported = importedNames(other.template);
      const name = names.find((candidate) => imported.has(candidate));
      if (name) throw validationError(`Export ${name} cannot be deleted as it is in use by ${other.name}`);
    }
  }

  private addLeftover(stackId: string, leftover: Leftover): void {
    const { leftovers } = this.props.store.get(stackId);
    this.props.store.change(stackId, { leftovers: [...leftovers, leftover] });
  }

  /** Resources that the new template no longer has are deleted in the cleanup. */
  private noteRemovedResources(stackId: string): void {
    const { store, provisioner } = this.props;
    const stack = store.get(stackId);
    const kept = new Set(Object.keys(JSON.parse(stack.template).Resources));
    for (const resource of store.resources(stackId)) {
      if (kept.has(resource.logicalId)) continue;
      if (resource.physicalId !== undefined && resource.deletionPolicy.startsWith('Retain')) {
        provisioner.announce(stack, resource, 'DELETE_SKIPPED');
      } else if (resource.physicalId !== undefined) this.addLeftover(stackId, leftoverOf(resource));
      store.removeResource(stackId, resource.logicalId);
    }
  }

  private async cleanUp(stackId: string, during: StackStatus, after: StackStatus): Promise<void> {
    const { store, provisioner, principalOf } = this.props;
    const stack = this.setStatus(stackId, during);
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
          .catch((error: unknown) => this.logFailure(stack, error));
      },
    );
    store.change(stackId, { leftovers: [], previous: undefined, skipped: undefined });
    this.setStatus(stackId, after);
  }

  private async rollbackCreate(stackId: string, reason: string): Promise<void> {
    const stack = this.setStatus(stackId, 'ROLLBACK_IN_PROGRESS', reason);
    try {
      await this.deleteResources(stack, true);
      this.props.store.change(stackId, { outputs: [] });
      this.setStatus(stackId, 'ROLLBACK_COMPLETE');
    } catch (error) {
      this.logFailure(stack, error);
      this.setStatus(stackId, 'ROLLBACK_FAILED', reasonOf(error));
    }
  }

  /** Restores every resource to its record from before the update; what the update made is deleted afterwards. */
  private async rollbackUpdate(stackId: string, reason: string): Promise<void> {
    const { store } = this.props;
    const stack = this.setStatus(stackId, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
    const { previous } = stack;
    if (!previous) throw new Error(`the stack ${stack.name} has no state to go back to`);
    await this.recoverCreations(stack);
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
      this.logFailure(stack, error);
      this.setStatus(stackId, 'UPDATE_ROLLBACK_FAILED', reasonOf(error));
      return;
    }
    const added = store.resources(stackId).filter(({ logicalId }) => !before.has(logicalId));
    for (const resource of added) {
      if (resource.physicalId !== undefined) this.addLeftover(stackId, leftoverOf(resource));
      store.removeResource(stackId, resource.logicalId);
    }
    const { resources: _resources, ...source } = previous;
    store.change(stackId, source);
    await this.cleanUp(stackId, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE');
  }

  private async restore(stack: StackRecord, old: ResourceRecord): Promise<void> {
    const { store, provisioner, principalOf } = this.props;
    const current = store.resource(stack.id, old.logicalId);
    // What the update replaced was going to be deleted; now its replacement is.
    const { leftovers } = store.get(stack.id);
    const rest = leftovers.filter(({ physicalId }) => physicalId !== old.physicalId);
    if (rest.length < leftovers.length) store.change(stack.id, { leftovers: rest });
    if (current?.physicalId !== undefined && current.physicalId !== old.physicalId) {
      this.addLeftover(stack.id, leftoverOf(current));
      store.putResource(old);
      provisioner.announce(stack, old, 'UPDATE_COMPLETE');
      return;
    }
    const touched = current?.status === 'UPDATE_FAILED' || current?.status === 'UPDATE_IN_PROGRESS';
    if (!touched && isDeepStrictEqual(current?.properties, old.properties)) {
      store.putResource(old);
      return;
    }
    await provisioner.revert(stack, principalOf(stack), current ?? old, old);
  }

  private async deleteResources(stack: StackRecord, isRollback: boolean): Promise<void> {
    const { store, provisioner, principalOf } = this.props;
    await this.recoverCreations(stack);
    this.checkNotImported(
      stack,
      stack.outputs.flatMap(({ exportName }) => exportName ?? []),
    );
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
          : resource.deletionPolicy.startsWith('Retain');
        if (resource.physicalId !== undefined && keeps)
          provisioner.announce(stack, resource, 'DELETE_SKIPPED');
        else if (resource.physicalId !== undefined) {
          await provisioner.remove(stack, principalOf(stack), leftoverOf(resource));
        }
        store.removeResource(stack.id, logicalId);
      },
    );
  }

  private setStatus(stackId: string, status: StackStatus, reason?: string): StackRecord {
    const stack = this.props.store.change(stackId, { status, statusReason: reason });
    const record = { logicalId: stack.name, type: 'AWS::CloudFormation::Stack', physicalId: stack.id };
    this.props.provisioner.announce(stack, record, status, reason);
    return stack;
  }

  /** As CloudFormation words it: which resources failed. */
  private failureReason(stackId: string, error: unknown, status?: string): string {
    const failed = this.props.store
      .resources(stackId)
      .filter((resource) => (status ? resource.status === status : resource.status.endsWith('_FAILED')))
      .map(({ logicalId }) => logicalId);
    return failed.length > 0
      ? `The following resource(s) failed: [${failed.join(', ')}]. ${reasonOf(error)}`
      : reasonOf(error);
  }

  private logFailure(stack: StackRecord, error: unknown): void {
    const detail =
      error instanceof UnresolvedReference || !(error instanceof Error) ? reasonOf(error) : error.message;
    this.props.log(`${stack.name}: ${detail}`);
  }
}
