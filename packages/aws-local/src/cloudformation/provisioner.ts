// Brings single resources into the state that a template asks for, and writes down and announces every step.
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Principal } from '../service';
import { nameGenerator } from './names';
import {
  CreationFailed,
  type ProviderContext,
  type ProvisionedResource,
  type ResourceProvider,
  reasonOf,
} from './provider';
import { propertyProblems, replacementFor } from './registry/registry';
import type { Attempt, Leftover, ResourceRecord, StackRecord, Tag } from './stack';
import type { StackStore } from './store';
import { changeTags, effectiveTags, untagged } from './tags';
import { type TemplateResource, validationError } from './template';

/** Makes the context of one resource's provider. */
export type ContextFactory = (
  stack: StackRecord,
  principal: Principal,
  resource: Pick<ProviderContext, 'logicalId' | 'type' | 'generateName' | 'startedAt' | 'token'>,
) => ProviderContext;

export interface ProvisionerProps {
  readonly store: StackStore;
  readonly providerFor: (type: string) => ResourceProvider | undefined;
  readonly contextFor: ContextFactory;
  readonly now: () => number;
}

export class Provisioner {
  constructor(private readonly props: ProvisionerProps) {}

  /** Creates, updates, replaces or leaves a resource; returns what is to be deleted at the end. Throws when it cannot be done. */
  async apply(
    stack: StackRecord,
    principal: Principal,
    logicalId: string,
    definition: TemplateResource,
    properties: Readonly<Record<string, unknown>>,
    dependencies: readonly string[],
  ): Promise<Leftover | undefined> {
    const wanted = this.wantedRecord(stack, logicalId, definition, properties, dependencies);
    const existing = this.props.store.resource(stack.id, logicalId);
    if (existing?.physicalId === undefined || existing.status === 'CREATE_FAILED') {
      if (existing?.physicalId !== undefined) await this.remove(stack, principal, leftoverOf(existing));
      await this.create(stack, principal, wanted);
      return undefined;
    }
    if (isDeepStrictEqual(existing.properties, properties) && isDeepStrictEqual(existing.tags, wanted.tags)) {
      const { physicalId, attributes, status, updatedAt } = existing;
      this.props.store.putResource({ ...wanted, physicalId, attributes, status, updatedAt });
      return undefined;
    }
    const provider = this.provider(wanted.type);
    const onlyTags = isDeepStrictEqual(
      untagged(provider.tags, existing.properties),
      untagged(provider.tags, properties),
    );
    const replaces =
      !onlyTags &&
      (!provider.update || replacementFor(wanted.type, existing.properties, properties) === 'replace');
    return replaces
      ? this.replace(stack, principal, existing, wanted)
      : this.update(stack, principal, existing, wanted);
  }

  /** Puts a resource back to the properties of an older record, in place. Throws when that fails. */
  async revert(
    stack: StackRecord,
    principal: Principal,
    current: ResourceRecord,
    old: ResourceRecord,
  ): Promise<void> {
    const { attempt } = current;
    this.save(stack, { ...old, status: 'UPDATE_IN_PROGRESS', attempt });
    try {
      const context = this.context(stack, principal, old.logicalId, old.type);
      // An update that failed may have been half done.
      const half = attempt?.isUpdate ? attempt.properties : current.properties;
      const made = await this.change(old, { ...current, properties: half }, context);
      this.save(stack, this.provisioned(old, made, 'UPDATE_COMPLETE'));
    } catch (error) {
      this.save(stack, { ...current, status: 'UPDATE_FAILED', statusReason: reasonOf(error) });
      throw error;
    }
  }

  /** What an interrupted operation made, to be deleted; undefined when it made nothing that is known of. */
  async findCreated(
    stack: StackRecord,
    principal: Principal,
    resource: ResourceRecord,
  ): Promise<Leftover | undefined> {
    const { attempt, logicalId, type } = resource;
    if (attempt === undefined) return undefined;
    const { token, properties, before, isUpdate } = attempt;
    const context = this.context(stack, principal, logicalId, type, token);
    const provider = this.provider(type);
    const mayHaveReplaced = provider.replacesItself && resource.status === 'UPDATE_IN_PROGRESS';
    if (isUpdate && !mayHaveReplaced) return undefined;
    const physicalId = await (provider.lookUp ?? provider.recover)?.(
      untagged(provider.tags, properties),
      context,
    );
    if (physicalId === undefined || physicalId === before || physicalId === resource.physicalId)
      return undefined;
    return { ...leftoverOf(resource), physicalId, properties };
  }

  /** Reads attributes anew that name an address of this process; tells whether one was another when the resource was made. */
  async refreshAddresses(stack: StackRecord, principal: Principal): Promise<boolean> {
    let isChanged = false;
    for (const resource of this.props.store.resources(stack.id)) {
      const { logicalId, type, physicalId } = resource;
      const provider = this.props.providerFor(type);
      if (physicalId === undefined || !provider?.attributesNow) continue;
      const context = this.context(stack, principal, logicalId, type);
      const attributes = await provider.attributesNow(physicalId, context);
      if (!attributes || isDeepStrictEqual(attributes, resource.attributes)) continue;
      this.props.store.putResource({ ...resource, attributes });
      isChanged = true;
    }
    return isChanged;
  }

  /** Throws when the resource cannot be deleted. */
  async remove(stack: StackRecord, principal: Principal, leftover: Leftover): Promise<void> {
    const { logicalId, type, physicalId, properties } = leftover;
    const record = { logicalId, type, physicalId, properties };
    this.announce(stack, record, 'DELETE_IN_PROGRESS');
    try {
      await this.provider(type).delete(
        physicalId,
        properties,
        this.context(stack, principal, logicalId, type),
      );
    } catch (error) {
      this.announce(stack, record, 'DELETE_FAILED', reasonOf(error));
      throw error;
    }
    this.announce(stack, record, 'DELETE_COMPLETE');
  }

  announce(
    stack: StackRecord,
    resource: Pick<ResourceRecord, 'logicalId' | 'type' | 'physicalId'> &
      Partial<Pick<ResourceRecord, 'properties'>>,
    status: string,
    reason?: string,
  ): void {
    this.props.store.addEvent({
      id: randomUUID(),
      stackId: stack.id,
      stackName: stack.name,
      logicalId: resource.logicalId,
      physicalId: resource.physicalId ?? '',
      type: resource.type,
      status,
      reason,
      properties: resource.properties && JSON.stringify(resource.properties),
      time: this.props.now(),
    });
  }

  private wantedRecord(
    stack: StackRecord,
    logicalId: string,
    definition: TemplateResource,
    properties: Readonly<Record<string, unknown>>,
    dependencies: readonly string[],
  ): ResourceRecord {
    return {
      stackId: stack.id,
      logicalId,
      type: definition.Type,
      properties,
      attributes: {},
      status: 'CREATE_IN_PROGRESS',
      updatedAt: this.props.now(),
      ...(this.provider(definition.Type).tags && { tags: effectiveTags(properties, stack.tags) }),
      deletionPolicy: definition.DeletionPolicy ?? 'Delete',
      updateReplacePolicy: definition.UpdateReplacePolicy ?? 'Delete',
      metadata: definition.Metadata,
      dependencies,
    };
  }

  private async create(stack: StackRecord, principal: Principal, wanted: ResourceRecord): Promise<void> {
    const record = { ...wanted, status: 'CREATE_IN_PROGRESS' };
    const context = this.context(stack, principal, wanted.logicalId, wanted.type);
    this.save(stack, record);
    let attempt: Attempt | undefined;
    try {
      this.checkProperties(wanted);
      attempt = await this.begin(record, wanted, context);
      const made = await this.make(wanted, context);
      const { physicalId } = made;
      this.announce(stack, { ...record, physicalId }, 'CREATE_IN_PROGRESS', 'Resource creation Initiated');
      this.save(stack, this.provisioned(wanted, made, 'CREATE_COMPLETE'), made.note);
    } catch (error) {
      const left = error instanceof CreationFailed ? { physicalId: error.physicalId } : { attempt };
      this.save(stack, { ...wanted, ...left, status: 'CREATE_FAILED', statusReason: reasonOf(error) });
      throw error;
    }
  }

  private async update(
    stack: StackRecord,
    principal: Principal,
    existing: ResourceRecord,
    wanted: ResourceRecord,
  ): Promise<Leftover | undefined> {
    const { physicalId = '' } = existing;
    const record = { ...existing, status: 'UPDATE_IN_PROGRESS', updatedAt: this.props.now() };
    this.save(stack, record);
    let attempt: Attempt | undefined;
    try {
      this.checkProperties(wanted);
      const context = this.context(stack, principal, wanted.logicalId, wanted.type);
      attempt = { token: context.token, properties: wanted.properties, isUpdate: true };
      this.props.store.putResource({ ...record, attempt });
      const made = await this.change(wanted, existing, context);
      this.save(stack, this.provisioned(wanted, made, 'UPDATE_COMPLETE'), made.note);
      // A custom resource replaces itself by answering with another physical id.
      const isSame = made.physicalId === physicalId;
      return isSame || wanted.updateReplacePolicy !== 'Delete' ? undefined : leftoverOf(existing);
    } catch (error) {
      this.save(stack, { ...existing, status: 'UPDATE_FAILED', statusReason: reasonOf(error), attempt });
      throw error;
    }
  }

  private async replace(
    stack: StackRecord,
    principal: Principal,
    existing: ResourceRecord,
    wanted: ResourceRecord,
  ): Promise<Leftover | undefined> {
    const notice = 'Requested update requires the creation of a new physical resource; hence creating one.';
    const context = this.context(stack, principal, wanted.logicalId, wanted.type);
    const record = { ...existing, status: 'UPDATE_IN_PROGRESS', updatedAt: this.props.now() };
    this.save(stack, record, notice);
    let attempt: Attempt | undefined;
    try {
      this.checkProperties(wanted);
      attempt = await this.begin(record, wanted, context);
      const made = await this.make(wanted, context);
      this.save(stack, this.provisioned(wanted, made, 'UPDATE_COMPLETE'), made.note);
    } catch (error) {
      this.save(stack, { ...existing, status: 'UPDATE_FAILED', statusReason: reasonOf(error), attempt });
      throw error;
    }
    return wanted.updateReplacePolicy === 'Delete' ? leftoverOf(existing) : undefined;
  }

  /** Writes down what an operation is about to make. Throws when it would take over what is there already. */
  private async begin(
    record: ResourceRecord,
    { type, properties }: ResourceRecord,
    context: ProviderContext,
  ): Promise<Attempt> {
    const { lookUp, mustBeNew, tags } = this.provider(type);
    const before = await lookUp?.(untagged(tags, properties), context);
    if (before !== undefined && mustBeNew) {
      throw validationError(`Resource of type '${type}' with identifier '${before}' already exists.`);
    }
    const attempt = { token: context.token, properties, before };
    this.props.store.putResource({ ...record, attempt });
    return attempt;
  }

  /** Makes a resource and puts its tags on it. */
  private async make(wanted: ResourceRecord, context: ProviderContext): Promise<ProvisionedResource> {
    const provider = this.provider(wanted.type);
    const made = await provider.create(untagged(provider.tags, wanted.properties), context);
    try {
      await this.tag(wanted, made, [], context);
    } catch (error) {
      throw new CreationFailed(reasonOf(error), made.physicalId);
    }
    return made;
  }

  /** Changes a resource in place: its properties if they differ, and its tags. */
  private async change(
    wanted: ResourceRecord,
    current: ResourceRecord,
    context: ProviderContext,
  ): Promise<ProvisionedResource> {
    const provider = this.provider(wanted.type);
    const [after, before] = [wanted, current].map(({ properties }) => untagged(provider.tags, properties));
    const { physicalId = '', attributes } = current;
    let made: ProvisionedResource = { physicalId, attributes };
    if (after && before && !isDeepStrictEqual(after, before)) {
      if (!provider.update) throw new Error(`${wanted.type} cannot be updated in place`);
      made = await provider.update(physicalId, after, before, context);
    }
    await this.tag(wanted, made, current.tags ?? [], context);
    return made;
  }

  private async tag(
    { type, properties, tags = [] }: ResourceRecord,
    made: ProvisionedResource,
    from: readonly Tag[],
    context: ProviderContext,
  ): Promise<void> {
    const { tags: calls } = this.provider(type);
    if (calls) await changeTags(calls, made, properties, { from, to: tags }, context);
  }

  private provisioned(wanted: ResourceRecord, made: ProvisionedResource, status: string): ResourceRecord {
    const { physicalId, attributes } = made;
    return { ...wanted, physicalId, attributes, status, updatedAt: this.props.now() };
  }

  private save(stack: StackRecord, record: ResourceRecord, note?: string): void {
    this.props.store.putResource(record);
    this.announce(stack, record, record.status, record.statusReason ?? note);
  }

  private provider(type: string): ResourceProvider {
    const provider = this.props.providerFor(type);
    if (!provider) throw validationError(`Resource type ${type} is not supported on localhost.`);
    return provider;
  }

  private checkProperties(wanted: ResourceRecord): void {
    const problems = propertyProblems(wanted.type, wanted.properties);
    const { properties: carriedOut, tags } = this.provider(wanted.type);
    const ignored = Object.keys(wanted.properties).filter(
      (name) => carriedOut[0] !== '*' && !carriedOut.includes(name) && !(name === 'Tags' && tags),
    );
    if (problems.length === 0 && ignored.length > 0) {
      problems.push(`the property ${ignored.join(', ')} of ${wanted.type} is not supported on localhost`);
    }
    if (problems.length > 0)
      throw validationError(`Properties validation failed for ${wanted.logicalId}: ${problems.join('; ')}`);
  }

  private context(
    stack: StackRecord,
    principal: Principal,
    logicalId: string,
    type: string,
    token: string = randomUUID(),
  ): ProviderContext {
    const startedAt = stack.updatedAt ?? stack.createdAt;
    const generateName = nameGenerator(stack, logicalId, startedAt);
    return this.props.contextFor(stack, principal, { logicalId, type, generateName, startedAt, token });
  }
}

export function leftoverOf(resource: ResourceRecord): Leftover {
  const { logicalId, type, physicalId = '', properties, dependencies } = resource;
  return { logicalId, type, physicalId, properties, dependencies };
}
