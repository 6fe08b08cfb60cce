// Remembers every decision, summed up: which grants of a role were used, and which calls were denied. `npm run permissions` reads it.
import type { Store, StoreChange, StoredMap } from '@emotion-gallery/local-kit/store';
import type { Decision, Question } from './evaluate';

/** `role|policy|statement|action pattern` → number of uses. */
export type Uses = Readonly<Record<string, number>>;

export interface Denial {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly reason: string;
  readonly count: number;
  readonly last: string;
}

export interface DecisionReport {
  readonly uses: Uses;
  readonly denials: Readonly<Record<string, Denial>>;
}

const FLUSH_MS = 2_000;
const USES = 'permissions/uses';
const DENIALS = 'permissions/denials';

export function useKey(role: string, policy: string, statement: number, actionPattern: string): string {
  return `${role}|${policy}|${statement}|${actionPattern}`;
}

/** What a store that was only read has of decisions. */
export function decisionsIn(maps: (name: string) => ReadonlyMap<string, unknown>): DecisionReport {
  return {
    uses: Object.fromEntries(maps(USES)) as Uses,
    denials: Object.fromEntries(maps(DENIALS)) as DecisionReport['denials'],
  };
}

/** Sums decisions up in memory and writes them every two seconds, so that recording costs a request next to nothing. */
export class DecisionLog {
  private readonly uses: StoredMap<number>;
  private readonly denials: StoredMap<Denial>;
  /** What is not on the disk yet. */
  private readonly newUses = new Map<string, number>();
  private readonly newDenials = new Map<string, Denial>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: Store,
    private readonly log: (line: string) => void,
  ) {
    this.uses = store.map(USES);
    this.denials = store.map(DENIALS);
  }

  record(question: Question, decision: Decision, now: number): void {
    const role = question.principal.roleArn ?? question.principal.arn;
    if (decision.allowed) {
      for (const match of decision.by) {
        const key = useKey(role, match.policy, match.statement, match.actionPattern);
        this.newUses.set(key, (this.newUses.get(key) ?? this.uses.get(key) ?? 0) + 1);
      }
    } else {
      const key = `${role}|${question.action}|${question.resource}`;
      const before = this.newDenials.get(key) ?? this.denials.get(key);
      this.newDenials.set(key, {
        role,
        action: question.action,
        resource: question.resource,
        reason: decision.reason,
        count: (before?.count ?? 0) + 1,
        last: new Date(now).toISOString(),
      });
    }
    this.timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  /** Everything recorded so far, at this moment. */
  report(): DecisionReport {
    return {
      uses: { ...Object.fromEntries(this.uses.entries()), ...Object.fromEntries(this.newUses) },
      denials: { ...Object.fromEntries(this.denials.entries()), ...Object.fromEntries(this.newDenials) },
    };
  }

  close(): void {
    this.flush();
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const changes: StoreChange[] = [
      ...[...this.newUses].map(([key, value]) => ({ map: this.uses, key, value })),
      ...[...this.newDenials].map(([key, value]) => ({ map: this.denials, key, value })),
    ];
    try {
      this.store.commit(changes);
      this.newUses.clear();
      this.newDenials.clear();
    } catch (error) {
      // They stay in memory, and the next flush tries again.
      this.log(`permissions: the decisions could not be written: ${String(error)}`);
    }
  }
}
