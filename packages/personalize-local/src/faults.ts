// Faults on request, for testing clients: rules such as `PutEvents:throttle:0.2` (a share of the requests) or
// `CreateCampaign:500:#3` (the next three), `*` for every operation. `CreateCampaign:fail:#1` accepts the request, and what it
// makes ends in the status CREATE FAILED, as a training does that the service gives up.
import { PersonalizeError } from './protocol/errors';

const KINDS = ['throttle', '500', 'latency', 'drop', 'fail'] as const;
const DEFAULT_LATENCY_MS = 1000;
const ASKED_FOR = 'A fault was asked for.';

export type FaultKind = (typeof KINDS)[number];

interface Rule {
  readonly operation: string;
  readonly kind: FaultKind;
  /** A share of the requests, from 0 to 1. */
  readonly share?: number;
  /** How many more requests are hit. */
  remaining?: number;
  readonly latencyMs: number;
}

/** Ends a request without an answer. */
export class DropConnection extends Error {
  override readonly name = 'DropConnection';
}

function parseRule(text: string): Rule {
  const [operation = '', kind = '', amount = '', latency] = text.split(':');
  const fail = (what: string) =>
    new Error(
      `bad fault rule '${text}': ${what}; expected Operation:kind:amount, for example PutEvents:throttle:0.2`,
    );
  if (operation === '') throw fail('no operation');
  if (!KINDS.includes(kind as FaultKind)) throw fail(`kind must be one of ${KINDS.join(', ')}`);
  const latencyMs = latency === undefined ? DEFAULT_LATENCY_MS : Number(latency);
  if (!(latencyMs >= 0)) throw fail('the latency must be a number of milliseconds');
  const base = { operation, kind: kind as FaultKind, latencyMs };
  if (amount.startsWith('#')) {
    const remaining = Number(amount.slice(1));
    if (!Number.isInteger(remaining) || remaining < 1) throw fail('a count is # and a whole number from 1');
    return { ...base, remaining };
  }
  const share = Number(amount);
  if (amount === '' || !(share >= 0 && share <= 1)) throw fail('a share is a number from 0 to 1');
  return { ...base, share };
}

export class Faults {
  private rules: Rule[] = [];

  /** @throws Error naming the rule that is wrong */
  constructor(
    rules: readonly string[],
    private readonly random: () => number = Math.random,
  ) {
    this.set(rules);
  }

  /** Replaces all rules; none of them if one is wrong. @throws Error naming the rule that is wrong */
  set(rules: readonly string[]): void {
    this.rules = rules.map(parseRule);
  }

  /** To a request. @throws PersonalizeError ThrottlingException or InternalFailure; DropConnection */
  async apply(operation: string): Promise<void> {
    for (const rule of this.rules) {
      if (rule.kind === 'fail' || !this.hits(rule, operation)) continue;
      if (rule.kind === 'throttle') throw new PersonalizeError('ThrottlingException', 'Rate exceeded');
      if (rule.kind === '500') throw new PersonalizeError('InternalFailure', ASKED_FOR);
      if (rule.kind === 'drop') throw new DropConnection(`a fault rule drops ${operation}`);
      await new Promise((resolve) => setTimeout(resolve, rule.latencyMs));
    }
  }

  /** To what an accepted request makes, when it is all but made. @throws PersonalizeError whose message is the failure's reason */
  applyToOutcome(operation: string): void {
    if (this.rules.some((rule) => rule.kind === 'fail' && this.hits(rule, operation))) {
      throw new PersonalizeError('InternalFailure', ASKED_FOR);
    }
  }

  private hits(rule: Rule, operation: string): boolean {
    if (rule.operation !== '*' && rule.operation !== operation) return false;
    if (rule.remaining === undefined) return this.random() < (rule.share ?? 0);
    if (rule.remaining === 0) return false;
    rule.remaining--;
    return true;
  }
}
