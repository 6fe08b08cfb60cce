// Stacks on disk. Every step of an operation is written down before the next one begins, so that a restart finds where it was. A template
// is kept once: records have its hash instead.
import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Store, StoredMap } from '@emotion-gallery/local-kit/store';
import { AwsError } from '../service';
import {
  type ChangeSetRecord,
  isAlive,
  isInProgress,
  type ResourceRecord,
  type StackEvent,
  type StackRecord,
  type StackSource,
} from './stack';
import { validationError } from './template';

/** Events of stacks, and deleted stacks, are shown for 90 days (User Guide, "View stack events"; API reference, ListStacks). */
const KEPT_MS = 90 * 86_400_000;

const resourceKey = (stackId: string, logicalId: string) => `${stackId}|${logicalId}`;

const hashOf = (template: string) => `sha256:${createHash('sha256').update(template).digest('hex')}`;

/** The longest that a timer can wait. */
const MOST_MS = 2 ** 31 - 1;

export class StackStore {
  private readonly stacks: StoredMap<StackRecord>;
  private readonly resourceMap: StoredMap<ResourceRecord>;
  private readonly eventMap: StoredMap<StackEvent>;
  private readonly changeSets: StoredMap<ChangeSetRecord>;
  /** By hash. */
  private readonly templates: StoredMap<string>;
  private lastEventAt = 0;
  private readonly changed = new EventEmitter().setMaxListeners(0);

  constructor(store: Store) {
    this.stacks = store.map(
      'cloudformation/stacks',
      ({ deletedAt = Number.POSITIVE_INFINITY }) => deletedAt + KEPT_MS,
    );
    this.resourceMap = store.map('cloudformation/resources');
    this.eventMap = store.map('cloudformation/events', ({ time }) => time + KEPT_MS);
    this.changeSets = store.map('cloudformation/change-sets');
    this.templates = store.map('cloudformation/templates');
  }

  /** By id, or by name among the stacks that are not deleted. */
  find(nameOrId: string): StackRecord | undefined {
    const isMeant = nameOrId.startsWith('arn:')
      ? ({ id }: StackRecord) => id === nameOrId
      : ({ name, status }: StackRecord) => name === nameOrId && isAlive(status);
    return this.all().find(isMeant);
  }

  /** Throws ValidationError, worded as the CDK CLI expects it. */
  get(nameOrId: string): StackRecord {
    const stack = this.find(nameOrId);
    if (!stack) throw validationError(`Stack with id ${nameOrId} does not exist`);
    return stack;
  }

  all(): readonly StackRecord[] {
    return [...this.stacks.values()].map((stack) => ({
      ...this.withTemplate(stack),
      ...(stack.previous && { previous: this.withTemplate(stack.previous) }),
    }));
  }

  put(stack: StackRecord): StackRecord {
    this.stacks.put(stack.id, {
      ...this.withHash(stack),
      ...(stack.previous && { previous: this.withHash(stack.previous) }),
    });
    if (!isInProgress(stack.status)) this.dropTemplates();
    this.changed.emit(stack.id);
    return stack;
  }

  change(stackId: string, changes: Partial<StackRecord>): StackRecord {
    return this.put({ ...this.get(stackId), ...changes });
  }

  /** Waits until no operation runs on the stack, or the time is over; the CDK CLI asks again only after five seconds. */
  async settled(stackId: string, timeoutMs: number): Promise<StackRecord> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const stack = this.get(stackId);
      const left = deadline - Date.now();
      if (!isInProgress(stack.status) || left <= 0) return stack;
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.changed.off(stackId, done);
          resolve();
        };
        const timer = setTimeout(done, left).unref();
        this.changed.on(stackId, done);
      });
    }
  }

  /** Resolves when no operation runs on the stack. */
  async ended(stackId: string): Promise<void> {
    for (;;) {
      const stack = await this.settled(stackId, MOST_MS);
      if (!isInProgress(stack.status)) return;
    }
  }

  resources(stackId: string): ResourceRecord[] {
    const prefix = `${stackId}|`;
    return [...this.resourceMap.keys()]
      .filter((key) => key.startsWith(prefix))
      .flatMap((key) => this.resourceMap.get(key) ?? []);
  }

  resource(stackId: string, logicalId: string): ResourceRecord | undefined {
    return this.resourceMap.get(resourceKey(stackId, logicalId));
  }

  putResource(resource: ResourceRecord): void {
    this.resourceMap.put(resourceKey(resource.stackId, resource.logicalId), resource);
  }

  removeResource(stackId: string, logicalId: string): void {
    this.resourceMap.delete(resourceKey(stackId, logicalId));
  }

  /** Each event has a time of its own, so that who sorts by it has them as they came. */
  addEvent(event: StackEvent): void {
    const time = Math.max(event.time, this.lastEventAt + 1);
    this.lastEventAt = time;
    this.eventMap.put(event.id, { ...event, time });
  }

  /** Newest first. */
  events(stackId: string): StackEvent[] {
    return [...this.eventMap.values()].filter((event) => event.stackId === stackId).reverse();
  }

  putChangeSet(changeSet: ChangeSetRecord): void {
    this.changeSets.put(changeSet.id, this.withHash(changeSet));
  }

  changeSetsOf(stackId: string): ChangeSetRecord[] {
    return [...this.changeSets.values()]
      .filter((changeSet) => changeSet.stackId === stackId)
      .map((changeSet) => this.withTemplate(changeSet));
  }

  /** By id, or by name within a stack. Throws ChangeSetNotFound. */
  changeSet(nameOrId: string, stack?: string): ChangeSetRecord {
    const byId = this.changeSets.get(nameOrId);
    if (byId) return this.withTemplate(byId);
    const stackId = stack === undefined ? undefined : this.get(stack).id;
    const found = stackId && this.changeSetsOf(stackId).find(({ name }) => name === nameOrId);
    if (!found) throw new AwsError('ChangeSetNotFound', `ChangeSet [${nameOrId}] does not exist`, 404);
    return found;
  }

  removeChangeSet(id: string): void {
    this.changeSets.delete(id);
  }

  private withHash<S extends StackSource>(source: S): S {
    if (source.template === '') return source;
    const hash = hashOf(source.template);
    if (!this.templates.has(hash)) this.templates.put(hash, source.template);
    return { ...source, template: hash };
  }

  /** Records of an earlier version have their template in them. */
  private withTemplate<S extends StackSource>(source: S): S {
    return { ...source, template: this.templates.get(source.template) ?? source.template };
  }

  private dropTemplates(): void {
    const stacks = [...this.stacks.values()];
    const sources = [
      ...stacks,
      ...stacks.flatMap(({ previous = [] }) => previous),
      ...this.changeSets.values(),
    ];
    const used = new Set(sources.map(({ template }) => template));
    const unused = [...this.templates.keys()].filter((hash) => !used.has(hash));
    this.templates.commit(unused.map((key) => ({ key, removed: true })));
  }
}
