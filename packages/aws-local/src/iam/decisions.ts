// Remembers every decision, summed up: which grants of a role were used, and which calls were denied. `npm run permissions` reads it.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Decision, Question } from './evaluate';

/** `role|policy|statement|action pattern` → number of uses. */
export type Uses = Record<string, number>;

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

export function useKey(role: string, policy: string, statement: number, actionPattern: string): string {
  return `${role}|${policy}|${statement}|${actionPattern}`;
}

/** Reads what earlier runs recorded; nothing when there is no file yet. */
export function readDecisions(file: string): DecisionReport {
  if (!existsSync(file)) return { uses: {}, denials: {} };
  return JSON.parse(readFileSync(file, 'utf8')) as DecisionReport;
}

/** Sums decisions up in memory and writes them every two seconds, so that recording costs a request next to nothing. */
export class DecisionLog {
  private readonly uses: Uses;
  private readonly denials: Record<string, Denial>;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly file: string) {
    const earlier = readDecisions(file);
    this.uses = { ...earlier.uses };
    this.denials = { ...earlier.denials };
  }

  record(question: Question, decision: Decision, now: number): void {
    const role = question.principal.roleArn ?? question.principal.arn;
    if (decision.allowed) {
      for (const match of decision.by) {
        const key = useKey(role, match.policy, match.statement, match.actionPattern);
        this.uses[key] = (this.uses[key] ?? 0) + 1;
      }
    } else {
      const key = `${role}|${question.action}|${question.resource}`;
      this.denials[key] = {
        role,
        action: question.action,
        resource: question.resource,
        reason: decision.reason,
        count: (this.denials[key]?.count ?? 0) + 1,
        last: new Date(now).toISOString(),
      };
    }
    this.timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  /** Everything recorded so far, at this moment. */
  report(): DecisionReport {
    return { uses: { ...this.uses }, denials: { ...this.denials } };
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(`${this.file}.tmp`, JSON.stringify({ uses: this.uses, denials: this.denials }, null, 1));
    renameSync(`${this.file}.tmp`, this.file);
  }
}
