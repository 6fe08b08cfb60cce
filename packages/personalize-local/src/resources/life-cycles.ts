// Moves resources from one status to the next. A step belongs to a phase, which is read off the record, so that a restart
// takes every unfinished resource up again where its record says it was.

import type { Cancel, Clock } from '@emotion-gallery/local-kit/clock';
import { DataJobFailed } from '@emotion-gallery/personalize-rules/csv';
import { InvalidData } from '@emotion-gallery/personalize-rules/schemas';
import { TrainingFailed } from '../model/recipe';
import { PersonalizeError } from '../protocol/errors';
import type { AnyRecord, Kind, RecordOf } from '../state/records';
import type { Context } from './context';
import { DELETION_MS, PENDING_MS } from './durations';

/** What a step makes of its record: changed members, or its removal. */
export type Outcome<K extends Kind> = Partial<RecordOf<K>> | 'removed';

export interface Step<K extends Kind> {
  /** Service time until the step is taken. */
  readonly afterMs: number;
  /**
   * For schedules: the wall-clock time (epoch ms) from which `afterMs` is counted, so that a restart does not begin it anew.
   * Default: when the record was looked at.
   */
  readonly since?: number;
  /** Runs in the background; a thrown error fails the resource. Returns undefined to leave the record alone. */
  readonly take: (
    record: RecordOf<K>,
    context: Context,
    signal: AbortSignal,
  ) => Promise<Outcome<K> | undefined> | Outcome<K> | undefined;
  /** Members of a record whose step failed. */
  readonly failed?: (record: RecordOf<K>, reason: string, context: Context) => Partial<RecordOf<K>>;
  /** Called with the new record once it is written. */
  readonly done?: (record: RecordOf<K>, context: Context) => void;
}

export interface LifeCycle<K extends Kind> {
  readonly kind: K;
  /**
   * The step that a record waits for, under a name that changes when the step does; undefined when it is at rest.
   * Depends on nothing but the record.
   */
  readonly next: (record: RecordOf<K>) => { readonly phase: string; readonly step: Step<K> } | undefined;
}

export type AnyLifeCycle = { [K in Kind]: LifeCycle<K> }[Kind];

/** Undone by a change of phase. */
interface Pending {
  readonly phase: string;
  readonly abort: AbortController;
  cancel: Cancel;
}

/** The operation whose work ends with this phase: CreateCampaign for `CREATE IN_PROGRESS` of a campaign. */
function operationBehind(kind: Kind, phase: string): string | undefined {
  const verbs: Readonly<Record<string, string>> = {
    'CREATE IN_PROGRESS': 'Create',
    IN_PROGRESS: 'Create',
    'UPDATE CREATE IN_PROGRESS': 'Update',
  };
  const verb = verbs[phase];
  const name = kind.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return verb && verb + name;
}

/** Reasons that are meant for the customer; anything else is a fault of ours and is reported as such. */
const isCustomerError = (error: unknown): error is Error =>
  [PersonalizeError, TrainingFailed, DataJobFailed, InvalidData].some((type) => error instanceof type);

export class LifeCycles {
  private readonly cycles = new Map<Kind, LifeCycle<Kind>>();
  private readonly pending = new Map<string, Pending>();
  private readonly running = new Set<Promise<void>>();
  private context: Context | undefined;

  constructor(
    private readonly clock: Clock,
    cycles: readonly AnyLifeCycle[],
  ) {
    // Each cycle only ever gets records of its own kind.
    for (const cycle of cycles as unknown as readonly LifeCycle<Kind>[]) this.cycles.set(cycle.kind, cycle);
  }

  /** Takes up every resource that was under way when the service stopped. */
  resume(context: Context): void {
    this.context = context;
    for (const kind of this.cycles.keys()) {
      for (const record of context.store.all(kind)) this.consider(record);
    }
  }

  /** Looks at a record that was just written, and waits for its next step if its phase is new. */
  consider(record: AnyRecord): void {
    const cycle = this.cycles.get(record.kind);
    if (!cycle) return;
    const due = cycle.next(record);
    const pending = this.pending.get(record.arn);
    if (pending && pending.phase === due?.phase) return;
    this.forget(record.arn);
    if (!due) return;
    const { phase, step } = due;
    const next: Pending = { phase, abort: new AbortController(), cancel: () => undefined };
    this.pending.set(record.arn, next);
    next.cancel = this.clock.after(this.remaining(step), () => {
      const run = this.take(cycle, step, record.arn, next)
        // Only the disk can refuse here; every request from then on fails with the same error.
        .catch((error: Error) => this.context?.log(`${record.arn}: ${error.stack ?? error.message}`))
        .finally(() => this.running.delete(run));
      this.running.add(run);
    });
  }

  /** Service time that is left of a step's delay; what fell due while the service was down is due at once. */
  private remaining({ afterMs, since }: Step<Kind>): number {
    if (since === undefined) return afterMs;
    return Math.max(0, afterMs - (this.clock.now() - since) * this.clock.speed);
  }

  /** Stops waiting for a resource, and tells a step that is running. */
  forget(arn: string): void {
    const pending = this.pending.get(arn);
    pending?.cancel();
    pending?.abort.abort();
    this.pending.delete(arn);
  }

  private async take(cycle: LifeCycle<Kind>, step: Step<Kind>, arn: string, pending: Pending): Promise<void> {
    const { context } = this;
    const record = context?.store.get(cycle.kind, arn);
    if (!context || !record || pending.abort.signal.aborted) return;
    const outcome = await this.outcomeOf(cycle.kind, step, record, context, pending);
    // The resource was stopped, deleted or the service closed meanwhile: the result belongs to nobody.
    if (pending.abort.signal.aborted) return;
    this.pending.delete(arn);
    if (outcome === undefined) return;
    if (outcome === 'removed') {
      context.store.commit({ remove: [arn] });
    } else {
      const current = context.store.get(cycle.kind, arn) ?? record;
      const next = { ...current, ...outcome, lastUpdatedDateTime: this.clock.now() } as AnyRecord;
      context.store.commit({ put: [next] });
      this.consider(next);
      step.done?.(next, context);
    }
    await context.store.flushed();
  }

  private async outcomeOf(
    kind: Kind,
    step: Step<Kind>,
    record: AnyRecord,
    context: Context,
    { phase, abort: { signal } }: Pending,
  ): Promise<Outcome<Kind> | undefined> {
    try {
      const operation = operationBehind(kind, phase);
      if (operation) context.faults.applyToOutcome(operation);
      return await step.take(record, context, signal);
    } catch (error) {
      if (!isCustomerError(error) && !signal.aborted) {
        context.log(`${record.arn}: ${(error as Error).stack ?? String(error)}`);
      }
      const reason = isCustomerError(error) ? error.message : `Internal failure: ${String(error)}`;
      return step.failed?.(record, reason, context) ?? { status: 'CREATE FAILED', failureReason: reason };
    }
  }

  /** Resolves when no step runs, those among them that come of others: what has a clock of its own need not look again and again. */
  async rest(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running);
  }

  /** Waits for no timer any more, and until the steps that run have noticed. */
  async close(): Promise<void> {
    for (const arn of [...this.pending.keys()]) this.forget(arn);
    await Promise.allSettled(this.running);
  }
}

export type Steps<K extends Kind> = Readonly<Record<string, Step<K>>>;

/** A life cycle whose phases are the values of `status`, or of what `phase` reads off a record. */
export function lifeCycle<K extends Kind>(
  kind: K,
  steps: Steps<K>,
  phase: (record: RecordOf<K>) => string = (record) => ('status' in record ? record.status : 'ACTIVE'),
): LifeCycle<K> {
  return {
    kind,
    next: (record) => {
      const name = phase(record);
      const step = steps[name];
      return step && { phase: name, step };
    },
  };
}

/** The first half of most life cycles. */
export function creation<K extends Kind>(inProgress: Step<K>): Steps<K> {
  return {
    'CREATE PENDING': {
      afterMs: PENDING_MS,
      take: () => ({ status: 'CREATE IN_PROGRESS' }) as Outcome<K>,
    },
    'CREATE IN_PROGRESS': inProgress,
  };
}

/** The second half: `remove` runs just before the record goes. */
export function deletion<K extends Kind>(
  remove?: (record: RecordOf<K>, context: Context) => Promise<void>,
): Steps<K> {
  return {
    'DELETE PENDING': {
      afterMs: PENDING_MS,
      take: () => ({ status: 'DELETE IN_PROGRESS' }) as Outcome<K>,
    },
    'DELETE IN_PROGRESS': {
      afterMs: DELETION_MS,
      take: async (record, context): Promise<Outcome<K>> => {
        await remove?.(record, context);
        return 'removed';
      },
    },
  };
}
