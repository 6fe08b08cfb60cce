// The branches of a Parallel state and the iterations of a Map state: each a branch of its own. The first failure ends the others.
import { innerMachines, type Machine } from '../language/asl';
import { listOf, parseDocument, textOf } from '../language/document';
import { StateFailure, Stopped } from '../language/failure';
import { limit } from '../language/limits';
import type { Branch, BranchScope } from './branch';
import { type BranchRecord, type Children, type EndedBranch, type ItemsRecord, resultOf } from './checkpoint';
import type { EventDraft } from './history';
import type { StateLanguage, Step } from './step';

interface Failed {
  readonly index: number;
  /** A StateFailure, or what does not let the execution go on. */
  readonly thrown: unknown;
}

/** Runs a child to its end. @throws StateFailure, Stopped */
type RunBranch = (scope: BranchScope) => Promise<unknown>;

/** Returns the outputs in order. @throws StateFailure of the first child that failed, Stopped */
export async function runChildren(
  run: RunBranch,
  branch: Branch,
  step: Step,
  language: StateLanguage,
  scope: BranchScope,
): Promise<unknown> {
  const { outcome } = branch.at;
  if (outcome) return resultOf(outcome);
  const family = new Family(run, branch, step, language, scope);
  return step.state.Type === 'Map' ? family.map() : family.parallel();
}

class Family {
  private readonly controller = new AbortController();
  private readonly signal: AbortSignal;
  private readonly machines: readonly Machine[];
  private items: readonly unknown[] = [];
  private failed: Failed | undefined;

  constructor(
    private readonly run: RunBranch,
    private readonly branch: Branch,
    private readonly step: Step,
    private readonly language: StateLanguage,
    private readonly scope: BranchScope,
  ) {
    this.signal = AbortSignal.any([scope.signal, this.controller.signal]);
    this.machines = innerMachines(step.state).map(({ machine }) => machine);
  }

  async parallel(): Promise<unknown> {
    if (!this.branch.at.children) {
      const input = textOf(await this.language.input(this.step));
      this.branch.check();
      const lastEvent = this.branch.nextEventId;
      const count = this.machines.length;
      const records = this.machines.map(
        (_, index) => [this.keyOf(index), { ready: input, lastEvent }] as const,
      );
      this.branch.record(
        { children: { count, started: count, maxConcurrency: 0 } },
        [{ type: 'ParallelStateStarted' }],
        new Map<string, BranchRecord>(records),
      );
    }
    await Promise.all(this.machines.map((_, index) => this.runChild(index)));
    return this.finish(0);
  }

  async map(): Promise<unknown> {
    await (this.branch.at.children ? this.readItems() : this.startMap());
    const { count, maxConcurrency } = this.children;
    const running = this.records().flatMap((record, index) => (record && 'output' in record ? [] : [index]));
    const places = maxConcurrency === 0 ? count : Math.min(maxConcurrency, count);
    // After a restart some places may be free.
    const free = Array.from({ length: Math.max(0, places - running.length) }, () => undefined);
    await Promise.all([...running, ...free].map((index) => this.runIterations(index)));
    // MapIterationSucceeded follows an iteration's last event.
    return this.finish(1);
  }

  private get children(): Children {
    return this.branch.at.children as Children;
  }

  private keyOf(index: number): string {
    return `${this.branch.key}${index}/`;
  }

  private get itemsKey(): string {
    return `${this.branch.key}items`;
  }

  private readItems(): void {
    const record = this.branch.props.journal.items(this.itemsKey) as ItemsRecord;
    this.items = parseDocument(record.items) as unknown[];
  }

  private async startMap(): Promise<void> {
    const { items, maxConcurrency } = await this.language.map(this.step);
    this.items = items;
    const count = items.length;
    const first = maxConcurrency === 0 ? count : Math.min(maxConcurrency, count);
    const inputs: string[] = [];
    for (let index = 0; index < first; index++) inputs.push(await this.inputOf(index));
    this.branch.check();
    const startedEvent = this.branch.nextEventId;
    const records = inputs.map(
      (ready, index) => [this.keyOf(index), { ready, lastEvent: startedEvent + 1 + index }] as const,
    );
    this.branch.record(
      { children: { count, started: first, maxConcurrency }, lastEvent: startedEvent },
      [
        { type: 'MapStateStarted', details: { length: count } },
        ...inputs.map((_, index) => this.iteration('Started', index, startedEvent)),
      ],
      new Map<string, BranchRecord | ItemsRecord>([[this.itemsKey, { items: textOf(items) }], ...records]),
    );
  }

  private async inputOf(index: number): Promise<string> {
    const context = { ...this.step.context, ...this.contextOf(index) };
    return textOf(await this.language.item({ ...this.step, context }, this.items[index]));
  }

  private contextOf(index: number): Readonly<Record<string, unknown>> {
    return { Map: { Item: { Index: index, Value: this.items[index] } } };
  }

  private iteration(what: string, index: number, follows?: number): EventDraft {
    return { type: `MapIteration${what}`, details: { name: this.step.name, index }, follows, isAside: true };
  }

  /** An iteration, and when it is over the next one that waits. */
  private async runIterations(first: number | undefined): Promise<void> {
    let index = first ?? (await this.startNext(undefined));
    while (index !== undefined) {
      await this.runChild(index);
      index = await this.startNext(index);
    }
  }

  private async startNext(after: number | undefined): Promise<number | undefined> {
    const { started: index, count } = this.children;
    if (index >= count || this.signal.aborted || this.branch.props.closing.aborted) return undefined;
    try {
      const ready = await this.inputOf(index);
      // Another iteration may have ended meanwhile and begun with this one.
      if (this.children.started !== index) return this.startNext(after);
      const follows = after === undefined ? undefined : this.record(after)?.lastEvent;
      this.branch.record(
        { children: { ...this.children, started: index + 1 } },
        [this.iteration('Started', index, follows)],
        new Map([[this.keyOf(index), { ready, lastEvent: this.branch.nextEventId }]]),
      );
      return index;
    } catch (thrown) {
      this.fail(index, thrown);
      return undefined;
    }
  }

  private async runChild(index: number): Promise<void> {
    const isMap = this.step.state.Type === 'Map';
    try {
      await this.run({
        key: this.keyOf(index),
        machine: this.machines[isMap ? 0 : index] as Machine,
        signal: this.signal,
        outer: this.branch.at.variables,
        context: isMap ? { ...this.scope.context, ...this.contextOf(index) } : this.scope.context,
        atEnd: isMap ? [this.iteration('Succeeded', index)] : [],
      });
    } catch (thrown) {
      this.fail(index, thrown);
    }
  }

  private fail(index: number, thrown: unknown): void {
    if (thrown instanceof Stopped || this.failed) return;
    this.failed = { index, thrown };
    this.controller.abort();
  }

  private finish(beyond: number): unknown {
    const { failed } = this;
    if (failed && !(failed.thrown instanceof StateFailure)) throw failed.thrown;
    // Stopped from outside: what is on disk is as it was.
    this.branch.check();
    const records = this.records();
    if (failed) throw this.recordFailure(failed, records);
    const result = listOf(records.map((record) => parseDocument((record as EndedBranch).output)));
    limit(this.step.name, result);
    const lastEvent = Math.max(
      this.branch.at.lastEvent,
      ...records.map((one) => (one?.lastEvent ?? 0) + beyond),
    );
    this.branch.record(
      { outcome: { result: textOf(result) }, children: undefined, lastEvent },
      [{ type: `${this.step.state.Type}StateSucceeded`, follows: lastEvent, isAside: true }],
      this.removals(),
    );
    return result;
  }

  private recordFailure(
    { index, thrown }: Failed,
    records: readonly (BranchRecord | undefined)[],
  ): StateFailure {
    const lastEvent = records[index]?.lastEvent ?? this.branch.at.lastEvent;
    const isMap = this.step.state.Type === 'Map';
    const events: EventDraft[] = isMap ? [this.iteration('Failed', index, lastEvent)] : [];
    for (const [other, record] of records.entries()) {
      if (other === index || !record || 'output' in record) continue;
      if (isMap) events.push(this.iteration('Aborted', other, lastEvent));
      const type = 'state' in record && this.machines[isMap ? 0 : other]?.States[record.state]?.Type;
      if (type && ['Task', 'Wait', 'Map', 'Parallel'].includes(type))
        events.push({ type: `${type}StateAborted`, follows: lastEvent, isAside: true });
    }
    const failure = thrown as StateFailure;
    const { error, reason: cause } = failure;
    this.branch.record(
      { outcome: { failure: { error, cause } }, children: undefined, lastEvent },
      events,
      this.removals(),
    );
    return failure;
  }

  private record(index: number): BranchRecord | undefined {
    return this.branch.props.journal.branch(this.keyOf(index));
  }

  private records(): (BranchRecord | undefined)[] {
    return Array.from({ length: this.children.started }, (_, index) => this.record(index));
  }

  private removals(): ReadonlyMap<string, undefined> {
    return new Map(this.branch.props.journal.below(this.branch.key).map((key) => [key, undefined]));
  }
}
