// A list of checks and what each found: ok, will fail, or unknown when it could not be looked, with what to do.
import type { Result } from './command';
import { textTable } from './table';

export type Outcome = 'ok' | 'fails' | 'unknown';

export interface Finding {
  readonly outcome: Outcome;
  /** What was found, for a person. */
  readonly found: string;
  /** @default - nothing is to be done */
  readonly todo?: string;
}

export interface Check extends Finding {
  readonly name: string;
}

export const ok = (found: string): Finding => ({ outcome: 'ok', found });
export const fails = (found: string, todo: string): Finding => ({ outcome: 'fails', found, todo });
export const unknown = (found: string, todo: string): Finding => ({ outcome: 'unknown', found, todo });

/** What `look` finds. What it throws is no verdict on what was looked at: the check is unknown, with the error. */
export async function check(name: string, look: () => Promise<Finding>): Promise<Check> {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    const { name: kind, message } = error as Error;
    return {
      name,
      ...unknown(`${kind}: ${message}`, 'Look at it by hand, or give this caller the permission.'),
    };
  }
}

/** The result of a command that checks: its exit code is 1 when a check fails. */
export function resultOf(checks: readonly Check[], more: Readonly<Record<string, unknown>> = {}): Result {
  const failed = checks.filter(({ outcome }) => outcome === 'fails');
  const unsure = checks.filter(({ outcome }) => outcome === 'unknown');
  const todo = [...failed, ...unsure].map(({ name, todo = '' }) => `${name}: ${todo}`);
  return {
    text: [
      textTable(
        ['check', 'outcome', 'found'],
        checks.map(({ name, outcome, found }) => [name, outcome, found]),
      ),
      ...(todo.length > 0 ? [todo.join('\n')] : []),
      `${checks.length} checks: ${failed.length} fail, ${unsure.length} unknown.`,
    ].join('\n\n'),
    json: { checks, failed: failed.length, unknown: unsure.length, ...more },
    exitCode: failed.length > 0 ? 1 : 0,
  };
}
